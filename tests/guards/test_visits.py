"""What PostgreSQL refuses of visits and courses: places, gaps, children, values."""

import pgtrigger
import pytest
from django.db import connection
from django.db.models import F

from planner.models import Appointment, AppointmentArea, TreatmentCourse
from tests import people
from tests.guards.writes import DAY, MINUTE, change, refused
from tests.planner import making
from tests.planner.making import MONDAY, every, slots_at

# One place at a time

PLACES = [
    ("practitioner", "practitioner_from", "practitioner_until"),
    ("room", "start", "room_until"),
    ("device", "device_from", "device_until"),
]


@pytest.mark.parametrize(("what", "begin", "end"), PLACES)
def test_two_visits_never_share_a_place_at_one_time(visit, other, what, begin, end):
    with refused(f"{what}_is_in_one_place_at_a_time"):
        change(other, **{what: getattr(visit, what)})


@pytest.mark.parametrize(("what", "begin", "end"), PLACES)
def test_visits_may_touch_but_not_by_a_minute_overlap(visit, other, what, begin, end):
    later = getattr(visit, end) - getattr(other, begin)

    def move(by):
        times = {field: getattr(other, field) + by for field in TIMES}
        change(other, **{what: getattr(visit, what)}, **times)

    with refused(f"{what}_is_in_one_place_at_a_time"):
        move(later - MINUTE)
    move(later)


TIMES = (
    "start",
    "treatment_start",
    "end",
    "room_until",
    "practitioner_from",
    "practitioner_until",
    "device_from",
    "device_until",
)


@pytest.mark.parametrize(("what", "begin", "end"), PLACES)
@pytest.mark.parametrize("status", ["cancelled", "noshow"])
def test_what_is_over_blocks_nothing_and_cannot_come_back(visit, other, what, begin, end, status):
    change(visit, status=status)
    change(other, **{what: getattr(visit, what)})
    with refused(f"{what}_is_in_one_place_at_a_time"):
        change(visit, status="booked")


def consultation(of, **changed):
    """A visit outside any course, at the times of another."""
    names = (*TIMES, "on", "location", "practitioner", "room", "device", "patient")
    fields = {name: getattr(of, name) for name in names}
    return Appointment(kind="consultation", **fields | changed)


def test_a_patient_is_never_in_two_places(visit, other, ana):
    change(other, status="cancelled")
    free = consultation(other, patient=ana)
    with refused("patient_is_in_one_place_at_a_time"):
        free.save()
    shift = visit.end - visit.start
    consultation(other, patient=ana, **{field: getattr(other, field) + shift for field in TIMES}).save()


# Spacing


def last_of(course, days, **changed):
    """A fifth visit some days after the first, the other visits after it being cancelled."""
    course.appointments.filter(number__gt=1).update(status="cancelled")
    first = course.appointments.get(number=1)
    fields = {field.attname: getattr(first, field.attname) for field in Appointment._meta.concrete_fields}
    fields |= {name: fields[name] + days * DAY for name in (*TIMES, "on", "next_earliest_on")}
    fields |= {"id": None, "number": 5} | changed
    return Appointment(**fields)


def areas_of(visit, areas):
    """The rows that keep the spacing of each area."""
    return [
        AppointmentArea(
            appointment=visit,
            area=area,
            patient_id=visit.patient_id,
            on=visit.on,
            next_earliest_on=visit.next_earliest_on,
            status=visit.status,
        )
        for area in areas
    ]


def test_a_visit_of_a_course_on_day_27_is_refused_and_on_day_28_accepted(course):
    with refused("visits_of_a_course_keep_their_gap"):
        last_of(course, 27).save()
    last_of(course, 28).save()


def moved(visit, first, days):
    """The dates of a visit moved to some days after another."""
    on = first.on + days * DAY
    times = {name: getattr(visit, name) + (on - visit.on) for name in TIMES if getattr(visit, name)}
    return times | {"on": on, "next_earliest_on": on + visit.gap_days * DAY}


