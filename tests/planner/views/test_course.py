"""Courses: the list, one course, its itinerary on screen and on paper."""

import datetime as dt
import io
import re

import pytest
from django.urls import reverse
from pypdf import PdfReader

from planner.engine.check import check
from planner.engine.files import parse_problem
from planner.engine.model import epoch_minute
from planner.engine.series import solve
from planner.models import AftercareText, TreatmentCourse
from planner.shipped import load_shipped
from tests import people
from tests.kept import kept
from tests.planner import making
from tests.planner.making import MONDAY, every
from tests.planner.moves import cancel, miss
from tests.planner.reading import main, queries, rows

pytestmark = pytest.mark.usefixtures("monday")

PAGES = ["course_detail", "course_itinerary", "course_itinerary_pdf"]


@kept
def texts(priya):
    """Approved aftercare texts in English and Spanish."""
    load_shipped()
    AftercareText.objects.update(approved_by=priya.practitioner, approved_at=making.NOW)


def page_of(client, course, name="course_detail"):
    return client.get(reverse(name, args=[course.pk]))


@pytest.mark.parametrize("role", ["rosa", "priya", "mona"])
def test_course_pages_open_for_every_role(client_for, role, course, texts, request):
    client = client_for(request.getfixturevalue(role))
    assert [page_of(client, course, name).status_code for name in PAGES] == [200, 200, 200]
    assert client.get(reverse("course_list")).status_code == 200


@pytest.mark.parametrize("name", PAGES)
def test_course_pages_send_others_to_sign_in(client, client_for, otto, course, name):
    for browser in (client, client_for(otto)):
        answer = page_of(browser, course, name)
        assert (answer.status_code, answer.url.split("?")[0]) == (302, reverse("account_login"))


@pytest.mark.parametrize("name", PAGES)
def test_course_of_another_location_is_not_found(client_for, course, name):
    there = people.make_user("Nils Berg", "front_desk", people.make_location("Oslo", "Europe/Oslo"))
    assert page_of(client_for(there), course, name).status_code == 404


# One course


def test_course_shows_its_visits_in_local_time_across_the_clock_change(client_for, rosa, course, ana):
    page = page_of(client_for(rosa), course)
    assert rows(page) == [
        "Visit Date and time Gap before With Status Actions",
        "1 Mon 7 Sep 2026, 10:00 Priya Nair Room 1 Planned Move Cancel",
        "2 Mon 12 Oct 2026, 10:00 5 wk Priya Nair Room 1 Planned Move Cancel",
        "3 Mon 16 Nov 2026, 10:00 5 wk Priya Nair Room 1 Planned Move Cancel",
        "4 Mon 21 Dec 2026, 10:00 5 wk Priya Nair Room 1 Planned Move Cancel",
    ]
    starts = list(course.appointments.order_by("number").values_list("start", flat=True))
    assert [start.isoformat() for start in starts[1:3]] == [
        "2026-10-12T09:00:00+00:00",
        "2026-11-16T10:00:00+00:00",
    ]
    text = main(page)
    assert f"Acne scars {ana} · born 21 Jan 1987 · cheeks, chin · active" in text
    assert "Starts Mon 7 Sep 2026 Ends Mon 21 Dec 2026 Average gap 5 wk In window 3 of 3" in text


def test_course_says_what_is_missing_late_and_missed(client_for, rosa, course, monday):
    monday.move_to(dt.datetime(2026, 9, 7, 9, 0, tzinfo=dt.UTC))
    second, third = (course.appointments.get(number=number) for number in (2, 3))
    cancel(second, reason="On holiday", by=rosa)
    miss(course.appointments.get(number=1), by=rosa)
    page = page_of(client_for(rosa), course)
    assert rows(page)[1:] == [
        "1 Mon 7 Sep 2026, 10:00 Priya Nair Room 1 No-show",
        "2 Mon 12 Oct 2026, 10:00 Priya Nair Room 1 Cancelled On holiday",
        "3 Mon 16 Nov 2026, 10:00 Priya Nair Room 1 Planned Move Cancel",
        "4 Mon 21 Dec 2026, 10:00 5 wk Priya Nair Room 1 Planned Move Cancel",
    ]
    assert "New dates needed: 2 of 4 visits have no date." in main(page)
    assert third.number == 3


def test_course_says_which_gap_is_too_long(client_for, rosa, course):
    cancel(course.appointments.get(number=2), reason="On holiday", by=rosa)
    page = page_of(client_for(rosa), course)
    assert rows(page)[2] == "2 Mon 12 Oct 2026, 10:00 Priya Nair Room 1 Cancelled On holiday"
    assert rows(page)[3] == "3 Mon 16 Nov 2026, 10:00 10 wk 28 d late Priya Nair Room 1 Planned Move Cancel"
    assert "In window 1 of 2 Visit 3 is 28 d late." in main(page)


