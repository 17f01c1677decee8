"""The record of a review: open it, photos, scores, finish and sign; read it, correct it beside."""

import zlib

from django.contrib import messages
from django.http import JsonResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.template.loader import render_to_string
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from clinic import clock
from clinic.fresh import check_fresh
from clinic.refusals import Refusal
from patients.forms.base import refuse
from planner import outcomes, reviewing
from planner.forms.conflict import conflicts, settled
from planner.forms.outcome import ReviewScoreForm
from planner.forms.review_record import ReviewFinishForm
from planner.forms.session import AmendForm, StartForm
from planner.models import Appointment, CourseReview
from planner.queries import review_record as queries
from planner.queries.events import events_of
from planner.queries.photos import access_to, review_tiles
from planner.queries.reviews import review_rows
from planner.queries.sessions import namesakes_here
from planner.queries.takeovers import keeps_another, takeovers_of
from planner.views.photo import taking_page


@require_http_methods(["GET", "HEAD", "POST"])
def review_start(request, pk):
    """Name and birth date read back; with a record, the step it is at."""
    visit = _visit(request, pk)
    if hasattr(visit, "review"):
        return redirect("review_detail" if visit.review.signed_at else "review_photos", pk)
    form, status = StartForm(request.POST or None), 200
    if request.method == "POST" and form.is_valid():
        data = form.cleaned_data
        try:
            reviewing.start_review(
                visit,
                identity_checked=data["identity_checked"],
                birth_date=data["birth_date"],
                by=request.user,
            )
            return redirect("review_photos", pk)
        except Refusal as refusal:
            status = refuse(form, refusal)
    context = _context(visit, "start") | {"form": form, "namesakes": namesakes_here(visit)}
    return render(request, "reviews/start.html", context, status=status)


