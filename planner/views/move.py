"""Moving visits: the place form, the preview, confirming it, taking it back; pins."""

import datetime as dt
import uuid

from django.contrib import messages
from django.core import signing
from django.http import Http404
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from clinic import clock
from clinic.refusals import Refusal
from clinic.returning import next_url
from planner import moving, undoing
from planner.forms.move import EndVisitForm, MoveForm, place_from, typed_moment, typed_place
from planner.models import Appointment, TreatmentCourse
from planner.nearest import free_near
from planner.previews import Kind, Preview, Wanted, preview_of
from planner.queries import changes as queries
from planner.queries.courses import course_rows
from planner.queries.messages import news_for
from planner.replanning import first_day_of, gate_of
from planner.views.sealed import seal, unseal, wanted_again

NO_WAY_BACK = "There is no undo while the old place is closed or taken; visits can be moved by hand."


@require_safe
def appointment_move(request, pk):
    """Where to? A form and the nearest free places; with a place in the address, what the move would do."""
    visit = _visit(request, pk)
    zone = visit.location.time_zone
    data = place_from(request.GET, zone)
    has_place = bool(data.get("on") or data.get("at"))
    form = MoveForm(data if has_place else None, visit=visit, today=_today(visit), initial=typed_place(visit))
    if not has_place or not form.is_valid():
        return _move_page(request, visit, form, status=422 if form.errors else 200)
    typed = form.cleaned_data
    wanted = Wanted(
        Kind.MOVED,
        row=visit,
        start=typed["start"],
        practitioner_id=typed["practitioner"] and typed["practitioner"].pk,
        room_id=typed["room"] and typed["room"].pk,
        keep_later=request.GET.get("later") == "keep",
    )
    try:
        return preview_page(request, visit.course, wanted)
    except Refusal as refusal:
        return _move_page(request, visit, form, refusal=refusal)


def preview_page(request, course: TreatmentCourse, wanted: Wanted, *, refusal: Refusal | None = None):
    """The change before anybody confirms it; raises Refusal where it is not possible."""
    now = clock.now()
    gate = gate_of(course, now, fresh=wanted.kind in moving.NEED_A_SCREEN, by=request.user)
    first = first_day_of(course, gate, now)
    preview = preview_of(course, wanted, earliest_on=first, at=now)
    return drawn_page(request, preview, gate, first, refusal=refusal)


def drawn_page(
    request, preview: Preview, gate, first: dt.date, *, refusal: Refusal | None = None, **more: object
):
    """A preview that is worked out; `more` is what stands beside it."""
    course, wanted = preview.course, preview.wanted
    today = clock.local_date(clock.now(), course.location.time_zone)
    page = queries.change_page(preview, first, today)
    context = {
        "course": course,
        "page": page,
        "gate": gate,
        "first": first,
        "today": today,
        "sealed": seal(preview),
        "placed": {move.number for move in preview.moves},
        "refusal": refusal,
        "choice": _choice(request, preview),
        "asks_first": request.method != "POST" and wanted.kind in (Kind.REPLANNED, Kind.RESUMED),
    }
    status = refusal.status if refusal else 200
    return render(request, "planner/course_preview.html", context | more, status=status)


@require_POST
def course_change(request, pk):
    """Confirm what a preview showed: all of it or nothing."""
    course = get_object_or_404(course_rows(request.user.location), pk=pk)
    try:
        order, wish, key = unseal(request.POST.get("change", ""))
    except signing.BadSignature:
        messages.warning(request, "This page cannot be used any more. Nothing was changed.")
        return redirect("course_detail", pk=course.pk)
    if order.course_id != course.pk:
        raise Http404("made for another course")
    try:
        change = moving.change_course(order, key=key, by=request.user)
    except Refusal as refusal:
        return _refused(request, course, wish, refusal)
    return done(request, change)


def done(request, change):
    """Back to the course with a toast that can take the change back."""
    if change.undone_at:
        messages.warning(request, "This change was taken back. Nothing was changed again.")
        return redirect("course_detail", pk=change.course_id)
    say_done(request, _said(change), [change])
    return redirect(next_url(request) or reverse("course_detail", args=[change.course_id]))


def say_done(request, sentence: str, made) -> None:
    """A toast with Undo; where an old place is closed or away, the words instead of a refused button."""
    if undoing.can_undo(made, by=request.user, at=clock.now()):
        undo = reverse("change_undo", args=[made[0].pk])
        messages.success(request, sentence, extra_tags=f"undo:{undo}")
    else:
        messages.success(request, f"{sentence} {NO_WAY_BACK}")


def _said(change) -> str:
    patient, visits = change.course.patient, change.after["visits"]
    numbers = [visit["number"] for visit in visits]
    ended = [visit["number"] for visit in visits if visit["status"] in ("cancelled", "noshow")]
    sentences = {
        Kind.MOVED: f"{_visits(numbers)} of {patient} moved.",
        Kind.CANCELLED: f"{_visits(ended)} of {patient} is cancelled.",
        Kind.NO_SHOW: f"{_visits(ended)} of {patient} is marked no-show.",
        Kind.REPLANNED: f"{_visits(numbers)} of {patient} got new dates.",
        Kind.HELD: f"The course of {patient} is on hold.",
        Kind.RESUMED: f"The course of {patient} runs again.",
        Kind.EXTENDED: f"The course of {patient} has {change.course.sessions} visits now.",
        Kind.STOPPED: f"The course of {patient} is stopped.",
    }
    return sentences[Kind(change.kind)]


