"""Adverse events: who records them, what they hold, how they end."""

import datetime as dt

import pytest
from django.db import InternalError, transaction

from planner import booking, events, records
from planner.models import AdverseEvent, EventEntry, TreatmentSession
from planner.planning import CourseRequest, read_planning
from planner.queries.events import holding_events, visits_too_early, waiting_events
from planner.site import read_rest
from tests import people
from tests.kept import kept
from tests.planner import making, treating
from tests.planner.treating import MINUTE, SIGNED
from tests.refusing import refusing

DAY = dt.timedelta(days=1)
ON = SIGNED.date()


@kept
def signed(ana, site, stock, priya, rosa):
    """Ana's first visit is over."""
    treating.approve_texts(priya.practitioner)
    visit = treating.arrive(ana, site, rosa)
    treating.consent(ana, site, rosa)
    treating.screen_today(visit, priya)
    return treating.sign(treating.complete(treating.start(visit, priya), site, stock, priya), priya)


@kept
def following(signed):
    """Her second visit, 35 days later."""
    return signed.appointment.course.appointments.get(number=2)


def report(signed, by, **how):
    """A reaction of the first area, the day after the visit."""
    area = signed.areas.select_related("area").first().area
    said = {"onset_on": ON + DAY, "said": "Still red.", "areas": [area], "session": signed}
    return events.report_event(signed.patient, **said | how, by=by, at=SIGNED + 2 * DAY)


def follow(event, by, **how):
    said = {"code": "AE_PIH", "grade": 1, "holds": True, "text": "Seen. Sun plan."}
    return events.follow_event(event, version=event.version, **said | how, by=by, at=SIGNED + 3 * DAY)


def close(event, by, **how):
    said = {"ending": "resolved", "text": "Gone.", "fresh": True}
    return events.close_event(event, version=event.version, **said | how, by=by, at=SIGNED + 4 * DAY)


refused = refusing(AdverseEvent, EventEntry)


def ready_for(visit, priya, rosa):
    """Checked in and screened on the day of this visit."""
    visit = booking.check_in(visit, by=rosa, at=visit.start)
    treating.screen_today(visit, priya, at=visit.start + MINUTE)
    return visit


def test_the_desk_reports_and_the_area_is_held_until_assessed(signed, following, priya, rosa):
    event = report(signed, rosa)
    assert (event.code, event.grade, event.holds, event.holds_from) == ("", None, True, ON + DAY)
    visit = ready_for(following, priya, rosa)
    no = refused(treating.start, visit, priya, at=visit.start + 2 * MINUTE)
    assert no.code == "event_open"
    assert no.sentence == "A reaction since 8\xa0Sep is reported and not assessed."


def test_an_open_event_holds_the_start_until_it_is_closed(signed, following, priya, rosa):
    event = follow(report(signed, rosa), priya)
    visit = ready_for(following, priya, rosa)
    no = refused(treating.start, visit, priya, at=visit.start + 2 * MINUTE)
    assert no.sentence == "Dark patches since 8\xa0Sep, grade 1, is open."
    close(event, priya)
    assert treating.start(visit, priya, at=visit.start + 2 * MINUTE).pk


def test_a_practitioner_may_let_treatment_go_on(signed, following, priya, rosa):
    event = follow(report(signed, rosa), priya, holds=False)
    visit = ready_for(following, priya, rosa)
    assert treating.start(visit, priya, at=visit.start + 2 * MINUTE).pk
    assert event.entries.last().text.endswith("[No longer holds the next start.]")


def test_an_event_elsewhere_on_the_body_holds_nothing(signed, following, priya, rosa):
    event = report(signed, rosa, areas=[people.make_area("neck", "Neck", 9)])
    assert holding_events(signed.patient_id, [a.area_id for a in signed.areas.all()], following.on) == []
    assert holding_events(signed.patient_id, event.areas.values_list("pk", flat=True), following.on) == [
        event
    ]


def test_an_event_of_the_whole_person_holds_every_area(signed, following, priya):
    event = report(signed, priya, code="AE_ALLERGY", grade=3)
    assert list(event.areas.all()) == []
    areas = [link.area_id for link in signed.areas.all()]
    assert holding_events(signed.patient_id, areas, following.on) == [event]


def test_an_expected_reaction_becomes_an_event_the_day_after_its_window(signed, priya):
    event = report(signed, priya, code="EXP_ERYTHEMA", grade=1)
    areas = [link.area_id for link in signed.areas.all()]
    last = ON + 7 * DAY
    assert holding_events(signed.patient_id, areas, last) == []
    assert holding_events(signed.patient_id, areas, last + DAY) == [event]
    location = signed.appointment.location
    assert waiting_events(location, last) == []
    assert waiting_events(location, last + DAY) == [event]


