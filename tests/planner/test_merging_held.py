"""Two files of one person treated too early under both: facts are kept, nothing new comes too soon."""

import datetime as dt

import pytest
from django.db import DatabaseError, IntegrityError, transaction
from django.db.models import F
from django.urls import reverse

from clinic.refusals import Refusal
from planner.merging import undo_merge
from planner.models import Appointment, AppointmentArea
from planner.moving import Kind
from planner.queries.merging_visits import close_of, joined_by, obstacles_of
from tests.kept import kept
from tests.planner import making
from tests.planner.making import MONDAY, NOW, every
from tests.planner.merges import REASON, merge_two
from tests.planner.moves import look, move
from tests.planner.reading import main

DAY = dt.timedelta(days=1)
TIMES = ("start", "treatment_start", "end", "room_until", "practitioner_from", "practitioner_until")
TIMES += ("device_from", "device_until")
LATER = NOW + 40 * DAY
SOON = MONDAY + 10 * DAY  # when the other file was treated: too early for one person


def hold(patient, site, by, first, hour):
    """A course of two visits held and ahead: the first one is over."""
    making.screen(patient, site, by)
    slots = making.slots_at(site, every(35, first=first), dt.time(hour))
    course = making.book(patient, site, by, slots=slots, request=making.asking(site, start_from=first))
    course.appointments.filter(number=1).update(status="fulfilled")
    return course


@kept
def pair(site, ana, rosa):
    """Ana, treated on MONDAY, and her second file, treated ten days later; nothing else is booked."""
    second = making.make_patient(rosa, given_name="Anna")
    for patient, first, hour in ((ana, MONDAY, 10), (second, SOON, 12)):
        course = hold(patient, site, rosa, first, hour)
        course.appointments.exclude(number=1).update(status="cancelled")
        type(course).objects.filter(pk=course.pk).update(status="stopped")
    return ana, second


def joined():
    return set(AppointmentArea.objects.filter(is_joined=1).values_list("appointment__patient", "on"))


def book_again(patient, site, by, first, at):
    making.screen(patient, site, by, at=at)
    request = making.asking(site, start_from=first)
    slots = making.slots_at(site, every(35, first=first), dt.time(15))
    return making.book(patient, site, by, slots=slots, request=request, at=at)


def test_what_was_held_too_close_is_kept_and_said(pair, mona, client_for):
    ana, second = pair
    assert obstacles_of(ana, second) == []
    (close,) = close_of(ana, second)
    said = (
        f"The visits of Mon 7 Sep 2026 ({ana.record_number}) and Thu 17 Sep 2026 ({second.record_number}) "
        "both treated cheeks, chin, 10 days apart instead of 28. Both were held and stay on file. "
        "The next treatment of this area is on Thu 15 Oct 2026 or later."
    )
    assert close.words.replace("\xa0", " ") == said
    page = client_for(mona).get(reverse("patient_merge", args=[ana.pk]) + f"?with={second.pk}")
    assert said in main(page) and "This stands against it" not in main(page)
    merge = merge_two(ana, second, by=mona, at=LATER)
    assert joined() == {(ana.pk, MONDAY), (ana.pk, SOON)}
    assert len(joined_by(merge)) == 1
    detail = client_for(mona).get(reverse("merge_detail", args=[merge.pk]))
    assert "Treated too early." in main(detail)
    undo_merge(merge, by=mona, at=LATER + DAY)
    assert joined() == set()
    assert set(Appointment.objects.filter(status="fulfilled").values_list("patient", "on")) == {
        (ana.pk, MONDAY),
        (second.pk, SOON),
    }


def test_nothing_new_comes_too_soon_after_either_of_them(pair, site, mona, rosa):
    ana, second = pair
    merge_two(ana, second, by=mona, at=NOW + 11 * DAY)
    at = NOW + 12 * DAY
    with pytest.raises(Refusal) as no:
        book_again(ana, site, rosa, SOON + 27 * DAY, at)
    assert no.value.code == "diary_changed"
    course = book_again(ana, site, rosa, SOON + 28 * DAY, at + dt.timedelta(minutes=1))
    with pytest.raises(Refusal):
        move(course, 1, SOON + 27 * DAY, rosa, at=at + dt.timedelta(minutes=2))
    preview = look(course, Kind.REPLANNED, at=at + dt.timedelta(minutes=3))
    assert preview.moves == ()


