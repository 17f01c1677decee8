"""The manager is told which booked visits a change touches before it is saved."""

import datetime as dt

import pytest
import time_machine

from clinic.models import Closure, Room
from tests.kept import kept
from tests.planner import making


@pytest.fixture(autouse=True)
def _monday():
    with time_machine.travel(making.NOW, tick=False):
        yield


@kept
def course(location, acne_scars, cheeks, priya, rosa, rule_set):
    site = making.make_site(location, acne_scars, (cheeks,), priya.practitioner)
    patient = making.make_patient(rosa, given_name="Amara", family_name="Osei")
    making.screen(patient, site, rosa)
    return making.book(patient, site, rosa)


def closure(location, **changed):
    days = {"first_date": "12 Oct 2026", "last_date": "16 Nov 2026"}
    return {"location": location.pk, "reason": "Paint"} | days | changed


def test_a_closure_over_booked_visits_is_saved_only_once_they_were_seen(course, location, mona, client_for):
    client = client_for(mona)
    page = client.post("/settings/closures/new/", closure(location))
    assert page.status_code == 200
    assert [visit.on for visit in page.context["touched"]] == [dt.date(2026, 10, 12), dt.date(2026, 11, 16)]
    assert "Save and keep 2 visits booked" in page.text
    assert "Amara Osei" in page.text
    assert f'href="/courses/{course.pk}/"' in page.text
    assert "Mon\u00a012\u00a0Oct\u00a02026, 10:00" in page.text
    assert not Closure.objects.exists()
    seen = closure(location, seen=page.context["seen"])
    assert client.post("/settings/closures/new/", seen).status_code == 302
    assert Closure.objects.count() == 1
    assert course.appointments.filter(status="booked").count() == 4


def test_a_change_of_the_days_after_the_warning_warns_again(course, location, mona, client_for):
    client = client_for(mona)
    seen = client.post("/settings/closures/new/", closure(location)).context["seen"]
    longer = closure(location, seen=seen, last_date="21 Dec 2026")
    page = client.post("/settings/closures/new/", longer)
    assert len(page.context["touched"]) == 3
    assert not Closure.objects.exists()


def test_a_closure_without_visits_is_saved_at_once(course, location, mona, client_for):
    days = {"first_date": "13 Oct 2026", "last_date": "13 Oct 2026"}
    page = client_for(mona).post("/settings/closures/new/", closure(location, **days))
    assert page.status_code == 302


def test_switching_a_room_off_in_its_form_warns_first(course, location, mona, client_for):
    room = Room.objects.get(name="Room 1")
    typed = {"name": "Room 1", "location": location.pk, "turnover_minutes": "10"}
    page = client_for(mona).post(f"/settings/rooms/{room.pk}/", typed)
    assert "Save and keep 4 visits booked" in page.text
    room.refresh_from_db()
    assert room.is_active


def test_deleting_opening_hours_shows_the_visits_first(course, location, mona, client_for):
    hours = location.opening_hours.get(weekday=0)
    page = client_for(mona).get(f"/settings/opening-hours/{hours.pk}/delete/")
    assert len(page.context["touched"]) == 4
    assert "Delete Larkmoor: Monday 08:00–18:00?" in page.text


def test_a_practitioner_with_visits_cannot_be_deleted(course, priya, mona, client_for):
    person = priya.practitioner
    page = client_for(mona).post(f"/settings/people/{person.pk}/delete/")
    assert page.status_code == 422
    assert "Priya Nair is in use: " in page.text
    assert "4 appointments" in page.text
    assert "Switch it off instead." in page.text
    assert person.working_hours.count() == 7


def test_an_area_of_a_course_cannot_be_deleted(course, cheeks, mona, client_for):
    page = client_for(mona).post(f"/settings/areas/{cheeks.pk}/delete/")
    assert page.status_code == 422
    assert "Cheeks is in use: " in page.text
    assert list(course.areas.all()) == [cheeks]


def test_the_time_zone_of_a_location_with_visits_stays(course, location, mona, client_for):
    typed = {name: getattr(location, name) for name in ("name", "address", "phone", "paper")}
    typed |= {"emergency_number": "999", "grid_minutes": "15", "time_zone": "Europe/Paris"}
    typed |= {"reminder_days": "2", "write_from": "09:00", "write_until": "19:00"}
    page = client_for(mona).post(f"/settings/locations/{location.pk}/", typed)
    assert page.context["form"].errors == {"time_zone": ["This location has visits; its time zone stays."]}
