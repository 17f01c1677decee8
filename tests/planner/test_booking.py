"""Booking a whole course: what is written, what is refused and in which words, what a second call does."""

import datetime as dt
import threading
import uuid
from dataclasses import replace

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from clinic.models import OutboxMessage
from clinic.refusals import Refusal
from patients.screenings import decide_finding
from planner import booking
from planner.models import Appointment, AppointmentArea, AppointmentEvent, TreatmentCourse
from tests import people
from tests.kept import kept
from tests.patients.screening.samples import NOT_SURE, yes
from tests.planner import making
from tests.planner.making import MONDAY, NOW, asking, book, every, make_patient, screen, slots_at

DAY = dt.timedelta(days=1)


def utc(*parts):
    return dt.datetime(*parts, tzinfo=dt.UTC)


def refused(command, *args, **how):
    """Call a command that must refuse; return the refusal and see that nothing was written."""
    before = written()
    with pytest.raises(Refusal) as caught:
        command(*args, **how)
    assert written() == before
    return caught.value


def written():
    """Every row the diary holds."""
    tables = (TreatmentCourse, Appointment, AppointmentArea, AppointmentEvent, OutboxMessage)
    return [list(model.objects.order_by("pk").values_list()) for model in tables]


# The whole result


def test_book_course_writes_every_row_of_the_course(site, ana, rosa):
    key = uuid.UUID(int=7)
    course = book(ana, site, rosa, key=key)
    facts = TreatmentCourse.objects.values().get()
    screening = ana.screenings.get()
    assert facts.pop("booking_hash") == course.booking_hash
    assert facts == {
        "id": course.pk,
        "patient_id": ana.pk,
        "location_id": site.location.pk,
        "indication_id": site.indication.pk,
        "protocol_id": site.protocol.pk,
        "screening_id": screening.pk,
        "sessions": 4,
        "gap_min_days": 28,
        "gap_target_days": 35,
        "gap_max_days": 42,
        "treatment_minutes": 25,
        "numbing_minutes": 30,
        "wishes": asking(site).wishes() | {"area_ids": [area.pk for area in site.areas], "weekdays": []},
        "proposal": "best_fit",
        "status": "active",
        "status_reason": "",
        "booking_key": key,
        "created_at": NOW,
        "created_by_id": rosa.pk,
        "earlier_since": None,
        "earlier_note": "",
        "version": 1,
    }
    assert set(course.areas.all()) == set(site.areas)


def test_book_course_writes_every_visit_with_all_its_claims(site, ana, rosa):
    person = site.practitioners[1]
    person.before_minutes, person.after_minutes = 5, 10
    person.save()
    slots = slots_at(site, every(35), practitioner=1, room=1)
    course = book(ana, site, rosa, slots=slots)
    first = course.appointments.values().get(number=1)
    first.pop("id")
    assert first == {
        "kind": "treatment",
        "course_id": course.pk,
        "number": 1,
        "patient_id": ana.pk,
        "location_id": site.location.pk,
        "practitioner_id": person.pk,
        "room_id": site.rooms[1].pk,
        "device_id": site.devices[0].pk,
        "status": "booked",
        "start": utc(2026, 9, 7, 9, 0),  # ten o'clock in London, in summer
        "treatment_start": utc(2026, 9, 7, 9, 30),
        "end": utc(2026, 9, 7, 9, 55),
        "room_until": utc(2026, 9, 7, 10, 5),
        "practitioner_from": utc(2026, 9, 7, 9, 25),
        "practitioner_until": utc(2026, 9, 7, 10, 5),
        "device_from": utc(2026, 9, 7, 9, 30),
        "device_until": utc(2026, 9, 7, 9, 55),
        "on": MONDAY,
        "gap_days": 28,
        "course_gap_days": 28,
        "next_earliest_on": MONDAY + 28 * DAY,
        "short_gap_reason": "",
        "is_pinned": False,
        "confirmed_at": None,
        "arrived_at": None,
        "status_reason": "",
        "version": 1,
    }
    assert list(course.appointments.order_by("number").values_list("number", "on")) == list(
        enumerate(every(35), 1)
    )