def test_a_visit_never_moves_to_day_27(course):
    first, second, *_ = course.appointments.order_by("number")
    with pgtrigger.ignore("planner.AppointmentArea:area_of_a_visit_is_never_deleted"):
        AppointmentArea.objects.filter(appointment=second).delete()  # so that only the course's gap is asked
    with refused("visits_of_a_course_keep_their_gap"):
        change(second, **moved(second, first, 27))
    change(second, **moved(second, first, 28))


def test_two_courses_of_one_patient_never_crowd_one_area(site, ana, rosa):
    """The second course treats the chin in between; the cheeks may not be slipped in, nor moved close."""
    cheeks, chin = site.areas
    course = making.book(ana, site, rosa, request=making.asking(site, area_ids=(cheeks.pk,)))
    course.appointments.filter(number__gt=1).update(status="cancelled")
    slots = slots_at(site, every(35, first=MONDAY + 7 * DAY))
    request = making.asking(site, area_ids=(chin.pk,), start_from=MONDAY + 7 * DAY)
    second = making.book(ana, site, rosa, slots=slots, request=request)
    visit = second.appointments.get(number=1)
    with refused("an_area_of_a_patient_keeps_its_gap"):
        areas_of(visit, [cheeks])[0].save()
    later = second.appointments.get(number=2)
    areas_of(later, [cheeks])[0].save()
    change(visit, status="cancelled")
    first = course.appointments.get(number=1)
    with refused("an_area_of_a_patient_keeps_its_gap"):
        change(later, **moved(later, first, 27))
    change(later, **moved(later, first, 28))


REASON = "Healed early, seen by me today."


def test_a_shorter_gap_needs_its_reason_in_words(course):
    first, second, *_ = course.appointments.order_by("number")
    shorter = {"gap_days": 21, "next_earliest_on": first.on + 21 * DAY}
    for reason in ("", "too short", " " * 40, "a b c d e f g h i"):
        with refused("a_shorter_gap_has_its_reason_in_20_characters"):
            change(first, short_gap_reason=reason, **shorter)
    change(first, short_gap_reason=REASON, **shorter)
    with refused("_gap"):
        change(second, **moved(second, first, 20))
    change(second, **moved(second, first, 21))


def test_the_next_earliest_day_cannot_be_forged(visit):
    with refused("next_earliest_day_is_the_day_plus_the_gap"):
        change(visit, next_earliest_on=visit.on + DAY)
    with refused("a_shorter_gap_has_its_reason_in_20_characters"):
        change(visit, course_gap_days=7, gap_days=7, next_earliest_on=visit.on + 7 * DAY)


# Children follow their parents


def test_area_rows_follow_the_date_and_state_of_their_visit(visit):
    change(visit, **moved(visit, visit, -1), status="cancelled")
    assert set(visit.areas.values_list("on", "next_earliest_on", "status")) == {
        (MONDAY - DAY, MONDAY + 27 * DAY, "cancelled")
    }


def test_area_rows_never_say_something_else_than_their_visit(visit, bea):
    row = visit.areas.first()
    for values in (
        {"on": row.on - DAY},
        {"status": "cancelled"},
        {"patient": bea},
        {"next_earliest_on": row.on},
    ):
        with refused("appointmentarea_appointment_same_patient"):
            change(row, **values)


def test_a_visit_belongs_to_the_patient_of_its_course(other, course):
    with refused("appointment_course_same_patient"):
        change(other, course=course, number=9)


def test_a_course_rests_on_a_screening_of_its_own_patient(course, bea):
    with refused("treatmentcourse_screening_same_patient"):
        change(course, screening=bea.screenings.get())


def test_one_live_visit_per_number(course):
    again = last_of(course, 35, number=1)
    with refused("one_live_appointment_per_visit_number"):
        again.save()
    course.appointments.filter(number=1).update(status="cancelled")
    again.save()