@kept
def again(pair, site, mona, rosa):
    """A visit of the merged file, far from what was held."""
    merge_two(*pair, by=mona, at=LATER)
    return book_again(pair[0], site, rosa, MONDAY + 90 * DAY, LATER + DAY).appointments.get(number=1)


@pytest.mark.parametrize("day", [MONDAY - 1 * DAY, MONDAY + 5 * DAY, SOON, SOON + 27 * DAY])
def test_postgresql_refuses_every_new_visit_too_close_to_a_joined_one(again, day):
    moved = {name: F(name) + (day - again.on) for name in TIMES}
    refused = pytest.raises(IntegrityError, match="an_area_keeps_its_gap_from_joined_visits")
    with refused, transaction.atomic():
        Appointment.objects.filter(pk=again.pk).update(on=day, next_earliest_on=day + 28 * DAY, **moved)


@pytest.mark.parametrize("joined", [0, 1])
def test_postgresql_lets_nobody_else_join_or_part(pair, mona, joined):
    ana, second = pair
    if joined:
        merge_two(ana, second, by=mona, at=LATER)
    with pytest.raises(DatabaseError, match="only by a merge"), transaction.atomic():
        AppointmentArea.objects.filter(status="fulfilled").update(is_joined=1 - joined)
    row = AppointmentArea.objects.filter(status="cancelled").values(
        "area_id", "patient_id", "on", "next_earliest_on", "status", "appointment_id"
    )[0]
    with pytest.raises(DatabaseError, match="only by a merge"), transaction.atomic():
        AppointmentArea.objects.create(**row, is_joined=1)


def test_a_visit_ahead_too_close_to_one_held_has_to_move_first(site, ana, rosa, mona, client_for):
    second = making.make_patient(rosa, given_name="Anna")
    hold(ana, site, rosa, MONDAY, 10).appointments.exclude(number=1).update(status="cancelled")
    making.screen(second, site, rosa)
    ahead = making.book(
        second,
        site,
        rosa,
        slots=making.slots_at(site, every(35, first=SOON), dt.time(12)),
        request=making.asking(site, start_from=SOON),
    )
    (obstacle,) = obstacles_of(ana, second)
    said = f"First move that of Thu 17 Sep 2026 ({second.record_number}) to Mon 5 Oct 2026 or later"
    assert obstacle.words.replace("\xa0", " ").endswith(f"{said}, or cancel it.")
    address = reverse("appointment_move", args=[ahead.appointments.get(number=1).pk])
    page = client_for(mona).get(reverse("patient_merge", args=[ana.pk]) + f"?with={second.pk}")
    assert said in main(page) and address in page.content.decode()
    with pytest.raises(Refusal, match="First move that"):
        merge_two(ana, second, by=mona, at=NOW)
    assert REASON  # the page asks for it; nothing was merged
    move(ahead, 1, MONDAY + 28 * DAY, rosa, time=dt.time(12))
    merge_two(ana, second, by=mona, at=NOW)


def test_of_three_files_each_part_is_taken_back_by_itself(pair, site, rosa, mona):
    ana, second = pair
    third = making.make_patient(rosa, given_name="Ann")
    course = hold(third, site, rosa, SOON + 9 * DAY, 14)
    course.appointments.exclude(number=1).update(status="cancelled")
    first = merge_two(ana, second, by=mona, at=LATER)
    later = merge_two(ana, third, by=mona, at=LATER + DAY)
    days = {MONDAY, SOON, SOON + 9 * DAY}
    assert joined() == {(ana.pk, day) for day in days}
    undo_merge(later, by=mona, at=LATER + 2 * DAY)
    assert joined() == {(ana.pk, MONDAY), (ana.pk, SOON)}
    undo_merge(first, by=mona, at=LATER + 3 * DAY)
    assert joined() == set()
