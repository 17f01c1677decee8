"""Moving on the pages: the form, the preview, confirming, what is refused, taking back."""

import datetime as dt
import html
import re

import pytest
from django.contrib.messages import get_messages
from django.urls import reverse

from clinic.models import Closure
from patients.models import Patient
from planner.models import CourseChange
from tests import people
from tests.planner import making
from tests.planner.crowding import crowd
from tests.planner.making import every, slots_at
from tests.planner.moves import dates, visit
from tests.planner.reading import main, queries, rows

pytestmark = pytest.mark.usefixtures("monday", "mornings")

DAY = dt.timedelta(days=1)
DAYS = every(35)


def address(course, number, **query):
    url = reverse("appointment_move", args=[visit(course, number).pk])
    return url + ("?" + "&".join(f"{name}={value}" for name, value in query.items()) if query else "")


def sealed(page):
    """The hidden order of a preview."""
    return html.unescape(re.search(r'name="change" value="([^"]+)"', page.content.decode())[1])


def confirm(client, course, page, **how):
    return client.post(reverse("course_change", args=[course.pk]), {"change": sealed(page)}, **how)


@pytest.mark.parametrize("who", ["rosa", "priya", "mona"])
def test_every_role_moves_a_visit_from_preview_to_undo(client_for, course, who, request):
    client = client_for(request.getfixturevalue(who))
    page = client.get(address(course, 2, start="2026-10-14T11:00"))
    assert "Move visit 2 of" in main(page)
    assert rows(page)[2] == (
        "2 Mon 12 Oct, 10:00 Wed 14 Oct 2026, 11:00 2 d later asked for"
        " 5 wk 5 wk 2 d Priya Nair Room 1 Change"
    )
    assert dates(course)[2] == DAYS[1]  # nothing moved yet
    answer = confirm(client, course, page, follow=True)
    assert dates(course)[2] == DAYS[1] + 2 * DAY
    change = CourseChange.objects.get()
    toast = next(iter(get_messages(answer.wsgi_request)))
    assert toast.extra_tags == f"undo:{reverse('change_undo', args=[change.pk])}"
    assert "Visit moved" in main(answer)
    client.post(reverse("change_undo", args=[change.pk]))
    assert dates(course)[2] == DAYS[1]


def test_the_form_lists_free_times_and_leads_to_a_preview(client_for, rosa, course):
    client = client_for(rosa)
    page = client.get(address(course, 2))
    first = next(row for row in rows(page) if row.endswith("Take"))
    assert first.startswith("Sun 11 Oct 2026")
    link = html.unescape(re.search(r'href="(\?start=[^"]+)"', page.content.decode())[1])
    assert client.get(address(course, 2) + link).status_code == 200


def test_a_board_may_open_the_preview_with_an_instant(client_for, rosa, site, course):
    start = "2026-10-13T09:00:00%2B00:00"  # ten o'clock in London
    other, room = site.practitioners[1], site.rooms[1]
    page = client_for(rosa).get(address(course, 2, start=start, practitioner=other.pk, room=room.pk))
    assert "Tue 13 Oct 2026, 10:00" in rows(page)[2]
    assert "Priya Nair Daniel Okafor Room 1 Room 2" in rows(page)[2]


@pytest.mark.parametrize(
    ("query", "said"),
    [
        ({"on": "31 Nov 2026", "at": "10:00"}, "Date: November 2026 has no day 31."),
        ({"on": "13 Oct 2026", "at": ""}, "Arrives at: Write a time such as 09:30."),
        ({"on": "1 Sep 2026", "at": "10:00"}, "Date: This day is over. Pick today or a later day."),
        ({"on": "28 Mar 2027", "at": "01:30"}, "this time does not exist"),
        ({"on": "13 Oct 2026", "at": "10:07"}, "Visits start every 15 minutes."),
        ({"start": "nonsense"}, ""),
        ({"on": "13 Oct 2026", "at": "10:00", "practitioner": "999"}, "Practitioner"),
    ],
)
def test_a_wrong_place_is_said_beside_the_form(client_for, rosa, course, query, said):
    page = client_for(rosa).get(address(course, 2, **query))
    assert page.status_code == (422 if said else 200)
    assert said in main(page)


def test_a_closed_day_says_why_and_what_is_free_near_it(client_for, rosa, site, course):
    day = DAYS[1] + DAY
    Closure.objects.create(location=site.location, first_date=day, last_date=day, reason="Inventory")
    page = client_for(rosa).get(address(course, 2, start=f"{day}T10:00"))
    assert page.status_code == 422
    assert "Larkmoor is closed on Tue 13 Oct 2026: Inventory." in main(page)
    assert any(row.startswith(("Mon 12 Oct", "Wed 14 Oct")) for row in rows(page))


