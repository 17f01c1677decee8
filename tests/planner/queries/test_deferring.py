"""What a deferral would do to a course: the rows beside a decision."""

import datetime as dt

import pytest
import time_machine
from django.urls import reverse

from planner.models import Appointment
from planner.queries.deferring import if_deferred
from tests import people
from tests.patients.screening.samples import yes
from tests.planner.making import MONDAY, NOW, every, screen

DAY = dt.timedelta(days=1)


def rows_of(found):
    return [(row.until, row.start and row.start.date(), row.moved, row.none) for row in found.rows]


def test_each_deferral_says_when_the_next_visit_can_be(course, ana, location):
    (found,) = if_deferred(ana.pk, location, NOW)
    assert (found.course, found.visit.number, found.before_on) == (course, 1, None)
    week, fortnight = MONDAY + 7 * DAY, MONDAY + 14 * DAY
    assert rows_of(found) == [(week, week, 0, ""), (fortnight, fortnight, 1, "")]


def test_a_visit_that_is_here_gets_another_date(course, ana, location):
    Appointment.objects.filter(course=course, number=1).update(status="arrived", arrived_at=NOW)
    (found,) = if_deferred(ana.pk, location, NOW)
    assert found.visit.number == 1
    assert [row.start.date() for row in found.rows] == [MONDAY + 7 * DAY, MONDAY + 14 * DAY]
    assert list(course.appointments.order_by("number").values_list("on", flat=True)) == every(35)


def test_a_course_that_waits_is_not_tried(course, ana, location):
    course.status = "on_hold"
    course.save()
    assert if_deferred(ana.pk, location, NOW) == []


@pytest.mark.parametrize(("who", "shown"), [("priya", True), ("rosa", False), ("mona", False)])
def test_it_stands_beside_the_decision_of_who_decides(request, who, shown, course, ana, site, rosa):
    saved = screen(ana, site, rosa, at=NOW + dt.timedelta(hours=1), EPILEPSY=yes())
    with time_machine.travel(NOW + dt.timedelta(hours=2), tick=False):
        browser = people.sign_in(request.getfixturevalue(who))
        page = browser.get(reverse("screening_detail", args=[saved.pk])).content.decode()
    assert ("If you defer" in page) is shown