def test_book_course_writes_areas_events_and_one_message(site, ana, rosa):
    course = book(ana, site, rosa)
    visits = list(course.appointments.order_by("number"))
    areas = AppointmentArea.objects.order_by("appointment__number", "area__position")
    assert list(areas.values_list("appointment", "area", "patient", "on", "next_earliest_on", "status")) == [
        (visit.pk, area.pk, ana.pk, visit.on, visit.on + 28 * DAY, "booked")
        for visit in visits
        for area in site.areas
    ]
    assert list(
        AppointmentEvent.objects.order_by("pk").values_list("appointment", "kind", "at", "by", "reason")
    ) == [(visit.pk, "booked", NOW, rosa.pk, "") for visit in visits]
    message = OutboxMessage.objects.values().get()
    message.pop("id")
    assert message == {
        "kind": "course_booked",
        "subject_id": course.pk,
        "version": 1,
        "due_at": NOW + dt.timedelta(minutes=10),
        "sent_at": None,
        "claimed_until": None,
        "dropped_because": "",
        "tries": 0,
    }


def test_book_course_without_a_device_claims_none(site, ana, rosa):
    for person in site.practitioners:
        person.devices.clear()
    slots = [
        making.Slot(one.start, one.practitioner_id, one.room_id, None) for one in slots_at(site, every(35))
    ]
    course = book(ana, site, rosa, slots=slots)
    assert set(course.appointments.values_list("device", "device_from", "device_until")) == {
        (None, None, None)
    }


# Refusals


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


def with_two_pens(site):
    pen = site.location.devices.create(name="Pen 2", model_name="Fine 3")
    for person in site.practitioners:
        person.devices.add(pen)
    return replace(site, devices=(*site.devices, pen))


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


# The same again


def test_book_course_twice_with_one_key_is_one_course(site, ana, rosa):
    key = uuid.uuid4()
    first = book(ana, site, rosa, key=key)
    before = written()
    assert book(ana, site, rosa, key=key).pk == first.pk
    assert written() == before


def test_book_course_refuses_a_key_that_booked_other_dates(site, ana, rosa):
    key = uuid.uuid4()
    book(ana, site, rosa, key=key)
    later = slots_at(site, every(35), dt.time(14))
    refusal = refused(book, ana, site, rosa, key=key, slots=later)
    assert (refusal.code, refusal.stale) == ("booking_key_reused", True)


def at_once(*calls):
    """Run calls at the same time on their own connections; return what each gave or raised."""
    start, told = threading.Barrier(len(calls)), []

    def one(call):
        start.wait()
        try:
            told.append(call())
        except Exception as error:
            told.append(error)
        finally:
            connection.close()

    threads = [threading.Thread(target=one, args=[call]) for call in calls]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return told


@pytest.mark.django_db(transaction=True)
def test_book_course_at_once_with_one_key_is_one_course(site, ana, rosa):
    key = uuid.uuid4()
    told = at_once(*[lambda: book(ana, site, rosa, key=key)] * 4)
    course = TreatmentCourse.objects.get()
    assert told == [course] * 4
    assert (Appointment.objects.count(), OutboxMessage.objects.count()) == (4, 1)


@pytest.mark.django_db(transaction=True)
def test_book_course_at_once_with_one_key_and_nothing_in_common_is_one_course(site, ana, rosa):
    site = with_two_pens(site)
    bea = make_patient(rosa)
    screen(bea, site, rosa)
    key = uuid.uuid4()
    elsewhere = slots_at(site, every(35), practitioner=1, room=1, device=1)
    told = at_once(
        lambda: book(ana, site, rosa, key=key),
        lambda: book(bea, site, rosa, key=key, slots=elsewhere),
    )
    assert [one.code for one in told if isinstance(one, Exception)] == ["booking_key_reused"]
    assert TreatmentCourse.objects.count() == 1


# Wall clocks


def spring_and_autumn(site, ana, rosa, first, time):
    """Book four visits 35 days apart from a date on; return their instants and gaps in local days."""
    at = dt.datetime.combine(first - DAY, dt.time(17), dt.UTC)  # one date in all these zones
    screen(ana, site, rosa, at=at)
    days = every(35, first=first)
    course = book(
        ana, site, rosa, slots=slots_at(site, days, time), at=at, request=asking(site, start_from=first)
    )
    visits = course.appointments.order_by("number")
    assert [visit.on for visit in visits] == days
    return [visit.start.isoformat() for visit in visits]


