"""Courses: the list, one course, its itinerary on paper."""

import datetime as dt

from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import translation
from django.views.decorators.http import require_POST, require_safe

from clinic import clock
from patients.contact import way_to
from planner import reminding
from planner.calendars import visits_for_calendar
from planner.codes import code_for, keep_code
from planner.problem_file import problem_of, problem_text
from planner.queries import courses as queries
from planner.queries import messages as letters
from planner.queries.attention import undated_words
from planner.queries.changes import history_of
from planner.queries.itinerary import itinerary_of, itinerary_paper
from planner.queries.reviews import review_of
from planner.queries.typed import put_reasons
from planner.telling import UNDO_MINUTES
from planner.views.own import calendar_response


@require_safe
def course_list(request):
    """Courses of this location, newest first, twenty a page."""
    location, show = request.user.location, request.GET.get("show", "active")
    return render(
        request, "planner/course_list.html", queries.course_page(location, show, request.GET.get("page"))
    )


@require_safe
def course_detail(request, pk):
    """One course: its timeline, its visits, what can be done with them."""
    course, now = _course(request, pk), clock.now()
    view, history = queries.view_of(course), history_of(course)
    context = {
        "course": course,
        "state_reason": put_reasons(view, history, request.user),
        "view": view,
        "now": now,
        "today": clock.local_date(now, course.location.time_zone),
        "note": queries.late_note(view),
        "is_ahead": view.missing
        or any(row.appointment.status == "booked" and row.appointment.start > now for row in view.held),
        "history": history,
        "undo_since": now - dt.timedelta(minutes=UNDO_MINUTES),
        "review": review_of(course),
        "missing_words": undated_words(view.missing, course.sessions),
        "way": way_to(course.patient),
        "letters": _letters(course, now),
    }
    return render(request, "planner/course_detail.html", context)


def _letters(course, now) -> dict:
    """What was sent about this course, what waits, and what its visits will want."""
    found = letters.messages_of_course(course)
    known = {(one.kind, one.subject_id, one.version) for one in found}
    still = [one for one in reminding.wanted_ahead(course, now) if one.key not in known]
    return letters.course_rows(found, [reminding.message_of(one) for one in still], way_to(course.patient))


@require_safe
def course_itinerary(request, pk):
    """The itinerary as a page, to print."""
    course = _course(request, pk)
    itinerary = itinerary_of(course, at=clock.now())
    code = _code(course, itinerary.language)
    context = {"course": course, "location": course.location, "itinerary": itinerary, "code": code}
    return render(request, "planner/course_itinerary.html", context)


@require_safe
def course_itinerary_pdf(request, pk):
    """The itinerary as a PDF."""
    course = _course(request, pk)
    response = HttpResponse(
        itinerary_paper(course, at=clock.now(), code=_code(course, course.patient.language)),
        content_type="application/pdf",
    )
    response["Content-Disposition"] = f'inline; filename="itinerary-{course.pk}.pdf"'
    return response


@require_safe
def course_problem(request, pk):
    """What the planner would be asked about this course now, as a file without names."""
    course = _course(request, pk)
    problem = problem_of(course, clock.now())
    if problem is None:
        raise Http404
    response = HttpResponse(problem_text(problem), content_type="application/json")
    response["Content-Disposition"] = f'attachment; filename="course-{course.pk}-problem.json"'
    return response


@require_safe
def course_calendar(request, pk):
    """The visits of a course for a calendar, in the patient's language."""
    course = _course(request, pk)
    with translation.override(course.patient.language):
        return calendar_response(visits_for_calendar(course), course.location, clock.now())


@require_POST
def course_code(request, pk):
    """Put a code on the itinerary of a course whose old one has ended."""
    course = _course(request, pk)
    keep_code(course.patient, by=request.user, at=clock.now())
    return redirect("course_itinerary", pk)


def _code(course, language):
    return code_for(course.patient, language=language, at=clock.now())


def _course(request, pk):
    return get_object_or_404(queries.course_rows(request.user.location), pk=pk)
