"""Booking a whole course: every refusal, and that it writes nothing."""

import datetime as dt

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from patients.screenings import decide_finding
from planner import booking
from planner.models import Appointment
from tests import people
from tests.patients.screening.samples import NOT_SURE, yes
from tests.planner import making
from tests.planner.booked import DAY, refused, with_two_pens
from tests.planner.making import MONDAY, NOW, asking, book, every, make_patient, screen, slots_at


def test_book_course_refuses_a_closed_account(site, ana, otto):
    assert refused(book, ana, site, otto).code == "role"


def test_book_course_refuses_a_patient_who_was_not_screened(site, rosa):
    refusal = refused(book, make_patient(rosa), site, rosa)
    assert (refusal.code, refusal.sentence) == (
        "screening_not_screened",
        "Not screened: cheeks and chin. Screen first.",
    )


@pytest.mark.parametrize(
    ("code", "answer", "refusal"),
    [
        ("PREGNANT", yes(), "screening_stop"),
        ("BLEEDING_DISORDER", yes(), "screening_stop"),
        ("PREGNANT", NOT_SURE, "screening_not_sure"),
        ("KELOID_TENDENCY", yes(), "screening_undecided"),
        ("CARDIAC", yes(medicine="bisoprolol"), "screening_undecided"),
        ("BREASTFEEDING", yes(), "screening_open_deferral"),
        ("INFECTION_VIRAL_HSV", yes("cheeks"), "screening_open_deferral"),
        ("ACNE_ACTIVE", yes("cheeks"), "screening_open_deferral"),
    ],
)
def test_book_course_refuses_what_the_screen_does_not_allow(site, rosa, code, answer, refusal):
    patient = make_patient(rosa)
    screen(patient, site, rosa, **{code: answer})
    assert refused(book, patient, site, rosa).code == refusal


def test_book_course_needs_every_review_decided(site, rosa, priya):
    patient = make_patient(rosa)
    done = screen(patient, site, rosa, KELOID_TENDENCY=yes(), CARDIAC=yes(medicine="bisoprolol"))
    first, second = done.findings.order_by("pk")
    decide_finding(first, choice="accept", reason="Old scars are flat.", by=priya, at=NOW)
    assert refused(book, patient, site, rosa).code == "screening_undecided"
    decide_finding(second, choice="accept", reason="Stable for years.", by=priya, at=NOW)
    assert book(patient, site, rosa).appointments.count() == 4


def test_book_course_takes_a_dated_deferral_as_the_earliest_start(site, rosa):
    patient = make_patient(rosa)
    screen(patient, site, rosa, SUNBURN=yes("cheeks", burnt_on=MONDAY - 2 * DAY))
    earliest = booking.booking_gate_for(patient, areas=site.areas, on=MONDAY, at=NOW).earliest_on
    assert earliest > MONDAY
    early = slots_at(site, every(35, first=earliest - DAY))
    assert refused(book, patient, site, rosa, slots=early).code == "diary_changed"
    course = book(patient, site, rosa, slots=slots_at(site, every(35, first=earliest)))
    assert course.appointments.get(number=1).on == earliest


def test_book_course_refuses_a_screening_that_is_too_old(site, ana, rosa):
    late = NOW + 31 * DAY
    slots = slots_at(site, every(35, first=MONDAY + 32 * DAY))
    request = asking(site, start_from=MONDAY + 31 * DAY)
    assert refused(book, ana, site, rosa, at=late, slots=slots, request=request).code == "screening_too_old"


def test_book_course_refuses_areas_that_were_not_screened(site, rosa):
    patient = make_patient(rosa)
    screen(patient, site, rosa, areas=site.areas[:1])
    assert refused(book, patient, site, rosa).code == "screening_area_not_screened"


@pytest.mark.parametrize(
    ("changed", "code"),
    [
        ({"sessions": 3}, "sessions_outside_protocol"),
        ({"sessions": 7}, "sessions_outside_protocol"),
        ({"gap_target_days": 27}, "gap_outside_protocol"),
        ({"gap_target_days": 43}, "gap_outside_protocol"),
        ({"area_ids": ()}, "screening_not_screened"),
    ],
)
def test_book_course_refuses_a_request_outside_the_protocol(site, ana, rosa, changed, code):
    assert refused(book, ana, site, rosa, request=asking(site, **changed)).code == code


def test_book_course_refuses_another_number_of_dates_than_visits(site, ana, rosa):
    assert refused(book, ana, site, rosa, slots=slots_at(site, every(35, times=5))).code == (
        "wrong_number_of_visits"
    )


def test_book_course_refuses_without_an_approved_protocol(site, ana, rosa):
    other = people.make_indication("melasma", "Melasma")
    refusal = refused(book, ana, site, rosa, request=asking(site, indication_id=other.pk))
    assert refusal.code == "protocol_missing"


@pytest.mark.parametrize("gap", [27, 43])
def test_book_course_refuses_gaps_outside_the_protocol(site, ana, rosa, gap):
    assert refused(book, ana, site, rosa, slots=slots_at(site, every(gap))).code == "diary_changed"


@pytest.mark.parametrize("gap", [28, 42])
def test_book_course_takes_the_shortest_and_the_longest_gap(site, ana, rosa, gap):
    assert book(ana, site, rosa, slots=slots_at(site, every(gap))).appointments.count() == 4


