"""The next actions and the last visit of a patient, by role."""

import datetime as dt

from django.urls import reverse

from patients.gates import safety_of_file
from patients.judgement import read_file
from patients.queries import consents_of
from planner import booking
from planner.events import report_event
from planner.models import TreatmentCourse
from planner.queries.events import events_of
from planner.queries.overview import Known, last_visit, next_actions
from planner.queries.patient import courses_of_patient
from tests.kept import kept
from tests.planner import treating
from tests.planner.making import MONDAY, NOW
from tests.planner.moves import Kind, confirm, look
from tests.planner.reading import main

DAY = dt.timedelta(days=1)


@kept
def signed(ana, site, priya, rosa):
    """Ana's first visit, recorded and signed."""
    treating.approve_texts(priya.practitioner)
    visit, stock = treating.arrive(ana, site, rosa), treating.make_stock(site.location)
    treating.consent(ana, site, rosa)
    treating.screen_today(visit, priya)
    return treating.sign(treating.complete(treating.start(visit, priya), site, stock, priya), priya)


def known(patient, location, now=NOW):
    safety = safety_of_file(read_file(patient), now.date())
    events, consents = list(events_of(patient)), list(consents_of(patient))
    return Known(patient, courses_of_patient(patient), safety, consents, events, location, now)


def titles(patient, user, now=NOW):
    return [(one.title, one.label) for one in next_actions(known(patient, user.location, now), user)]


CONSENT = ("Consent for Acne scars", "Take consent")


def test_the_visit_of_today_comes_first_with_the_step_of_the_role(course, ana, rosa, priya):
    assert titles(ana, rosa) == [("Visit 1 is today, 10:00", "Check in"), CONSENT]
    booking.check_in(course.appointments.get(number=1), by=rosa, at=NOW)
    assert titles(ana, rosa) == [CONSENT]
    assert titles(ana, priya)[0] == ("Visit 1 is today, 10:00", "Start visit 1")


def test_who_may_not_do_it_does_not_see_it(course, ana, mona):
    assert titles(ana, mona) == [("Visit 1 is today, 10:00", "Check in")]  # consent is not the manager's


def test_a_screen_that_is_too_old_and_missing_dates_are_named(course, ana, rosa):
    confirm(look(course, Kind.CANCELLED, number=3, reason="Abroad"), rosa)
    later = NOW + 34 * DAY
    assert titles(ana, rosa, later) == [
        ("New dates needed", "Find new dates"),
        ("Screen for visit 2", "Screen now"),
        CONSENT,
    ]


def test_a_late_gap_ahead_is_named(course, ana, rosa):
    confirm(look(course, Kind.CANCELLED, number=2, reason="Abroad"), rosa)
    now = NOW + 2 * DAY
    assert ("Visit 3 drifts out of its window", "See earlier dates") in titles(ana, rosa, now)


def test_a_course_on_hold_and_one_that_is_over(course, ana, rosa, priya):
    confirm(look(course, Kind.HELD, reason="Travels"), rosa)
    held = next_actions(known(ana, rosa.location), rosa)
    assert [(one.title, one.why) for one in held if one.label == "Resume"] == [
        ("The course is on hold", "Travels")
    ]
    course.appointments.filter(number=1).update(status="fulfilled")
    TreatmentCourse.objects.filter(pk=course.pk).update(status="completed")
    assert titles(ana, rosa) == [("Review of Acne scars", "Plan the review")]
    (review,) = next_actions(known(ana, priya.location), priya)
    assert (review.title, review.why) == (
        "Review of Acne scars",
        "Due week of Mon\u00a030\u00a0Nov\u00a02026: photos and scores",
    )
    assert next_actions(known(ana, priya.location, NOW + 400 * DAY), priya) == []


def test_a_reaction_is_assessed_by_practitioners(course, ana, rosa, priya):
    report_event(ana, said="Red and sore", onset_on=MONDAY, areas=[], session=None, by=rosa, at=NOW)
    assert ("A reaction to assess", "Assess") in titles(ana, priya)
    assert ("A reaction to assess", "Assess") not in titles(ana, rosa)


def test_the_last_visit_shows_its_settings_to_practitioners_only(signed, rosa, priya, client_for):
    seen = last_visit(signed.patient, priya)
    assert seen.session.pk == signed.pk
    assert {label for label, values in seen.lines if values} >= {"Device", "Lot", "Depth", "Passes"}
    assert last_visit(signed.patient, rosa).lines == ()
    url = reverse("patient_detail", args=[signed.patient_id])
    assert "Depth" in main(client_for(priya).get(url))
    page = main(client_for(rosa).get(url))
    assert "Depth" not in page and "Outcome" not in page and "Last visit" in page


def test_who_was_never_here_has_no_last_visit(ana, rosa):
    assert last_visit(ana, rosa) is None