def test_course_offers_no_show_only_once_the_visit_has_begun(client_for, rosa, course, monday):
    monday.move_to(dt.datetime(2026, 9, 7, 9, 1, tzinfo=dt.UTC))
    page = page_of(client_for(rosa), course)
    assert [row[-14:] for row in rows(page)[1:3]] == ["ow Move Cancel", "ed Move Cancel"]


def test_course_on_hold_says_why(client_for, rosa, course):
    TreatmentCourse.objects.filter(pk=course.pk).update(status="on_hold", status_reason="Waits for a letter")
    text = main(page_of(client_for(rosa), course))
    assert "On hold Waits for a letter" in text and "On hold Cancel" in text


def test_course_without_any_visit_left_offers_no_itinerary(client_for, rosa, course, texts):
    for visit in course.appointments.all():
        cancel(visit, reason="Moves away", by=rosa)
    client = client_for(rosa)
    page = page_of(client, course)
    assert "Itinerary" not in main(page)
    assert "New dates needed: 4 of 4 visits have no date." in main(page)
    for name in PAGES[1:]:
        answer = page_of(client, course, name)
        assert answer.status_code == 422
        assert "This course has no booked visit. Book visits first." in main(answer)


# The list


def test_course_list_without_courses_says_so(client_for, rosa):
    text = main(client_for(rosa).get(reverse("course_list")))
    assert "No courses here A course appears here once its visits are booked. Plan a course" in text


def test_course_list_shows_where_each_course_stands(client_for, rosa, course, ana):
    cancel(course.appointments.get(number=1), reason="Ill", by=rosa)
    page = client_for(rosa).get(reverse("course_list"))
    assert rows(page)[1:] == [
        f"{ana} Acne scars cheeks, chin 0 of 4 done, 1 without a date Mon 12 Oct 2026, 10:00 Priya Nair"
    ]


def test_course_list_keeps_running_and_over_apart(client_for, rosa, course):
    TreatmentCourse.objects.filter(pk=course.pk).update(status="stopped")
    client = client_for(rosa)
    running, over, odd = (
        client.get(reverse("course_list"), {"show": show}) for show in ("active", "over", "\x00")
    )
    assert [len(page.context["views"]) for page in (running, over, odd)] == [0, 1, 0]
    assert "Running 0 Over 1" in main(over)


def test_course_list_shows_nothing_of_another_location(client_for, course):
    there = people.make_user("Nils Berg", "front_desk", people.make_location("Oslo", "Europe/Oslo"))
    assert client_for(there).get(reverse("course_list")).context["views"] == []


def test_course_list_turns_pages_of_twenty(client_for, rosa, course):
    again = TreatmentCourse.objects.get(pk=course.pk)
    for number in range(21):
        again.pk, again.booking_key = None, f"00000000-0000-0000-0000-{number:012d}"
        again.created_at = making.NOW + dt.timedelta(minutes=number + 1)
        again.save(force_insert=True)
    client = client_for(rosa)
    first = client.get(reverse("course_list"))
    assert [len(first.context["views"]), "Page 1 of 2 Older" in main(first)] == [20, True]
    for number in ("2", "99", "-1"):
        last = client.get(reverse("course_list"), {"page": number})
        assert [len(last.context["views"]), "Page 2 of 2 Newer" in main(last)] == [2, True]
    odd = client.get(reverse("course_list"), {"page": "x"})
    assert odd.context["page"].number == 1


def test_course_list_takes_as_many_queries_for_three_courses_as_for_one(client_for, site, rosa, monday):
    client, taken = client_for(rosa), []
    for hour in (8, 10, 13):
        patient = making.make_patient(rosa)
        making.screen(patient, site, rosa)
        making.book(patient, site, rosa, slots=making.slots_at(site, every(35), dt.time(hour)))
        taken.append(queries(client, reverse("course_list")))
    assert taken[0] == taken[2]


# The itinerary