def test_a_slot_taken_while_the_page_was_open_gives_409_and_the_nearest(client_for, rosa, site, course):
    client, day = client_for(rosa), DAYS[1] + DAY
    page = client.get(address(course, 2, start=f"{day}T10:00"))
    bea = making.make_patient(rosa)
    making.screen(bea, site, rosa)
    asked = making.asking(site, start_from=day)
    making.book(bea, site, rosa, slots=slots_at(site, every(35, first=day)), request=asked)
    answer = confirm(client, course, page)
    assert answer.status_code == 409
    assert "Tue 13 Oct 2026, 10:00 was just taken. Nothing was changed." in main(answer)
    assert 'value="13 Oct 2026"' in answer.content.decode()  # what was wanted is still there
    assert any(row.startswith("Tue 13 Oct 2026") for row in rows(answer))


def test_a_visit_moved_by_a_colleague_gives_409_and_says_by_whom(client_for, rosa, mona, course):
    rosas, monas = client_for(rosa), client_for(mona)
    mine = rosas.get(address(course, 2, start="2026-10-13T10:00"))
    confirm(monas, course, monas.get(address(course, 2, start="2026-10-14T10:00")))
    answer = confirm(rosas, course, mine)
    assert answer.status_code == 409
    assert "Mona Weiss changed visit 2 at 07:00. It is on Wed 14 Oct 2026, 10:00 now." in main(answer)


def test_back_after_confirm_and_a_second_click_change_nothing_more(client_for, rosa, course):
    client = client_for(rosa)
    page = client.get(address(course, 2, start="2026-10-14T11:00"))
    assert [confirm(client, course, page).status_code for _ in range(2)] == [302, 302]
    assert CourseChange.objects.count() == 1
    client.post(reverse("change_undo", args=[CourseChange.objects.get().pk]))
    again = confirm(client, course, page, follow=True)
    assert "This change was taken back." in main(again)
    assert dates(course)[2] == DAYS[1]


def test_a_forged_order_changes_nothing(client_for, rosa, course):
    answer = client_for(rosa).post(
        reverse("course_change", args=[course.pk]), {"change": "made up"}, follow=True
    )
    assert "Nothing was changed." in main(answer)


def test_later_visits_are_kept_or_move_along(client_for, rosa, course):
    client = client_for(rosa)
    page = client.get(address(course, 2, start="2026-10-22T10:00"))
    assert "Move 2 visits of" in main(page) and "Keep later visits" in main(page)
    kept = client.get(address(course, 2, start="2026-10-22T10:00", later="keep"))
    assert kept.status_code == 422
    assert "The next visit keeps its date" in main(kept)


def test_a_cancelled_visit_gets_a_new_date_after_its_preview(client_for, rosa, course):
    client, url = client_for(rosa), reverse("appointment_cancel", args=[visit(course, 2).pk])
    first = client.get(url).context["form"].initial
    page = client.post(url, first | {"reason": "On holiday", "then": "rebook"})
    assert page.status_code == 200
    assert "and book a new date?" in main(page) and "Cancel 1 and book 1 visit" in main(page)
    confirm(client, course, page)
    assert sorted(dates(course)) == [1, 2, 3, 4]
    assert dates(course)[2] != DAYS[1]


def test_a_course_short_of_dates_is_one_click_from_its_preview(client_for, rosa, course):
    client = client_for(rosa)
    url = reverse("appointment_cancel", args=[visit(course, 2).pk])
    client.post(url, client.get(url).context["form"].initial | {"reason": "Ill"})
    page = client.get(reverse("course_replan", args=[course.pk]))
    assert "Book 1 visit" in main(page)
    confirm(client, course, page)
    assert sorted(dates(course)) == [1, 2, 3, 4]
    assert "Nothing has to move." in main(client.get(reverse("course_replan", args=[course.pk])))


def test_not_before_moves_what_is_earlier(client_for, rosa, course):
    page = client_for(rosa).get(reverse("course_replan", args=[course.pk]) + "?first=14 Sep 2026")
    assert "Mon 14 Sep 2026" in rows(page)[1]