def _visits(numbers) -> str:
    if len(numbers) == 1:
        return f"Visit {numbers[0]}"
    return f"{len(numbers)} visits"


def _refused(request, course: TreatmentCourse, wish: dict, refusal: Refusal):
    """Show the same change on the diary as it is now, with what happened; nothing typed is lost."""
    row = wish["row"] and queries.movable(course.location).filter(pk=wish["row"]).first()
    wanted = wanted_again(wish, row)
    if wanted.kind == Kind.MOVED:
        form = MoveForm(visit=row, today=_today(row), initial=_typed(wanted))
        return _move_page(request, row, form, refusal=refusal, near=wanted.start)
    try:
        return preview_page(request, course, wanted, refusal=refusal)
    except Refusal:
        messages.error(request, str(refusal))
        return redirect("course_detail", pk=course.pk)


def _typed(wanted: Wanted) -> dict:
    place = typed_place(wanted.row)
    return place | {
        **typed_moment(wanted.start, wanted.row.location.time_zone),
        "practitioner": wanted.practitioner_id,
        "room": wanted.room_id,
    }


@require_POST
def change_undo(request, pk):
    """Take a change back within ten minutes."""
    change = get_object_or_404(queries.change_rows(request.user.location), pk=pk)
    try:
        undoing.undo_change(change, by=request.user)
    except Refusal as refusal:
        messages.error(request, str(refusal))
    else:
        whose = "all these courses" if change.batch else str(change.course.patient)
        messages.success(request, f"Taken back. The dates of {whose} are as before.")
    return redirect("diary_repair") if change.batch else redirect("course_detail", pk=change.course_id)


@require_http_methods(["GET", "HEAD", "POST"])
def appointment_cancel(request, pk):
    """Cancel one visit, with the reason, and book a new date for it if wished."""
    return _end(request, pk, Kind.CANCELLED, "planner/appointment_cancel.html")


@require_http_methods(["GET", "HEAD", "POST"])
def appointment_no_show(request, pk):
    """Mark that the patient did not come, and book a new date if wished."""
    return _end(request, pk, Kind.NO_SHOW, "planner/appointment_no_show.html")


def _end(request, pk, kind: Kind, template: str):
    visit, refusal = _visit(request, pk), None
    posted = request.POST if request.method == "POST" else None
    first = {"then": "free", "key": uuid.uuid4(), "version": visit.version}
    form = EndVisitForm(posted, required=kind == Kind.CANCELLED, initial=first)
    if form.is_valid():
        try:
            return _ended(request, visit, kind, form.cleaned_data)
        except Refusal as no:
            refusal = no
    status = refusal.status if refusal else (422 if form.errors else 200)
    context = {"appointment": visit, "form": form, "refusal": refusal, "news": news_for(visit.patient)}
    return render(request, template, context, status=status)


def _ended(request, visit: Appointment, kind: Kind, typed: dict):
    if typed["then"] == "rebook":
        wanted = Wanted(kind, row=visit, new_date=True, reason=typed["reason"])
        return preview_page(request, visit.course, wanted)
    order = moving.Order(
        visit.course_id, kind, about=visit.pk, about_version=typed["version"], reason=typed["reason"]
    )
    return done(request, moving.change_course(order, key=typed["key"], by=request.user))


@require_POST
def appointment_pin(request, pk):
    """Hold a visit where it is, or let it go: other changes then leave it alone."""
    visit = moving.pin_visit(_visit(request, pk), pinned=bool(request.POST.get("pinned")), by=request.user)
    words = "stays where it is" if visit.is_pinned else "may move with the others"
    messages.success(request, f"Visit {visit.number} {words}.")
    return redirect("course_detail", pk=visit.course_id)


def _visit(request, pk) -> Appointment:
    return get_object_or_404(queries.movable(request.user.location), pk=pk)


def _today(visit: Appointment):
    return clock.local_date(clock.now(), visit.location.time_zone)


def _move_page(request, visit: Appointment, form, *, refusal=None, near=None, status=200):
    """The form, and the free places nearest to what is wanted."""
    context = {"appointment": visit, "form": form, "refusal": refusal}
    typed = getattr(form, "cleaned_data", {})
    near = near or typed.get("start")
    anywhere, near = near is not None, near or visit.start
    try:
        gate = gate_of(visit.course, clock.now(), by=request.user)
        context["anywhere"] = anywhere
        context["options"] = free_near(
            visit.course,
            visit,
            near,
            earliest_on=first_day_of(visit.course, gate, clock.now()),
            at=clock.now(),
            anywhere=anywhere,
        )
    except Refusal as closed:
        context["closed"], context["refusal"] = closed, refusal or closed
    status = context["refusal"].status if context["refusal"] else status
    return render(request, "planner/appointment_move.html", context, status=status)


def _choice(request, preview) -> dict | None:
    """The other way with the later visits, where there is one: keep them, or let them follow."""
    if request.method == "POST" or preview.wanted.kind not in (Kind.MOVED, Kind.REPLANNED):
        return None
    query = request.GET.copy()
    if preview.wanted.keep_later:
        query.pop("later", None)
        return {"keeps": True, "other": f"?{query.urlencode()}"}
    if not preview.others:
        return None
    query["later"] = "keep"
    return {"keeps": False, "other": f"?{query.urlencode()}"}