def test_book_course_keeps_the_wall_clock_over_the_end_of_summer_time_in_london(site, ana, rosa):
    # 25 October 2026: clocks go back
    assert spring_and_autumn(site, ana, rosa, dt.date(2026, 9, 21), dt.time(9, 30)) == [
        "2026-09-21T08:30:00+00:00",
        "2026-10-26T09:30:00+00:00",
        "2026-11-30T09:30:00+00:00",
        "2027-01-04T09:30:00+00:00",
    ]


def test_book_course_keeps_the_wall_clock_over_the_start_of_summer_time_in_london(site, ana, rosa):
    # 28 March 2027: clocks go forward
    assert spring_and_autumn(site, ana, rosa, dt.date(2027, 2, 22), dt.time(9, 30)) == [
        "2027-02-22T09:30:00+00:00",
        "2027-03-29T08:30:00+00:00",
        "2027-05-03T08:30:00+00:00",
        "2027-06-07T08:30:00+00:00",
    ]


@pytest.fixture
def abroad(site, rosa, request):
    """A second location in another zone, with its own room; Priya works there too. Rosa signs in there."""
    return making.make_branch(site, *request.param)


NEW_YORK = ("Hudson", "America/New_York")
PHOENIX = ("Saguaro", "America/Phoenix")
AUCKLAND = ("Harakeke", "Pacific/Auckland")
KOLKATA = ("Lotus", "Asia/Kolkata")


@pytest.mark.parametrize("abroad", [NEW_YORK], indirect=True)
def test_book_course_keeps_the_wall_clock_over_both_changes_in_new_york(abroad, ana, rosa):
    # 1 November 2026: clocks go back
    assert spring_and_autumn(abroad, ana, rosa, dt.date(2026, 9, 28), dt.time(9, 30)) == [
        "2026-09-28T13:30:00+00:00",
        "2026-11-02T14:30:00+00:00",
        "2026-12-07T14:30:00+00:00",
        "2027-01-11T14:30:00+00:00",
    ]
    # 14 March 2027: clocks go forward
    assert spring_and_autumn(abroad, ana, rosa, dt.date(2027, 2, 15), dt.time(9, 30)) == [
        "2027-02-15T14:30:00+00:00",
        "2027-03-22T13:30:00+00:00",
        "2027-04-26T13:30:00+00:00",
        "2027-05-31T13:30:00+00:00",
    ]


@pytest.mark.parametrize(
    ("abroad", "starts"),
    [
        (PHOENIX, ["2026-09-21T16:30", "2026-10-26T16:30", "2026-11-30T16:30", "2027-01-04T16:30"]),
        # its mornings are still the day before in UTC; 27 September 2026: clocks go forward
        (AUCKLAND, ["2026-09-20T21:30", "2026-10-25T20:30", "2026-11-29T20:30", "2027-01-03T20:30"]),
        (KOLKATA, ["2026-09-21T04:00", "2026-10-26T04:00", "2026-11-30T04:00", "2027-01-04T04:00"]),
    ],
    indirect=["abroad"],
)
def test_book_course_keeps_the_wall_clock_of_zones_near_and_far(abroad, ana, rosa, starts):
    booked = spring_and_autumn(abroad, ana, rosa, dt.date(2026, 9, 21), dt.time(9, 30))
    assert booked == [f"{start}:00+00:00" for start in starts]


# Arrivals and cancellations


@kept
def visit(site, ana, rosa):
    """Ana's first visit, today at ten."""
    return book(ana, site, rosa).appointments.get(number=1)


TEN = utc(2026, 9, 7, 9, 0)


def state(visit):
    """What the diary says of a visit: status, reason, arrival, version, its areas, its events."""
    visit = Appointment.objects.get(pk=visit.pk)
    return (
        visit.status,
        visit.status_reason,
        visit.arrived_at,
        visit.version,
        sorted(set(visit.areas.values_list("status", flat=True))),
        list(visit.events.values_list("kind", "at", "by__name", "reason")),
    )


BOOKED = ("booked", NOW, "Rosa Diaz", "")


def test_check_in_is_recorded_with_who_and_when(visit, rosa):
    booking.check_in(visit, by=rosa, at=TEN)
    assert state(visit) == ("arrived", "", TEN, 2, ["arrived"], [BOOKED, ("arrived", TEN, "Rosa Diaz", "")])