def test_one_course_per_booking_key(course, site, bea, rosa):
    with refused("planner_treatmentcourse_booking_key_key"):
        fields = {one.attname: getattr(course, one.attname) for one in TreatmentCourse._meta.concrete_fields}
        TreatmentCourse(**fields | {"id": None}).save()


# Sensible rows


@pytest.mark.parametrize(
    ("guard", "values"),
    [
        ("appointment_times_are_in_order", {"end": F("treatment_start")}),
        ("appointment_times_are_in_order", {"start": F("end")}),
        ("appointment_times_are_in_order", {"room_until": F("start")}),
        ("practitioner_is_there_for_the_whole_treatment", {"practitioner_from": F("end")}),
        ("practitioner_is_there_for_the_whole_treatment", {"practitioner_until": F("treatment_start")}),
        ("device_is_there_for_the_whole_treatment", {"device_until": F("treatment_start")}),
        ("device_is_there_for_the_whole_treatment", {"device_from": None}),
        ("a_treatment_and_only_a_treatment_is_a_visit_of_a_course", {"course": None}),
        ("a_treatment_and_only_a_treatment_is_a_visit_of_a_course", {"number": None}),
        ("a_treatment_and_only_a_treatment_is_a_visit_of_a_course", {"kind": "consultation"}),
        ("a_review_and_only_a_review_looks_back_on_a_course", {"reviewed": F("course")}),
    ],
)
def test_a_visit_makes_sense(visit, guard, values):
    with refused(guard):
        change(visit, **values)


@pytest.mark.parametrize(
    ("guard", "values"),
    [
        ("course_gaps_are_in_order_and_at_least_28_days", {"gap_min_days": 27}),
        ("course_gaps_are_in_order_and_at_least_28_days", {"gap_target_days": 43}),
        ("course_has_1_to_12_visits", {"sessions": 0}),
        ("course_has_1_to_12_visits", {"sessions": 13}),
    ],
)
def test_a_course_makes_sense(course, guard, values):
    with refused(guard):
        change(course, **values)


@pytest.mark.parametrize(
    ("guard", "values"),
    [
        ("protocol_gaps_are_in_order_and_at_least_28_days", {"gap_min_days": 27}),
        ("protocol_gaps_are_in_order_and_at_least_28_days", {"gap_target_days": 43}),
        ("protocol_gaps_are_in_order_and_at_least_28_days", {"gap_max_days": 91}),
        ("protocol_sessions_are_in_order", {"sessions_min": 6}),
        ("protocol_sessions_are_in_order", {"sessions_max": 13}),
        ("protocol_minutes_are_plausible", {"first_area_minutes": 4}),
        ("protocol_minutes_are_plausible", {"most_minutes": 121}),
        ("protocol_minutes_are_plausible", {"numbing_minutes": 121}),
    ],
)
def test_a_protocol_makes_sense(site, guard, values):
    with refused(guard):
        making.make_protocol(site.indication, 2, **values)


def test_an_area_is_listed_once(visit, site):
    with refused("an_area_is_listed_once_per_appointment"):
        areas_of(visit, site.areas)[0].save()


@pytest.mark.parametrize("values", [{"status": "cancelled"}, {"status": "booked"}, {"number": 9}])
def test_a_visit_that_was_held_stays_so(visit, values):
    change(visit, status="arrived")
    change(visit, status="fulfilled")
    with refused("a visit that was held stays so"):
        change(visit, **values)


def test_a_visit_and_its_areas_are_never_deleted(visit):
    for row, guard in ((visit, "never deleted"), (visit.areas.first(), "Cannot delete")):
        with refused(guard), connection.cursor() as cursor:
            cursor.execute(f"DELETE FROM {row._meta.db_table} WHERE id = %s", [row.pk])  # noqa: S608 - our own names


def test_the_areas_of_a_visit_stay(visit, other):
    nose = people.make_area("nose", "Nose", 3)
    with refused("Cannot update"):
        change(visit.areas.first(), area=nose)
    with refused("Cannot update"):
        change(visit.areas.first(), appointment=other)