def test_book_course_refuses_somebody_who_is_not_trained(site, ana, rosa):
    site.practitioners[0].indications.clear()
    refusal = refused(book, ana, site, rosa)
    assert (refusal.code, refusal.stale) == ("diary_changed", True)


def test_book_course_refuses_when_nobody_treats_here(site, ana, rosa):
    for person in site.practitioners:
        person.indications.clear()
    assert refused(book, ana, site, rosa).code == "diary_changed"


@pytest.mark.parametrize("what", ["practitioner", "room", "device"])
def test_book_course_refuses_what_went_out_of_use(site, ana, rosa, what):
    gone = {"practitioner": site.practitioners, "room": site.rooms, "device": site.devices}[what][0]
    gone.is_active = False
    gone.save()
    assert refused(book, ana, site, rosa).code == "diary_changed"


def closed(site):
    site.location.closures.create(first_date=MONDAY, last_date=MONDAY, reason="Repairs")


def away(site):
    site.practitioners[0].absences.create(start=NOW, end=NOW + DAY, reason="Leave")


def room_shut(site):
    site.rooms[0].absences.create(start=NOW, end=NOW + DAY, reason="Paint")


def pen_out(site):
    site.devices[0].absences.create(start=NOW, end=NOW + DAY, reason="Service")


def other_hours(site):
    site.practitioners[0].working_hours.update(opens=dt.time(12))


def later_doors(site):
    site.location.opening_hours.update(opens=dt.time(12))


@pytest.mark.parametrize("happens", [closed, away, room_shut, pen_out, other_hours, later_doors])
def test_book_course_refuses_when_the_diary_changed(site, ana, rosa, happens):
    happens(site)
    refusal = refused(book, ana, site, rosa)
    assert (refusal.code, refusal.stale, refusal.status) == ("diary_changed", True, 409)
    assert str(refusal) == (
        "The diary changed since this page was drawn. Nothing was booked. Look at the new proposals."
    )


@pytest.mark.parametrize(
    "places",
    [
        {"practitioner": 0, "room": 1, "device": 1},
        {"practitioner": 1, "room": 0, "device": 1},
        {"practitioner": 1, "room": 1, "device": 0},
    ],
    ids=["practitioner", "room", "device"],
)
def test_book_course_refuses_what_somebody_else_just_took(site, ana, rosa, places):
    site = with_two_pens(site)
    other = make_patient(rosa)
    screen(other, site, rosa)
    book(other, site, rosa)
    slots = slots_at(site, every(35), **places)
    assert refused(book, ana, site, rosa, slots=slots).code == "diary_changed"


def test_book_course_refuses_areas_that_another_course_treats_too_close(site, ana, rosa):
    book(ana, site, rosa)
    near = slots_at(site, every(35, first=MONDAY + 7 * DAY))
    request = asking(site, start_from=MONDAY + 7 * DAY)
    assert refused(book, ana, site, rosa, slots=near, request=request).code == "diary_changed"


@pytest.mark.parametrize("mine", [True, False], ids=["too soon for oneself", "taken by another"])
def test_book_course_refuses_who_comes_too_late_without_waiting_for_a_lock(site, ana, rosa, mine):
    other = make_patient(rosa)
    screen(other, site, rosa)
    book(ana if mine else other, site, rosa)
    slots = slots_at(site, every(35, first=MONDAY + DAY if mine else MONDAY))
    with CaptureQueriesContext(connection) as taken:
        assert refused(book, ana, site, rosa, slots=slots).code == "diary_changed"
    assert not [query for query in taken.captured_queries if "FOR UPDATE" in query["sql"]]


def test_book_course_writes_all_visits_in_three_statements(site, ana, rosa):
    with CaptureQueriesContext(connection) as taken:
        book(ana, site, rosa)
    inserts = [sql.split('"')[1] for query in taken if (sql := query["sql"]).startswith("INSERT")]
    assert inserts == [
        "planner_treatmentcourse",
        "planner_treatmentcourse_areas",
        "planner_appointment",
        "planner_appointmentarea",
        "planner_appointmentevent",
        "patients_patientlink",
        "patients_linktoken",
        "clinic_outboxmessage",
    ]


def test_book_course_beside_another_course_of_other_areas(site, ana, rosa):
    cheeks, chin = site.areas
    book(ana, site, rosa, request=asking(site, area_ids=(cheeks.pk,)))
    request = asking(site, area_ids=(chin.pk,), start_from=MONDAY + 7 * DAY)
    book(ana, site, rosa, request=request, slots=slots_at(site, every(35, first=MONDAY + 7 * DAY)))
    assert Appointment.objects.count() == 8


def test_book_course_refuses_a_start_off_the_grid(site, ana, rosa):
    slots = slots_at(site, every(35), dt.time(10, 5))
    assert refused(book, ana, site, rosa, slots=slots).code == "diary_changed"


def test_book_course_refuses_a_start_in_the_past(site, ana, rosa):
    late = NOW + dt.timedelta(hours=4)
    assert refused(book, ana, site, rosa, at=late).code == "diary_changed"


def test_book_course_refuses_rooms_of_another_location(site, ana, rosa):
    elsewhere = making.make_room(people.make_location("Hillcrest"))
    slots = [
        making.Slot(one.start, one.practitioner_id, elsewhere.pk, one.device_id)
        for one in slots_at(site, every(35))
    ]
    assert refused(book, ana, site, rosa, slots=slots).code == "diary_changed"
