"""The desk's pages take as many queries for many rows as for one."""

import datetime as dt

import pytest
from django.urls import reverse

from clinic.models import Absence
from planner.models import TreatmentCourse
from tests.planner import making
from tests.planner.crowding import crowd
from tests.planner.making import MONDAY, NOW
from tests.planner.reading import queries

DAY = dt.timedelta(days=1)
IN_A_MONTH = NOW + 30 * DAY  # visit 2 is five days ahead and in its window


def wait(*courses):
    """Put them on the short-notice list."""
    TreatmentCourse.objects.filter(pk__in=[one.pk for one in courses]).update(earlier_since=NOW)


@pytest.mark.parametrize("at", [NOW, IN_A_MONTH], ids=["visits", "gaps"])
@pytest.mark.parametrize("name", ["today", "board", "short_notice", "day_list"])
def test_six_courses_take_as_many_queries_as_one(client_for, rosa, course, monday, name, at):
    monday.move_to(at)
    client, url = client_for(rosa), reverse(name)
    wait(course)
    few = queries(client, url)
    wait(*crowd(course, 5))
    assert queries(client, url, known=True) == few


def test_the_repair_of_four_courses_takes_as_many_queries_as_that_of_one(
    client_for, rosa, site, course, monday
):
    absent = {"start": NOW + 34 * DAY, "end": NOW + 37 * DAY, "reason": "Ill"}
    Absence.objects.create(room=site.rooms[0], **absent)
    client, url = client_for(rosa), reverse("diary_repair")
    few = queries(client, url)
    made = crowd(course, 3)
    Absence.objects.bulk_create(Absence(room=other.appointments.first().room, **absent) for other in made)
    page = client.get(url)
    assert len(page.context["repairs"]) == 4
    assert queries(client, url, known=True) == few


def test_a_patient_of_many_courses_takes_as_many_queries_as_one_of_one(client_for, rosa, course, monday):
    client, url = client_for(rosa), reverse("patient_detail", args=[course.patient_id])
    few = queries(client, url)
    over = [
        making.copied(course, booking_key=making.uuid.uuid4(), status="completed", created_at=NOW - n * DAY)
        for n in range(5)
    ]
    TreatmentCourse.objects.bulk_create(over)
    assert queries(client, url, known=True) == few
    assert len(client.get(url).context["views"]) == 6
    assert course.appointments.get(number=1).on == MONDAY