def test_the_database_refuses_a_record_and_needling_that_an_event_holds(signed, following, priya, rosa):
    visit = ready_for(following, priya, rosa)
    session = treating.start(visit, priya, at=visit.start + 2 * MINUTE)
    report(signed, rosa)
    copy = TreatmentSession.objects.filter(pk=session.pk)
    with pytest.raises(InternalError, match="an open adverse event holds this start"), transaction.atomic():
        copy.update(needling_started_at=visit.start + 5 * MINUTE)
    assert copy.update(note="Noted.") == 1  # everything else may be saved
    later = signed.appointment.course.appointments.get(number=3)
    screening = treating.screen_today(later, priya, at=later.start)
    values = copy.values().get() | {"id": None, "appointment_id": later.pk, "screening_id": screening.pk}
    with pytest.raises(InternalError, match="an open adverse event holds this start"), transaction.atomic():
        TreatmentSession.objects.create(**values)


def test_needling_is_refused_when_an_event_came_after_the_start(signed, following, site, stock, priya, rosa):
    visit = ready_for(following, priya, rosa)
    session = treating.start(visit, priya, at=visit.start + 2 * MINUTE)
    at = visit.start + 5 * MINUTE
    session = records.save_numbing(session, version=1, by=priya, at=at, numbing_used=False, own_cream=False)
    report(signed, rosa)
    no = refused(treating.treat, session, site, stock, priya, at=at, started=True)
    assert no.code == "event_open"


def test_a_rest_moves_the_planner_and_names_the_visits_before_it(signed, following, site, priya, rosa):
    until = following.on + 10 * DAY
    event = follow(report(signed, rosa), priya, not_before=until, holds=False)
    event = close(event, priya)
    areas = tuple(link.area_id for link in signed.areas.all())
    assert read_rest(signed.patient_id, areas) == until
    assert visits_too_early(signed.appointment.location) == [(following, until)]
    request = CourseRequest(site.indication.pk, areas, 4, 35, ON, 30)
    location = signed.appointment.location
    planning = read_planning(signed.patient_id, location, request, earliest_on=None, at=making.NOW)
    assert planning.problem.request.earliest == until
    visit = ready_for(following, priya, rosa)
    no = refused(treating.start, visit, priya, at=visit.start + 2 * MINUTE)
    assert no.code == "event_open"


def test_a_mistake_takes_its_rest_back(signed, following, priya, rosa):
    event = follow(report(signed, rosa), priya, not_before=following.on + DAY)
    assert close(event, priya, ending="mistake").not_before is None


@pytest.mark.parametrize(
    ("how", "code", "field"),
    [
        ({"said": " "}, "said_missing", "said"),
        ({"onset_on": ON + 9 * DAY}, "onset_ahead", "onset_on"),
        ({"onset_on": ON - DAY}, "onset_before", "onset_on"),
        ({"code": "AE_PIH"}, "grade_missing", "grade"),
        ({"grade": 2}, "kind_missing", "code"),
        ({"code": "AE_NEW", "grade": 2}, "kind_missing", "code"),
        ({"code": "AE_PIH", "grade": 6}, "grade_missing", "grade"),
        ({"code": "AE_PIH", "grade": 0}, "grade_range", "grade"),
        ({"code": "AE_NO_RESPONSE", "grade": 1}, "grade_range", "grade"),
    ],
)
def test_report_event_refuses(signed, priya, how, code, field):
    no = refused(report, signed, priya, **how)
    assert (no.code, no.field) == (code, field)


def test_only_practitioners_assess_and_close(signed, rosa, mona, priya):
    event = report(signed, rosa)
    for who in (rosa, mona):
        assert refused(report, signed, who, code="AE_PIH", grade=1).code == "role"
        assert refused(follow, event, who).code == "role"
        assert refused(close, event, who).code == "role"


def test_close_event_needs_an_assessment_an_ending_words_and_the_password(signed, rosa, priya):
    event = report(signed, rosa)
    assert refused(close, event, priya).code == "not_assessed"
    event = follow(event, priya)
    assert refused(close, event, priya, ending="").code == "ending_missing"
    assert refused(close, event, priya, text=" ").code == "text_missing"
    assert refused(close, event, priya, fresh=False).code == "not_fresh"
    closed = close(event, priya)
    assert (closed.ending, closed.closed_by) == ("resolved", priya)
    assert refused(follow, closed, priya).code == "event_closed"


def test_two_people_do_not_overwrite_each_other(signed, rosa, priya):
    event = report(signed, rosa)
    follow(event, priya)
    stale = AdverseEvent.objects.get(pk=event.pk)
    stale.version = 1
    no = refused(follow, stale, priya)
    assert (no.code, no.stale) == ("stale_event", True)


def test_entries_and_closed_events_are_frozen(signed, rosa, priya):
    event = close(follow(report(signed, rosa), priya), priya)
    assert [entry.by for entry in event.entries.all()] == [rosa, priya, priya]
    for change in (
        lambda: event.entries.update(text="x"),
        lambda: event.entries.all().delete(),
        lambda: AdverseEvent.objects.update(grade=2),
        lambda: AdverseEvent.objects.all().delete(),
    ):
        with pytest.raises(Exception, match="Cannot|violates|protected"), transaction.atomic():
            change()
