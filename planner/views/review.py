"""The time of the review after a course: plan it, move it, cancel it."""

from django.contrib import messages
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_POST

from clinic import clock
from clinic.refusals import Refusal
from patients.contact import way_to
from patients.forms.base import refuse
from planner import reviews
from planner.forms.review import CancelReviewForm, ReviewForm, SinceForm
from planner.models import TreatmentCourse
from planner.queries import reviews as queries
from planner.queries.courses import course_rows


@require_http_methods(["GET", "HEAD", "POST"])
def course_review(request, pk):
    """Free times for the review of a course, or the one that is booked."""
    course = get_object_or_404(course_rows(request.user.location), pk=pk)
    form, status = ReviewForm(request.POST or None), 200
    if request.method == "POST":
        status = 422
        if form.is_valid():
            try:
                messages.success(request, _placed(request, course, form.cleaned_data))
                return redirect("course_review", pk)
            except Refusal as refusal:
                status = refuse(form, refusal)
    return _page(request, course, form, CancelReviewForm(), status)


def _placed(request, course: TreatmentCourse, typed: dict) -> str:
    """Book the time that was picked, or move the booked review to it; what is said then."""
    told = "A message tells the patient in ten minutes." if way_to(course.patient) else "Tell the patient."
    version, booked = typed["version"], queries.review_of(course)
    if version is None or booked is None:
        reviews.book_review(course, **typed["time"], by=request.user)
        return f"The review is booked. {told}"
    reviews.move_review(booked, **typed["time"], version=version, by=request.user)
    return f"The review is moved. {told}"


@require_POST
def review_no_show(request, pk):
    """The patient did not come to the review."""
    review = get_object_or_404(queries.review_rows(request.user.location), pk=pk)
    reviews.miss_review(review, by=request.user)
    messages.success(request, "The review is marked as missed. Pick a new time.")
    return redirect("course_review", review.reviewed_id)


@require_POST
def review_undo(request, pk):
    """Take the cancellation of a review back within ten minutes."""
    review = get_object_or_404(queries.review_rows(request.user.location), pk=pk)
    reviews.restore_review(review, by=request.user)
    messages.success(request, "Taken back. The review is where it was.")
    return redirect("course_review", review.reviewed_id)


@require_POST
def review_cancel(request, pk):
    """The review is off, with the reason."""
    review = get_object_or_404(queries.review_rows(request.user.location), pk=pk)
    course, form, status = review.reviewed, CancelReviewForm(request.POST), 422
    if form.is_valid():
        try:
            reviews.cancel_review(review, reason=form.cleaned_data["reason"], by=request.user)
            undo = reverse("review_undo", args=[pk])
            messages.success(request, "The review is cancelled. Its time is free.", extra_tags=f"undo:{undo}")
            return redirect("course_review", course.pk)
        except Refusal as refusal:
            status = refuse(form, refusal)
    return _page(request, course, ReviewForm(), form, status)


def _page(request, course: TreatmentCourse, form: ReviewForm, cancel: CancelReviewForm, status: int):
    now, since = clock.now(), SinceForm(request.GET or None)
    booked, first = queries.review_of(course), queries.due_on(course)
    over = course.status in queries.OVER and first is not None
    is_open = booked is None or booked.status == "booked"
    context = {
        "course": course,
        "zone": course.location.time_zone,
        "booked": booked,
        "due": first,
        "is_over": over,
        "has_begun": booked and booked.start <= now,
        "times": queries.review_times(course, now, since.day()) if over and is_open else [],
        "form": form,
        "since": since,
        "cancel": cancel,
    }
    return render(request, "planner/course_review.html", context, status=status)
