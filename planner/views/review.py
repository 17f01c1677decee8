"""The time of the review after a course: plan it, cancel it."""

from django.contrib import messages
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_http_methods, require_POST

from clinic import clock
from clinic.refusals import Refusal
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
                reviews.book_review(course, **form.cleaned_data["time"], by=request.user)
                messages.success(request, "The review is booked. Tell the patient the day and time.")
                return redirect("course_review", pk)
            except Refusal as refusal:
                status = refuse(form, refusal)
    return _page(request, course, form, CancelReviewForm(), status)


@require_POST
def review_cancel(request, pk):
    """The review is off, with the reason."""
    review = get_object_or_404(queries.review_rows(request.user.location), pk=pk)
    course, form, status = review.reviewed, CancelReviewForm(request.POST), 422
    if form.is_valid():
        try:
            reviews.cancel_review(review, reason=form.cleaned_data["reason"], by=request.user)
            messages.success(request, "The review is cancelled. Its time is free again.")
            return redirect("course_review", course.pk)
        except Refusal as refusal:
            status = refuse(form, refusal)
    return _page(request, course, ReviewForm(), form, status)


def _page(request, course: TreatmentCourse, form: ReviewForm, cancel: CancelReviewForm, status: int):
    now, since = clock.now(), SinceForm(request.GET or None)
    booked, first = queries.review_of(course), queries.due_on(course)
    over = course.status in queries.OVER and first is not None
    context = {
        "course": course,
        "zone": course.location.time_zone,
        "booked": booked,
        "due": first,
        "is_over": over,
        "times": queries.review_times(course, now, since.day()) if over and not booked else [],
        "form": form,
        "since": since,
        "cancel": cancel,
    }
    return render(request, "planner/course_review.html", context, status=status)