def test_check_in_twice_changes_nothing(visit, rosa, priya):
    booking.check_in(visit, by=rosa, at=TEN)
    before = state(visit)
    booking.check_in(visit, by=priya, at=TEN + dt.timedelta(minutes=1))
    assert state(visit) == before


def test_check_in_is_only_for_visits_of_today(visit, rosa):
    assert refused(booking.check_in, visit, by=rosa, at=TEN - DAY).code == "not_today"
    assert refused(booking.check_in, visit, by=rosa, at=TEN + DAY).code == "not_today"


def test_undo_check_in_goes_back_to_booked(visit, rosa):
    booking.check_in(visit, by=rosa, at=TEN)
    booking.undo_check_in(visit, by=rosa, at=TEN)
    arrived, undone = ("arrived", TEN, "Rosa Diaz", ""), ("unarrived", TEN, "Rosa Diaz", "")
    assert state(visit) == ("booked", "", None, 3, ["booked"], [BOOKED, arrived, undone])


def test_cancel_frees_the_slot_and_keeps_the_other_visits(visit, site, rosa):
    booking.cancel_appointment(visit, reason="Has a cold", by=rosa, at=NOW)
    assert state(visit) == (
        "cancelled",
        "Has a cold",
        None,
        2,
        ["cancelled"],
        [BOOKED, ("cancelled", NOW, "Rosa Diaz", "Has a cold")],
    )
    assert list(visit.course.appointments.order_by("number").values_list("status", flat=True)) == [
        "cancelled",
        "booked",
        "booked",
        "booked",
    ]
    other = make_patient(rosa)
    screen(other, site, rosa)
    assert book(other, site, rosa, slots=slots_at(site, every(28))).appointments.count() == 4


def test_cancel_needs_a_reason(visit, rosa):
    refusal = refused(booking.cancel_appointment, visit, reason="  ", by=rosa, at=NOW)
    assert (refusal.code, refusal.field) == ("reason_missing", "reason")


def test_cancel_after_arrival(visit, rosa):
    booking.check_in(visit, by=rosa, at=TEN)
    booking.cancel_appointment(visit, reason="Felt faint", by=rosa, at=TEN)
    assert state(visit)[0] == "cancelled"


def test_no_show_only_from_the_start_on(visit, rosa):
    assert refused(booking.mark_no_show, visit, by=rosa, at=TEN - dt.timedelta(minutes=1)).code == "not_yet"
    booking.mark_no_show(visit, by=rosa, at=TEN)
    assert state(visit) == ("noshow", "", None, 2, ["noshow"], [BOOKED, ("noshow", TEN, "Rosa Diaz", "")])


@pytest.mark.parametrize(
    ("first", "then"),
    [
        ("cancel_appointment", "check_in"),
        ("cancel_appointment", "undo_check_in"),
        ("cancel_appointment", "mark_no_show"),
        ("mark_no_show", "check_in"),
        ("mark_no_show", "undo_check_in"),
        ("mark_no_show", "cancel_appointment"),
        ("check_in", "mark_no_show"),
    ],
)
def test_what_is_over_stays_over(visit, rosa, first, then):
    def call(name):
        reason = {"reason": "Ill"} if name == "cancel_appointment" else {}
        return lambda: getattr(booking, name)(visit, by=rosa, at=TEN, **reason)

    call(first)()
    refusal = refused(call(then))
    assert (refusal.code, refusal.stale) == ("status_changed", True)


@pytest.mark.parametrize("command", ["check_in", "undo_check_in", "cancel_appointment", "mark_no_show"])
def test_a_closed_account_changes_no_visit(visit, otto, command):
    how = {"reason": "Ill"} if command == "cancel_appointment" else {}
    assert refused(getattr(booking, command), visit, by=otto, at=TEN, **how).code == "role"


@pytest.mark.django_db(transaction=True)
def test_cancel_at_once_by_two_is_one_cancellation(visit, rosa, priya):
    told = at_once(
        lambda: booking.cancel_appointment(visit, reason="Ill", by=rosa, at=NOW),
        lambda: booking.cancel_appointment(visit, reason="Ill", by=priya, at=NOW),
    )
    assert told == [visit, visit]
    assert visit.events.filter(kind="cancelled").count() == 1
