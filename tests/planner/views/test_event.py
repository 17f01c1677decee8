"""Pages of adverse events: report, assess, close; where they show."""

import pytest
import time_machine
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from planner import booking, events
from planner.models import AdverseEvent
from tests import people
from tests.kept import kept
from tests.planner import treating
from tests.planner.treating import MINUTE, SIGNED

ON = SIGNED.date()


@pytest.fixture(autouse=True)
def now():
    """It is the evening of the first visit."""
    with time_machine.travel(SIGNED + 60 * MINUTE, tick=False) as traveller:
        yield traveller


@kept
def signed(ana, site, priya, rosa):
    """Ana's first visit is over."""
    stock = treating.make_stock(site.location)
    treating.approve_texts(priya.practitioner)
    visit = treating.arrive(ana, site, rosa)
    treating.consent(ana, site, rosa)
    treating.screen_today(visit, priya)
    return treating.sign(treating.complete(treating.start(visit, priya), site, stock, priya), priya)


@kept
def reported(signed, rosa):
    """Rosa took a call."""
    areas = [link.area for link in signed.areas.select_related("area")]
    return events.report_event(
        signed.patient, session=signed, areas=areas, onset_on=ON, said="It burns.", by=rosa
    )


def text_of(page):
    return page.content.decode()


def new(patient):
    return reverse("event_create", args=[patient.pk])


def detail(event):
    return reverse("event_detail", args=[event.pk])


def test_the_desk_reports_without_kind_and_grade(client_for, rosa, signed, cheeks):
    desk = client_for(rosa)
    assert set(desk.get(new(signed.patient)).context["form"].fields) == {
        "session",
        "areas",
        "onset_on",
        "said",
    }
    typed = {"session": signed.pk, "areas": cheeks.pk, "onset_on": "7 Sep 2026", "said": "It burns."}
    answer = desk.post(new(signed.patient), typed)
    assert answer.url == reverse("patient_detail", args=[signed.patient_id])
    event = AdverseEvent.objects.get()
    assert (event.code, event.session, list(event.areas.all())) == ("", signed, [cheeks])
    page = text_of(desk.get(answer.url))
    assert "1 open. A practitioner looks at it before the next visit." in page and "It burns" not in page


def test_nothing_typed_is_lost_when_something_is_missing(client_for, rosa, signed):
    page = client_for(rosa).post(new(signed.patient), {"onset_on": "8 Sep 2026", "said": "It burns."})
    assert page.status_code == 422
    assert page.context["form"].errors == {"onset_on": ["This day has not come yet."]}
    assert "It burns." in text_of(page)


def test_a_practitioner_assesses_and_closes(client_for, priya, reported):
    room = client_for(priya)
    assert "Reported, not assessed" in text_of(room.get(detail(reported)))
    typed = {
        "version": 1,
        "code": "AE_CONTACT_DERM",
        "grade": "2",
        "text": "Products stopped.",
        "holds": "on",
    }
    assert room.post(detail(reported), typed | {"not_before": "2 Nov 2026"}).status_code == 302
    page = text_of(room.get(detail(reported)))
    assert "Contact dermatitis" in page and "Stop products. Review." in page and "Products stopped." in page
    closing = reverse("event_close", args=[reported.pk])
    version = room.get(closing).context["form"]["version"].value()
    typed = {"version": version, "ending": "resolved", "text": "Gone.", "password": "wrong"}
    assert room.post(closing, typed).status_code == 422
    assert room.post(closing, typed | {"password": people.PASSWORD}).status_code == 302
    reported.refresh_from_db()
    assert (reported.ending, reported.closed_by) == ("resolved", priya)
    assert "Closed: settled." in text_of(room.get(detail(reported)))


def test_an_older_page_does_not_overwrite(client_for, priya, reported):
    room = client_for(priya)
    typed = {"version": 1, "code": "AE_CONTACT_DERM", "grade": "2", "text": "Seen.", "holds": "on"}
    room.post(detail(reported), typed)
    late = room.post(detail(reported), typed | {"grade": "1", "text": "Mine."})
    assert late.status_code == 409
    assert "Mine." in text_of(late)


def test_today_asks_for_what_is_not_assessed(client_for, priya, reported):
    page = text_of(client_for(priya).get(reverse("today")))
    assert "has a reaction to assess" in page and detail(reported) in page


def test_the_record_shows_its_events(client_for, priya, reported, signed):
    page = text_of(client_for(priya).get(reverse("session_detail", args=[signed.pk])))
    assert "Reported, not assessed" in page and "It burns." in page


def test_the_start_of_the_next_visit_names_what_holds_it(client_for, priya, reported, signed, rosa, now):
    visit = signed.appointment.course.appointments.get(number=2)
    now.move_to(visit.start + 5 * MINUTE)
    booking.check_in(visit, by=rosa, at=visit.start)
    treating.screen_today(visit, priya, at=visit.start + MINUTE)
    page = text_of(client_for(priya).get(reverse("session_start", args=[visit.pk])))
    assert "A reaction since 7\xa0Sep is reported and not assessed." in page
    assert "See what holds it" in page and "Start visit" not in page


def test_the_patients_page_needs_the_same_queries_for_one_and_three_events(
    client_for, priya, reported, signed, rosa, django_assert_num_queries
):
    room, url = client_for(priya), reverse("patient_detail", args=[signed.patient_id])
    room.get(url)
    with CaptureQueriesContext(connection) as first:
        room.get(url)
    for _ in range(2):
        events.report_event(signed.patient, session=signed, onset_on=ON, said="More.", by=rosa)
    with django_assert_num_queries(len(first)):
        room.get(url)
