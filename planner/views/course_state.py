"""A course is planned anew, put on hold, resumed, extended or stopped."""

import uuid

from django.shortcuts import get_object_or_404, render
from django.views.decorators.http import require_http_methods, require_safe

from clinic.refusals import Refusal
from patients.screening.terms import RefusalCode
from planner import moving
from planner.forms.course_state import ExtendForm, HoldForm, NotBeforeForm, StopForm
from planner.models import TreatmentCourse
from planner.previews import Kind, Wanted
from planner.queries.courses import course_rows, view_of
from planner.queries.messages import news_for
from planner.views.move import done, preview_page

# What a new screen answers; the others wait for a practitioner or a day.
SCREEN_AGAIN = {
    f"screening_{code.value}"
    for code in (
        RefusalCode.TOO_OLD,
        RefusalCode.PHONE_TOO_OLD,
        RefusalCode.STAGE_MISSING,
        RefusalCode.UNANSWERED,
        RefusalCode.AREA_NOT_SCREENED,
    )
}


@require_safe
def course_replan(request, pk):
    """Dates for visits that have none or lost theirs; the others stay where they can."""
    form = NotBeforeForm(request.GET)
    wanted = Wanted(
        Kind.REPLANNED, not_before=form.not_before(), keep_later=request.GET.get("later") == "keep"
    )
    return _planned(request, _course(request, pk), wanted)


@require_safe
def course_resume(request, pk):
    """The course runs again, with dates for the visits that have none."""
    form = NotBeforeForm(request.GET)
    return _planned(request, _course(request, pk), Wanted(Kind.RESUMED, not_before=form.not_before()))


@require_safe
def course_extend(request, pk):
    """More visits, to the protocol's most: first how many, then their dates."""
    course = _course(request, pk)
    form = ExtendForm(request.GET if "sessions" in request.GET else None, course=course)
    if form.is_valid():
        return _planned(request, course, Wanted(Kind.EXTENDED, sessions=form.cleaned_data["sessions"]))
    context = {"course": course, "form": form}
    return render(request, "planner/course_extend.html", context, status=422 if form.errors else 200)


@require_http_methods(["GET", "HEAD", "POST"])
def course_hold(request, pk):
    """The course waits; its visits free their places or keep them."""
    return _ended(request, pk, Kind.HELD, HoldForm, "planner/course_hold.html")


@require_http_methods(["GET", "HEAD", "POST"])
def course_stop(request, pk):
    """The course ends before its last visit."""
    return _ended(request, pk, Kind.STOPPED, StopForm, "planner/course_stop.html")


def _course(request, pk) -> TreatmentCourse:
    return get_object_or_404(course_rows(request.user.location), pk=pk)


def _planned(request, course: TreatmentCourse, wanted: Wanted):
    """The preview, or a page with the sentence why there is none and a way to ask again."""
    try:
        moving.refuse_wrong_state(course, moving.Order(course.pk, wanted.kind, sessions=wanted.sessions))
        return preview_page(request, course, wanted)
    except Refusal as refusal:
        context = {
            "course": course,
            "refusal": refusal,
            "form": NotBeforeForm(request.GET),
            "may_ask": wanted.kind in (Kind.REPLANNED, Kind.RESUMED),
            "wants_screen": refusal.code in SCREEN_AGAIN,
        }
        return render(request, "planner/course_no_dates.html", context, status=refusal.status)


def _ended(request, pk, kind: Kind, form_class, template: str):
    course, refusal = _course(request, pk), None
    posted = request.POST if request.method == "POST" else None
    form = form_class(posted, initial={"key": uuid.uuid4()})
    if form.is_valid():
        typed = form.cleaned_data
        order = moving.Order(
            course.pk, kind, reason=typed["reason"], release=typed.get("dates", "release") == "release"
        )
        try:
            return done(request, moving.change_course(order, key=typed["key"], by=request.user))
        except Refusal as no:
            refusal = no
    view = view_of(course)
    ahead = [row for row in view.held if row.appointment.status == "booked"]
    context = {"course": course, "form": form, "refusal": refusal, "ahead": ahead}
    context["news"] = news_for(course.patient)
    status = refusal.status if refusal else (422 if form.errors else 200)
    return render(request, template, context, status=status)
