"""The treatment room: start the record of a visit, its steps, sign it, read it, correct it."""

import zlib
from collections.abc import Callable
from dataclasses import dataclass

from django.contrib import messages
from django.http import JsonResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.template.loader import render_to_string
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from clinic import clock
from clinic.fresh import check_fresh
from clinic.refusals import Refusal
from clinic.words import day_date
from patients.forms.base import refuse
from planner import records, signing
from planner.engine.outcomes import is_due
from planner.forms.conflict import Conflict, conflicts, settled
from planner.forms.session import AmendForm, CloseForm, FinishForm, NumbingForm, StartForm, StepForm
from planner.forms.treatment import Copied, TreatmentForm
from planner.models import Photo, TreatmentCourse, TreatmentSession
from planner.queries import sessions as queries
from planner.queries.body import body_of
from planner.queries.photos import access_to, photos_of, tiles_of
from planner.queries.record import limits_passed, planned_in
from planner.queries.session_pages import RecordPage, live_of, review_after
from planner.queries.takeovers import keeps_another, takeovers_of


@dataclass(frozen=True)
class Step:
    """One step of the record: its form and the command that saves it."""

    name: str
    form: type[StepForm]
    save: Callable

    @property
    def template(self) -> str:
        """The page of the step."""
        return f"sessions/{self.name}.html"


NUMBING = Step("numbing", NumbingForm, records.save_numbing)
TREATMENT = Step("treatment", TreatmentForm, records.save_treatment)
FINISH = Step("finish", FinishForm, records.save_finish)


@require_http_methods(["GET", "HEAD", "POST"])
def session_start(request, pk):
    """The checks before a record; with a record, the step it is at."""
    visit = get_object_or_404(queries.visit_rows(request.user.location), pk=pk)
    if hasattr(visit, "session"):
        return redirect(queries.url_of(visit.session))
    form, status = StartForm(request.POST or None), 200
    if request.method == "POST" and form.is_valid():
        try:
            session = records.start_session(visit, **form.cleaned_data, by=request.user)
            return redirect("session_numbing", session.pk)
        except Refusal as refusal:
            status = refuse(form, refusal)
    context = {
        "page": queries.StartPage(visit, clock.now()),
        "rail": queries.Room(visit, None, "screen").rail,
        "visit": visit,
        "form": form,
    }
    return render(request, "sessions/start.html", context, status=status)


@require_http_methods(["GET", "HEAD", "POST"])
def session_numbing(request, pk):
    """Cream, lot, amount, on and off."""
    return _step(request, pk, NUMBING)


@require_http_methods(["GET", "HEAD", "POST"])
def session_treatment(request, pk):
    """Device, cartridge, gel; depth and passes of each area; needling times."""
    return _step(request, pk, TREATMENT)


@require_http_methods(["GET", "HEAD", "POST"])
def session_finish(request, pk):
    """Pain, reaction, fit to leave, notes, and the signature."""
    return _step(request, pk, FINISH)


@require_http_methods(["GET", "HEAD", "POST"])
def session_sign(request, pk):
    """Save the last step as it was sent, check the password, sign, give the sheet."""
    session = _record(request, pk)
    if session.signed_at:
        return _signed_page(session)
    if request.method != "POST":
        return redirect("session_finish", pk)
    now = clock.now()
    data = settled(request.POST, lambda: FinishForm(session=session, now=now))
    form = FinishForm(data, session=session, now=now)
    status = 422
    if form.is_valid():
        try:
            saved = records.save_finish(
                session, version=form.cleaned_data["version"], by=request.user, at=now, **form.values()
            )
            form.data = form.data.copy()
            form.data["version"] = saved.version
            check_fresh(request, form.cleaned_data["password"])
            language = form.cleaned_data["language"]
            signed = signing.sign_session(
                saved, version=saved.version, fresh=True, language=language, by=request.user
            )
            messages.success(request, _signed_words(signed))
            return redirect("sheet_detail", signed.sheet.pk)
        except Refusal as refusal:
            done = _record(request, pk)
            if done.signed_at:
                return _signed_page(done)
            session, status = done, refuse(form, refusal)
    return _page(request, session, FINISH, form, status)