def test_itinerary_shows_every_visit(client_for, rosa, course, ana, texts):
    page = page_of(client_for(rosa), course, "course_itinerary")
    assert rows(page) == [
        "Visit Date Time With Stop retinol and acids on Came",
        "1 Mon 7 Sep 2026 10:00 to 10:55 Priya Nair Room 1 Mon 7 Sep",
        "2 Mon 12 Oct 2026 10:00 to 10:55 Priya Nair Room 1 Wed 7 Oct",
        "3 Mon 16 Nov 2026 10:00 to 10:55 Priya Nair Room 1 Wed 11 Nov",
        "4 Mon 21 Dec 2026 10:00 to 10:55 Priya Nair Room 1 Wed 16 Dec",
    ]
    html = page.content.decode()
    assert '<html lang="en"' in html
    drawing = re.search(r'<svg class="np-tl".*?</svg>\s*</div>', html, flags=re.S)[0]
    assert re.findall(r'<text class="d mid"[^>]*>([^<]*)<', drawing.replace("\u00a0", " ")) == [
        "Mon 7 Sep",
        "Mon 12 Oct",
        "Mon 16 Nov",
        "Mon 21 Dec",
    ]
    assert re.findall(r'<text class="gapt"[^>]*>([^<]*)<', drawing.replace("\u00a0", " ")) == ["5 wk"] * 3
    assert drawing.count('class="win"') == 3


def test_itinerary_speaks_the_language_of_the_patient(
    client_for, rosa, course, ana, texts, acne_scars, cheeks, chin
):
    for row, name in ((acne_scars, "Cicatrices de acné"), (cheeks, "Mejillas"), (chin, "Mentón")):
        row.name_es = name
        row.save()
    ana.language = "es"
    ana.save()
    page = page_of(client_for(rosa), course, "course_itinerary")
    html, text = page.content.decode(), main(page)
    assert '<html lang="es"' in html
    assert f"{ana} · Cicatrices de acné, mejillas, mentón" in text
    drawing = re.search(r'<svg class="np-tl".*?</svg>\s*</div>', html, flags=re.S)[0]
    for english in ("Mon ", "Mon\u00a0", "Sep ", "Visit ", "wk", "Acne"):
        assert english not in text and english not in drawing


def test_itinerary_prints_the_same_words_in_both_languages(client_for, rosa, course, ana, texts):
    client = client_for(rosa)
    said = {"en": ("Your 4 visits", "Mon 12 Oct 2026"), "es": ("4 visitas", "12 oct 2026")}
    for language, (title, day) in said.items():
        ana.language = language
        ana.save()
        answer = page_of(client, course, "course_itinerary_pdf")
        assert (answer.status_code, answer["Content-Type"]) == (200, "application/pdf")
        assert answer["Content-Disposition"] == f'inline; filename="itinerary-{course.pk}.pdf"'
        pdf = PdfReader(io.BytesIO(answer.content))
        text = " ".join(" ".join(page.extract_text() for page in pdf.pages).replace("\u00a0", " ").split())
        assert len(pdf.pages) == 1
        assert title in text and day in text and ana.full_name in text and ana.record_number in text


def test_itinerary_in_a_language_without_approved_texts_is_refused_in_words(client_for, rosa, course):
    answer = page_of(client_for(rosa), course, "course_itinerary")
    assert answer.status_code == 422
    assert "No approved texts in this language (en)." in main(answer)


def test_itinerary_leaves_cancelled_visits_out(client_for, rosa, course, texts):
    cancel(course.appointments.get(number=2), reason="Ill", by=rosa)
    page = page_of(client_for(rosa), course, "course_itinerary")
    assert [row[:1] for row in rows(page)[1:]] == ["1", "3", "4"]
    assert course.appointments.get(number=1).on == MONDAY


# The problem as a file


def test_manager_saves_the_problem_of_a_course_without_names(client_for, mona, course, ana, site):
    browser = client_for(mona)
    assert "Planning file" in main(page_of(browser, course))
    answer = page_of(browser, course, "course_problem")
    assert answer["Content-Disposition"] == f'attachment; filename="course-{course.pk}-problem.json"'
    text = answer.content.decode()
    for name in (ana.family_name, ana.given_name, site.practitioners[0].name, site.rooms[0].name):
        assert name not in text
    problem = parse_problem(text)
    booked = [one.start for one in problem.request.current]
    assert booked == [epoch_minute(visit.start) for visit in course.appointments.order_by("start")]
    found = solve(problem)
    assert [one.minute for one in found.visits] == booked
    assert check(problem, found).ok


def test_problem_of_a_course_is_the_managers_and_only_while_visits_are_ahead(
    client_for, mona, priya, rosa, course
):
    for person in (priya, rosa):
        assert "Planning file" not in main(page_of(client_for(person), course))
        assert page_of(client_for(person), course, "course_problem").status_code == 403
    course.appointments.update(status="fulfilled")
    assert "Planning file" not in main(page_of(client_for(mona), course))
    assert page_of(client_for(mona), course, "course_problem").status_code == 404
