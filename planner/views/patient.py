"""The page that joins all of one patient: safety, courses, screens, consents, details."""

from django.shortcuts import get_object_or_404, render
from django.views.decorators.http import require_safe

from clinic import clock
from clinic.permissions import may
from patients import queries
from patients.contact import way_to
from patients.gates import safety_of_file
from patients.judgement import file_of
from patients.results import seen_by
from patients.unfinished import may_resume
from planner.queries.events import events_of
from planner.queries.merging import merges_of
from planner.queries.messages import ON_CARD, messages_of
from planner.queries.midcourse import after_screening
from planner.queries.notices import reports_of
from planner.queries.outcomes import charts_of
from planner.queries.overview import Known, last_visit, next_actions
from planner.queries.patient import courses_of_patient, documents_of


@require_safe
def patient_detail(request, pk):
    """One patient: may they be treated, where are their courses, what is on file."""
    patient = get_object_or_404(queries.patient_rows(), pk=pk)
    today = clock.local_date(clock.now(), request.user.location.time_zone)
    events = list(events_of(patient))
    file = file_of(patient)
    safety = seen_by(safety_of_file(file, today), request.user)
    views, consents = courses_of_patient(patient), list(queries.consents_of(patient)[:8])
    after = after_screening(patient, request.user, file)
    told = frozenset(course.pk for course in [*after["waiting"], *(course for course, _ in after["freed"])])
    known = Known(patient, views, safety, consents, events, request.user.location, clock.now(), told)
    actions = next_actions(known, request.user)
    scored = next(iter([*known.running, *views]), None)
    context = {
        "patient": patient,
        "merges": merges_of(patient),
        "safety": safety,
        "views": views,
        "running": next(iter(known.running), None),
        "actions": actions,
        "start": next((one for one in actions if one.permission == "session_start"), None),
        "last": last_visit(patient, request.user),
        "scored": scored,
        "charts": charts_of(scored.course) if scored and may(request.user, "course_outcomes") else [],
        "screenings": queries.screenings_of(patient)[:8],
        "questionnaire": queries.open_questionnaire(patient),
        **_unfinished(patient, request.user),
        "letters": messages_of(patient, ON_CARD),
        "way": way_to(patient),
        "documents": documents_of(patient),
        "links": queries.links_of(patient, clock.now()),
        "consents": consents,
        "today": today,
        "after": after,
        "events": events,
        "reports": reports_of(patient, clock.now()),
        "open_events": sum(event.closed_at is None for event in events),
    }
    return render(request, "planner/patient_detail.html", context)


def _unfinished(patient, user) -> dict:
    """A screen that somebody began, and whether this person may go on with it."""
    row = queries.unfinished_of(patient)
    return {"unfinished": row, "may_go_on": row is not None and may_resume(row, user)}