@require_safe
def session_detail(request, pk):
    """The signed record, to read and to print; an open one is opened at its step."""
    session = _record(request, pk)
    if not session.signed_at:
        return redirect(queries.url_of(session))
    return render(request, "sessions/detail.html", _detail(request, session, AmendForm()))


@require_http_methods(["GET", "HEAD", "POST"])
def session_close(request, pk):
    """End a record in which nothing was needled, with the reason."""
    session = _record(request, pk)
    if session.signed_at:
        return redirect("session_detail", pk)
    form, status = CloseForm(request.POST or None, initial={"version": session.version}), 200
    if request.method == "POST":
        status = 422
        if form.is_valid():
            try:
                check_fresh(request, form.cleaned_data["password"])
                values = {name: form.cleaned_data[name] for name in ("version", "reason")}
                signing.close_untreated(session, **values, fresh=True, by=request.user)
                messages.success(request, "The record is closed. Nothing was done.")
                return redirect("session_detail", pk)
            except Refusal as refusal:
                status = refuse(form, refusal)
    context = {"session": session, "visit": session.appointment, "form": form}
    return render(request, "sessions/close.html", context, status=status)


def _signed_words(session: TreatmentSession) -> str:
    """What is said after signing; after the last visit of a course, also from when its review is."""
    said = "The record is signed. This is the aftercare sheet."
    if session.appointment.course.status != TreatmentCourse.Status.COMPLETED:
        return said
    return f"{said} The course is complete: its review is from {day_date(review_after(session))} on; plan it."


def _signed_page(session: TreatmentSession):
    """The sheet of a signed record; the record itself where nothing was done."""
    if hasattr(session, "sheet"):
        return redirect("sheet_detail", session.sheet.pk)
    return redirect("session_detail", session.pk)


@require_POST
def session_amend(request, pk):
    """Add a dated correction, with the password."""
    session, form, status = _record(request, pk), AmendForm(request.POST), 422
    if not session.signed_at:  # an open record is changed directly
        return redirect("session_start", session.appointment_id)
    if form.is_valid():
        try:
            check_fresh(request, form.cleaned_data["password"])
            signing.amend_session(session, text=form.cleaned_data["text"], fresh=True, by=request.user)
            messages.success(request, "The correction is added.")
            return redirect("session_detail", pk)
        except Refusal as refusal:
            status = refuse(form, refusal)
    return render(request, "sessions/detail.html", _detail(request, session, form), status=status)


def _step(request, pk: int, step: Step):
    now = clock.now()
    rows = queries.step_rows if _wants_json(request) else queries.record_rows
    session = get_object_or_404(rows(request.user.location), pk=pk)
    if request.method != "POST":
        if session.signed_at:
            return redirect("session_detail", pk)
        if keeps_another(session, request.user):
            return redirect("session_take", pk)
        return _page(request, session, step, step.form(session=session, now=now), 200)
    status = 422
    try:
        data, copied = _sent(request, session, step, now)
        data = settled(data, lambda: step.form(session=session, now=now))
    except Refusal as refusal:
        form = step.form(request.POST, session=session, now=now)
        form.full_clean()
        return _page(request, session, step, form, refuse(form, refusal))
    form = step.form(data, session=session, now=now)
    if form.is_valid():
        try:
            saved = step.save(
                session,
                version=form.cleaned_data["version"],
                by=request.user,
                at=now,
                **form.values(request.POST.get("stamp", "")),
            )
            saved.practitioner = session.practitioner  # who keeps it is who saves it: not read twice
            return _saved(request, saved, step, copied)
        except Refusal as refusal:
            status = refuse(form, refusal)
    if not _wants_json(request):
        return _page(request, session, step, form, status)
    if status == 409 and (already := _saved_already(request, session, step, form)):
        return _saved(request, already, step, None)
    return _refused(form, status)


def _saved_already(request, session: TreatmentSession, step: Step, form: StepForm) -> TreatmentSession | None:
    """The open record if it says exactly what was typed: the answer to the save got lost on its way."""
    saved = _record(request, session.pk)
    same = not saved.signed_at and not conflicts(form, step.form(session=saved, now=clock.now()))
    return saved if same else None