@require_http_methods(["GET", "HEAD", "POST"])
def review_photos(request, pk):
    """The standard views, each beside the first picture of the course."""
    visit, review = _open(request, pk)
    if review is None:
        return redirect("review_start", pk)
    context = _context(visit, "photos") | {"tiles": review_tiles(review, visit.reviewed)}
    return taking_page(request, review, "reviews/photos.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
def review_scores(request, pk):
    """The scales that belong at this review, each with its score at the start."""
    visit, review = _open(request, pk)
    if review is None:
        return redirect("review_start", pk)
    form, status = ReviewScoreForm(request.POST or None, rows=queries.score_rows(review)), 200
    if request.method == "POST":
        status = 422
        if form.is_valid():
            try:
                if values := form.values():
                    outcomes.record_scores(
                        visit.reviewed, values=values, scored_on=visit.on, review=review, by=request.user
                    )
                return redirect("review_finish", pk)
            except Refusal as refusal:
                status = refuse(form, refusal)
    return render(request, "reviews/scores.html", _context(visit, "scores") | {"form": form}, status=status)


@require_http_methods(["GET", "HEAD", "POST"])
def review_finish(request, pk):
    """The question for reactions, the note, why something is missing."""
    visit, review = _open(request, pk)
    if review is None:
        return redirect("review_start", pk)
    if request.method != "POST":
        if keeps_another(review, request.user):
            return redirect("review_take", pk)
        return _finish(request, visit, ReviewFinishForm(session=review, now=clock.now()), 200)
    form, status = _typed(request, review), 422
    if form.is_valid():
        try:
            saved = _save(request, review, form)
            return JsonResponse(_answer(saved)) if _wants_json(request) else redirect("review_finish", pk)
        except Refusal as refusal:
            status = refuse(form, refusal)
    if _wants_json(request):
        errors = {name: " ".join(sentences) for name, sentences in form.errors.items()}
        return JsonResponse({"errors": errors, "stale": status == 409}, status=status)
    return _finish(request, visit, form, status)


@require_http_methods(["GET", "HEAD", "POST"])
def review_sign(request, pk):
    """Save the last step as it was sent, check the password, sign."""
    visit, review = _open(request, pk)
    if review is None or request.method != "POST":
        return redirect("review_start" if review is None else "review_finish", pk)
    form, status = _typed(request, review), 422
    if form.is_valid():
        try:
            saved = _save(request, review, form)
            form.data = form.data.copy()
            form.data["version"] = saved.version
            check_fresh(request, form.cleaned_data["password"])
            reviewing.sign_review(saved, version=saved.version, fresh=True, by=request.user)
            messages.success(request, "The review is signed.")
            return redirect("review_detail", pk)
        except Refusal as refusal:
            status = refuse(form, refusal)
    return _finish(request, _visit(request, pk), form, status)


@require_safe
def review_detail(request, pk):
    """The signed review, to read and to print; an open one is opened at its step."""
    visit = _visit(request, pk)
    if not _is_signed(visit):
        return redirect("review_start", pk)
    return render(request, "reviews/detail.html", _detail(request, visit, AmendForm()))


@require_POST
def review_amend(request, pk):
    """Add a dated correction, with the password."""
    visit, form, status = _visit(request, pk), AmendForm(request.POST), 422
    if not _is_signed(visit):  # an open record is changed directly
        return redirect("review_start", pk)
    if form.is_valid():
        try:
            check_fresh(request, form.cleaned_data["password"])
            reviewing.amend_review(visit.review, text=form.cleaned_data["text"], fresh=True, by=request.user)
            messages.success(request, "The correction is added.")
            return redirect("review_detail", pk)
        except Refusal as refusal:
            status = refuse(form, refusal)
    return render(request, "reviews/detail.html", _detail(request, visit, form), status=status)


def _visit(request, pk: int) -> Appointment:
    return get_object_or_404(review_rows(request.user.location), pk=pk)


def _is_signed(visit: Appointment) -> bool:
    return hasattr(visit, "review") and visit.review.signed_at is not None


def _open(request, pk: int) -> tuple[Appointment, CourseReview | None]:
    """The visit and its record, if that is open."""
    visit = _visit(request, pk)
    if not hasattr(visit, "review") or visit.review.signed_at:
        return visit, None
    visit.review.appointment = visit
    return visit, visit.review


def _typed(request, review: CourseReview) -> ReviewFinishForm:
    now = clock.now()
    data = settled(request.POST, lambda: ReviewFinishForm(session=review, now=now))
    return ReviewFinishForm(data, session=review, now=now)


def _save(request, review: CourseReview, form: ReviewFinishForm) -> CourseReview:
    version = form.cleaned_data["version"]
    return reviewing.save_review(review, version=version, by=request.user, **form.values())


def _finish(request, visit: Appointment, form: ReviewFinishForm, status: int):
    """The last step; after a refusal because of another save, both versions of each field."""
    review, found = visit.review, []
    if review.signed_at:
        return redirect("review_detail", visit.pk)
    if status == 409:
        review = _visit(request, visit.pk).review
        found = conflicts(form, ReviewFinishForm(session=review, now=clock.now()))
        form.data = form.data.copy()
        form.data["version"] = review.version
    context = _context(visit, "finish") | {
        "session": review,
        "form": form,
        "parts": _answer(review)["parts"],
        "stale": status == 409,
        "conflicts": found,
    }
    return render(request, "reviews/finish.html", context, status=status)


def _answer(review: CourseReview) -> dict:
    """The parts of the page that follow what is saved; the key tells whether one has changed."""
    live, parts = queries.review_live(review), {}
    names = {
        "live": "reviews/_live.html",
        "actions": "reviews/_actions.html",
        "saved": "sessions/_saved.html",
    }
    for name, template in names.items():
        html = render_to_string(template, live)
        parts[name] = {"html": html, "key": f"{zlib.crc32(html.encode()):x}"}
    return {"version": review.version, "parts": parts}


def _wants_json(request) -> bool:
    return request.headers.get("Accept") == "application/json"


def _context(visit: Appointment, step: str) -> dict:
    page = queries.ReviewPage(visit, step, clock.now())
    return {"page": page, "visit": visit, "course": page.course, "rail": page.rail, "zone": page.zone}


def _detail(request, visit: Appointment, form: AmendForm) -> dict:
    visit.review.appointment = visit
    return {
        "sees_photos": access_to(visit.patient_id, request.user, clock.now()).is_open,
        "visit": visit,
        "review": visit.review,
        "course": visit.reviewed,
        "zone": visit.location.time_zone,
        "pairs": queries.pairs_of(visit.review),
        "scores": [row for row in queries.score_rows(visit.review) if row.now],
        "amendments": visit.review.amendments.select_related("by"),
        "takeovers": takeovers_of(visit.review),
        "events": events_of(visit.patient_id).prefetch_related("entries"),
        "form": form,
    }