def test_a_course_is_held_resumed_extended_and_stopped(client_for, rosa, course):
    client = client_for(rosa)
    hold = reverse("course_hold", args=[course.pk])
    key = client.get(hold).context["form"].initial
    assert client.post(hold, key | {"reason": "", "dates": "release"}).status_code == 422
    answer = client.post(hold, key | {"reason": "Abroad", "dates": "release"}, follow=True)
    assert "On hold Abroad" in main(answer) and dates(course) == {}
    page = client.get(reverse("course_resume", args=[course.pk]))
    assert "Resume the course of" in main(page)
    confirm(client, course, page)
    assert sorted(dates(course)) == [1, 2, 3, 4]
    extend = reverse("course_extend", args=[course.pk])
    assert "4 visits now, 6 at most" in main(client.get(extend))
    confirm(client, course, client.get(extend + "?sessions=5"))
    assert sorted(dates(course)) == [1, 2, 3, 4, 5]
    stop = reverse("course_stop", args=[course.pk])
    client.post(stop, client.get(stop).context["form"].initial | {"reason": "Moving away"})
    course.refresh_from_db()
    assert (course.status, dates(course)) == ("stopped", {})


def test_a_course_that_wants_a_newer_screen_leads_to_it_and_back(client_for, rosa, course, monday):
    course.status = "on_hold"
    course.save()
    monday.shift(40 * DAY)
    client, resume = client_for(rosa), reverse("course_resume", args=[course.pk])
    answer = client.get(resume)
    assert "The screen of Mon 7 Sep 2026 is older than 30 days. Screen again." in main(answer)
    link = html.unescape(re.search(r'href="(/patients/\d+/screening/new/[^"]+)"', answer.content.decode())[1])
    asked = client.get(link)
    assert asked.status_code == 200 and "Screen before booking" in main(asked)
    assert link.endswith(f"next={resume.replace('/', '%2F')}")


@pytest.mark.parametrize(
    ("contact", "said"),
    [
        ("email", "Ana gets one e-mail. It leaves after ten minutes"),
        ("none", "Call Ana. The patient does not want to be written to."),
    ],
)
def test_every_page_of_a_change_says_how_the_patient_hears_of_it(client_for, rosa, course, contact, said):
    Patient.objects.update(contact_by=contact)
    client, number = client_for(rosa), visit(course, 2).pk
    for name, key in (
        ("appointment_cancel", number),
        ("appointment_no_show", number),
        ("course_stop", course.pk),
    ):
        assert said in main(client.get(reverse(name, args=[key])))
    preview = main(client.get(address(course, 2, start="2026-10-14T11:00")))
    assert said.replace(". ", " ", 1) in preview
    assert said[:12] in main(client.get(reverse("course_hold", args=[course.pk])))


def test_a_held_course_offers_no_new_dates(client_for, rosa, course):
    course.status = "on_hold"
    course.save()
    answer = client_for(rosa).get(reverse("course_replan", args=[course.pk]))
    assert answer.status_code == 422
    assert "This course is on hold. Resume it first." in main(answer)


def test_a_pin_holds_a_visit(client_for, rosa, course):
    client, url = client_for(rosa), reverse("appointment_pin", args=[visit(course, 3).pk])
    client.post(url, {"pinned": "1"})
    client.post(url, {"pinned": "1"})
    assert visit(course, 3).is_pinned
    assert list(visit(course, 3).events.values_list("kind", flat=True)) == ["booked", "pinned"]
    answer = client.get(address(course, 2, start="2026-10-22T10:00"))
    assert answer.status_code == 422
    client.post(url, {})
    assert not visit(course, 3).is_pinned


@pytest.mark.parametrize("name", ["appointment_move", "appointment_pin"])
def test_visits_of_another_location_are_not_found(client_for, course, name):
    there = people.make_user("Nils Berg", "front_desk", people.make_location("Oslo", "Europe/Oslo"))
    url = reverse(name, args=[visit(course, 2).pk])
    method = client_for(there).post if name == "appointment_pin" else client_for(there).get
    assert method(url).status_code == 404


def test_pages_ask_as_much_for_many_visits_as_for_few(client_for, rosa, site, course):
    client = client_for(rosa)
    few = [
        queries(client, address(course, 3)),
        queries(client, address(course, 3, start="2026-11-17T11:00")),
        queries(client, reverse("course_detail", args=[course.pk])),
    ]
    crowd(course, 2)
    page = client.get(reverse("course_extend", args=[course.pk]) + "?sessions=6")
    confirm(client, course, page)
    many = [
        queries(client, address(course, 3)),
        queries(client, address(course, 3, start="2026-11-17T11:00")),
        queries(client, reverse("course_detail", args=[course.pk])),
    ]
    assert many == few