def _sent(request, session: TreatmentSession, step: Step, now):
    """What was typed, with the fields that "Copy last visit" or a scanned code fill, and what they did."""
    if step is TREATMENT and "copy" in request.POST:
        return TreatmentForm(session=session, now=now).copied(request.POST)
    if "find" in request.POST and step in (NUMBING, TREATMENT):
        return step.form(session=session, now=now).scanned(request.POST)
    return request.POST, None


def _saved(request, session: TreatmentSession, step: Step, copied: Copied | str | None):
    if _wants_json(request):
        return JsonResponse({"version": session.version, "parts": _parts(session, step)})
    then = request.POST.get("then", "")
    if then in {"numbing", "treatment", "photos", "finish"}:
        return redirect(f"session_{then}", session.pk)
    here = reverse(f"session_{step.name}", args=[session.pk])
    if isinstance(copied, Copied):
        messages.success(request, copied.words)
        return redirect(f"{here}?copied={'.'.join(copied.names)}")
    if copied:
        messages.success(request, f"Found: {copied}")
    return redirect(here)


def _refused(form: StepForm, status: int) -> JsonResponse:
    errors = {name: " ".join(sentences) for name, sentences in form.errors.items()}
    return JsonResponse({"errors": errors, "stale": status == 409}, status=status)


def _compared(request, session: TreatmentSession, step: Step, form: StepForm) -> list[Conflict]:
    """Both versions of each field; what is sent next counts as made from the newer record."""
    saved = _record(request, session.pk)
    found = conflicts(form, step.form(session=saved, now=clock.now()))
    form.data = form.data.copy()
    form.data["version"] = saved.version
    return found


def _page(request, session: TreatmentSession, step: Step, form: StepForm, status: int):
    page = RecordPage(session, step.name, clock.now())
    compared = _compared(request, session, step, form) if status == 409 and not session.signed_at else []
    context = {
        "page": page,
        "session": session,
        "visit": session.appointment,
        "form": form,
        "rail": page.room.rail,
        "parts": (parts := _parts(session, step)),
        "body": "body" in parts,
        "scores_due": is_due(session.appointment.number, session.appointment.course.sessions),
        "stale": status == 409,
        "conflicts": compared,
        "copied": request.GET.get("copied", "").split("."),
    }
    if step is FINISH:
        tiles = tiles_of(session, planned_in(session.appointment))
        after = [tile for tile in tiles if tile.moment == Photo.Moment.AFTER]
        context |= {
            "sees_photos": _sees_photos(request, session),
            "after": after,
            "taken_after": sum(bool(tile.photos) for tile in after),
        }
    return render(request, step.template, context, status=status)


def _parts(session: TreatmentSession, step: Step) -> dict:
    """The parts of a step that follow what is saved; the key tells whether one has changed."""
    live = live_of(session, step.name, clock.now())
    names = {"live": f"{step.name}_live", "actions": f"{step.name}_actions", "saved": "saved"}
    if step is TREATMENT and live["body"]:
        names["body"] = "treatment_body"
    parts = {}
    for name, template in names.items():
        html = render_to_string(f"sessions/_{template}.html", live)
        parts[name] = {"html": html, "key": f"{zlib.crc32(html.encode()):x}"}
    return parts


def _sees_photos(request, session: TreatmentSession) -> bool:
    return access_to(session.patient_id, request.user, clock.now()).is_open


def _wants_json(request) -> bool:
    return request.headers.get("Accept") == "application/json"


def _detail(request, session: TreatmentSession, form: AmendForm) -> dict:
    return {
        "sees_photos": _sees_photos(request, session),
        "session": session,
        "visit": session.appointment,
        "zone": session.appointment.location.time_zone,
        "areas": (links := session.areas.select_related("area")),
        "planned": (planned := planned_in(session.appointment)),
        "body": body_of(planned, links),
        "cartridges": session.cartridges.select_related("unit__lot__product"),
        "amendments": session.amendments.select_related("by"),
        "takeovers": takeovers_of(session),
        "pairs": photos_of(session.appointment),
        "events": session.events.prefetch_related("entries"),
        "left_out": queries.left_out(session),
        "limits": limits_passed(session),
        "reactions": [TreatmentSession.Reaction(code).label for code in session.reactions],
        "form": form,
    }


def _record(request, pk: int) -> TreatmentSession:
    return get_object_or_404(queries.record_rows(request.user.location), pk=pk)
