"""Plan a course: inputs, proposals, the dates to read out, the booking. Nothing typed is lost."""

import datetime as dt
import re

import pytest
from django.contrib.messages import get_messages
from django.urls import reverse

from clinic.models import Closure
from planner.models import Appointment, Protocol, TreatmentCourse
from planner.planning import CourseRequest
from tests import people
from tests.patients.screening.samples import yes
from tests.planner import making
from tests.planner.making import MONDAY, NOW
from tests.planner.reading import main, queries


@pytest.fixture
def desk(monday, client_for, rosa, ana):
    """Rosa's browser before Ana's plan."""
    return client_for(rosa)


def plan_url(patient):
    return reverse("course_plan", args=[patient.pk])


def book_url(patient):
    return reverse("course_book", args=[patient.pk])


def typed(site, **changed):
    """What Rosa types for four visits, as the page sends it."""
    return {
        "indication": site.indication.pk,
        "areas": [area.pk for area in site.areas],
        "sessions": 4,
        "gap_target_days": 35,
        "start_from": "7 Sep 2026",
        "numbing_minutes": 30,
    } | changed


def sealed(page, number=0):
    """The proposal that the page carries, the first unless told otherwise."""
    return re.findall(r'name="proposal" value="([^"]+)"', page.content.decode())[number]


def test_plan_opens_for_every_role(client_for, ana, monday, rosa, priya, mona):
    for user in (rosa, priya, mona):
        client = client_for(user)
        assert client.get(plan_url(ana)).status_code == 200
        assert client.get(reverse("course_start")).status_code == 200


@pytest.mark.parametrize("name", ["course_plan", "course_book"])
def test_plan_sends_others_to_sign_in(client, client_for, otto, ana, name):
    for browser in (client, client_for(otto)):
        answer = browser.post(reverse(name, args=[ana.pk]))
        assert (answer.status_code, answer.url.split("?")[0]) == (302, reverse("account_login"))


@pytest.mark.parametrize("name", ["course_plan", "course_book"])
def test_plan_of_an_unknown_patient_is_not_found(desk, name):
    assert desk.post(reverse(name, args=[999999])).status_code == 404


# Whom for


def test_start_lists_the_newest_patients_of_the_location(desk, ana, rosa):
    there = people.make_user("Nils Berg", "front_desk", people.make_location("Oslo", "Europe/Oslo"))
    making.make_patient(there, given_name="Olga")
    newer = making.make_patient(rosa, given_name="Bea", at=NOW + dt.timedelta(hours=1))
    page = desk.get(reverse("course_start"))
    assert page.context["patients"] == [newer, ana]
    assert f'href="{plan_url(newer)}"' in page.content.decode()


def test_start_finds_and_finds_nobody(desk, ana):
    found = desk.get(reverse("course_start"), {"q": ana.family_name})
    nobody = desk.get(reverse("course_start"), {"q": "<b>zzz"})
    assert found.context["patients"] == [ana]
    assert "No patient found for “<b>zzz”. Check the spelling, or add a new patient." in main(nobody)


def test_start_without_patients_says_so(client_for, rosa):
    assert "No patients yet." in main(client_for(rosa).get(reverse("course_start")))


def test_start_takes_as_many_queries_for_three_patients_as_for_one(client_for, rosa):
    client, taken = client_for(rosa), []
    for _ in range(3):
        making.make_patient(rosa)
        taken.append(queries(client, reverse("course_start")))
    assert taken[0] == taken[2]


# Inputs and proposals


def test_plan_shows_three_proposals_for_the_usual_course(desk, ana, site):
    page = desk.get(plan_url(ana))
    assert [(card.kind, card.title, card.flag) for card, _ in page.context["cards"]] == [
        ("best_fit", "Best fit", "Suggested"),
        ("soonest_finish", "Soonest finish", "4\u00a0wk earlier"),
        ("same_day_and_person", "Same day and person", "Mondays, Daniel Okafor"),
    ]
    assert f"Plan a course for {ana}" in main(page)
    assert "Cleared Mon 7 Sep 2026" in main(page)
    form = page.context["form"]
    assert {name: form[name].value() for name in ("sessions", "gap_target_days", "numbing_minutes")} == {
        "sessions": 5,
        "gap_target_days": 35,
        "numbing_minutes": 30,
    }


def test_plan_puts_what_was_typed_into_the_proposals(desk, ana, site):
    wishes = {"weekdays": [1], "weekdays_must": "on", "after": "14:00", "hours_must": "on"}
    page = desk.post(plan_url(ana), typed(site, **wishes))
    assert page.status_code == 200
    for card, _ in page.context["cards"]:
        assert {visit.on.weekday() for visit in card.visits} == {1}
        assert {visit.start.astimezone(dt.UTC).hour >= 13 for visit in card.visits} == {True}
    assert page.context["form"]["after"].value() == "14:00"
    assert 'value="14:00"' in page.content.decode()


def test_plan_keeps_everything_typed_beside_an_error(desk, ana, site):
    page = desk.post(
        plan_url(ana), typed(site, start_from="31 Nov 2026", weekdays=[1, 3], after="nine", sessions=9)
    )
    assert page.status_code == 422
    text = main(page)
    assert "3 answers need a fix" in text
    assert "Start from: November 2026 has no day 31." in text
    assert "No proposals yet Mend the marked answers, then update the proposals." in text
    assert 'value="31 Nov 2026"' in page.content.decode() and 'value="nine"' in page.content.decode()
    assert page.context["form"]["weekdays"].value() == ["1", "3"]


def test_plan_where_nothing_fits_says_why_and_what_would_help(desk, ana, site):
    wishes = {"after": "17:30", "hours_must": "on"}
    page = desk.post(plan_url(ana), typed(site, **wishes))
    text = main(page)
    assert page.status_code == 200
    assert "No course fits these wishes Not possible" in text
    assert "Visit 1 must fall between Mon 7 Sep 2026 and Mon 5 Oct 2026." in text
    assert "outside the days and hours asked for" in text
    first = page.context["reasons"].tries[0]
    again = desk.post(plan_url(ana), to_post(first.pairs))
    assert again.status_code == 200 and again.context["cards"]


def to_post(pairs):
    data = {}
    for name, value in pairs:
        data.setdefault(name, []).append(value)
    return data


def test_plan_with_nobody_trained_says_so(desk, ana, site):
    for person in site.practitioners:
        person.indications.clear()
    page = desk.get(plan_url(ana))
    assert page.status_code == 422
    assert (
        "No proposals Nobody at Larkmoor is trained for this indication, or no room is in use. "
        "A manager can change that under Settings."
    ) in main(page)


def test_plan_without_an_approved_protocol_says_so(
    client_for, rosa, location, acne_scars, cheeks, rule_set, monday
):
    making.make_protocol(acne_scars)
    patient = making.make_patient(rosa)
    bare = making.Site(location, acne_scars, (cheeks,), Protocol.objects.get(), (), (), ())
    making.screen(patient, bare, rosa)
    page = client_for(rosa).get(plan_url(patient))
    assert page.status_code == 422
    assert "No approved protocol for this indication." in main(page)
    assert "A practitioner approves one under Settings." in main(page)


# What the screening says


def test_plan_of_somebody_unscreened_leads_to_the_screen(client_for, rosa, site, monday):
    patient = making.make_patient(rosa)
    page = client_for(rosa).get(plan_url(patient))
    assert page.status_code == 200
    assert "Screen first, then plan" in main(page)
    assert f'href="{reverse("screening_create", args=[patient.pk])}"' in page.content.decode()


def test_plan_of_an_old_screen_leads_to_a_new_one(client_for, rosa, ana, monday):
    monday.shift(dt.timedelta(days=31))
    page = client_for(rosa).get(plan_url(ana))
    assert (page.status_code, page.context["closed"].state) == (422, "missing")


def test_plan_of_somebody_who_must_not_be_booked_says_why(client_for, rosa, site, monday):
    patient = making.make_patient(rosa)
    making.screen(patient, site, rosa, PREGNANT=yes())
    for answer in (client_for(rosa).get(plan_url(patient)), client_for(rosa).post(book_url(patient))):
        assert answer.status_code == 422
        assert f"{patient} cannot be booked now" in main(answer)
    assert TreatmentCourse.objects.count() == 0


def test_plan_of_a_dated_deferral_starts_on_its_date(client_for, rosa, site, monday):
    patient = making.make_patient(rosa)
    making.screen(patient, site, rosa, HAIR_REMOVAL_RECENT=yes("cheeks", "chin", removed_on=MONDAY))
    page = client_for(rosa).get(plan_url(patient))
    desk = page.context["desk"]
    assert desk.earliest_on > MONDAY
    assert page.context["form"]["start_from"].value() == desk.earliest_on
    assert {card.visits[0].on >= desk.earliest_on for card, _ in page.context["cards"]} == {True}
    assert "The screening allows visits from" in main(page) and "Deferred until" in main(page)


# Confirm and book


def test_confirm_reads_the_dates_out_and_books_nothing_yet(desk, ana, site):
    page = desk.post(plan_url(ana), typed(site, weekdays=[0]))
    confirm = desk.post(book_url(ana), {"proposal": sealed(page)})
    assert confirm.status_code == 200
    assert (
        f"Book 4 visits for {ana}? Acne scars, cheeks, chin · each visit takes 55 min, 30 of them for numbing"
    ) in main(confirm)
    assert main(confirm).count("5 wk") == 3
    assert TreatmentCourse.objects.count() == 0
    assert ("weekdays", "0") in confirm.context["asked"]
    again = desk.post(plan_url(ana), to_post(confirm.context["asked"]))
    assert again.context["form"].request() == CourseRequest.from_wishes(
        page.context["form"].request().wishes()
    )


def test_confirmed_visits_are_booked_and_shown(desk, ana, site):
    page = desk.get(plan_url(ana))
    card = page.context["cards"][0][0]
    answer = desk.post(book_url(ana), {"proposal": sealed(page), "confirmed": "1"}, follow=True)
    course = TreatmentCourse.objects.get()
    assert answer.redirect_chain == [(reverse("course_detail", args=[course.pk]), 302)]
    assert [str(one) for one in get_messages(answer.wsgi_request)] == [f"5 visits are booked for {ana}."]
    booked = course.appointments.order_by("number")
    assert [(visit.start, visit.practitioner_id, visit.room_id, visit.device_id) for visit in booked] == [
        (slot.start, slot.practitioner_id, slot.room_id, slot.device_id) for slot in card.slots
    ]
    assert (course.proposal, course.created_by.name) == ("best_fit", "Rosa Diaz")


@pytest.mark.parametrize("confirmed", ["", "1"])
def test_the_same_proposal_sent_again_opens_its_course(desk, ana, confirmed):
    proposal = sealed(desk.get(plan_url(ana)))
    desk.post(book_url(ana), {"proposal": proposal, "confirmed": "1"})
    again = desk.post(book_url(ana), {"proposal": proposal, "confirmed": confirmed})
    course = TreatmentCourse.objects.get()
    assert (again.status_code, again.url) == (302, reverse("course_detail", args=[course.pk]))
    assert Appointment.objects.count() == 5


def test_reading_the_booking_address_leads_back_to_the_inputs(desk, ana):
    answer = desk.get(book_url(ana))
    assert (answer.status_code, answer.url) == (302, plan_url(ana))


@pytest.mark.parametrize("confirmed", ["", "1"])
def test_a_diary_that_changed_shows_new_proposals_for_the_same_wishes(desk, ana, site, rosa, confirmed):
    page = desk.post(plan_url(ana), typed(site, gap_target_days=28, weekdays=[0], after="15:00"))
    card = page.context["cards"][0][0]
    rival = making.make_patient(rosa)
    making.screen(rival, site, rosa)
    making.book(rival, site, rosa, slots=list(card.slots))
    answer = desk.post(book_url(ana), {"proposal": sealed(page), "confirmed": confirmed})
    assert answer.status_code == 409
    assert "Nothing was booked The diary changed since" in main(answer)
    assert TreatmentCourse.objects.get().patient == rival
    new = answer.context["cards"][0][0]
    assert new.slots != card.slots
    form = answer.context["form"]
    assert {name: form[name].value() for name in ("gap_target_days", "weekdays", "after", "sessions")} == {
        "gap_target_days": 28,
        "weekdays": [0],
        "after": dt.time(15),
        "sessions": 4,
    }


@pytest.mark.parametrize("confirmed", ["", "1"])
def test_a_room_out_of_use_is_a_changed_diary(desk, ana, site, confirmed):
    page = desk.get(plan_url(ana))
    used = page.context["cards"][0][0].slots[0].room_id
    type(site.rooms[0]).objects.filter(pk=used).update(is_active=False)
    answer = desk.post(book_url(ana), {"proposal": sealed(page), "confirmed": confirmed})
    assert (answer.status_code, TreatmentCourse.objects.count()) == (409, 0)
    assert used not in {slot.room_id for card, _ in answer.context["cards"] for slot in card.slots}


@pytest.mark.parametrize("confirmed", ["", "1"])
def test_proposals_of_two_hours_ago_are_planned_again(desk, ana, site, monday, confirmed):
    page = desk.post(plan_url(ana), typed(site, sessions=6))
    monday.shift(dt.timedelta(hours=2, seconds=1))
    answer = desk.post(book_url(ana), {"proposal": sealed(page), "confirmed": confirmed})
    assert answer.status_code == 409
    assert "Nothing was booked These proposals are more than two hours old." in main(answer)
    assert (answer.context["form"]["sessions"].value(), TreatmentCourse.objects.count()) == (6, 0)
    assert answer.context["cards"]


def test_proposals_of_just_two_hours_ago_can_be_booked(desk, ana, site, monday):
    page = desk.post(plan_url(ana), typed(site, start_from="8 Sep 2026"))
    monday.shift(dt.timedelta(hours=2))
    desk.post(book_url(ana), {"proposal": sealed(page), "confirmed": "1"})
    assert TreatmentCourse.objects.count() == 1


@pytest.mark.parametrize("broken", ["", "x", "a:b:c", "x" * 9000])
def test_a_broken_proposal_leads_to_new_ones(desk, ana, broken):
    answer = desk.post(book_url(ana), {"proposal": broken, "confirmed": "1"}, follow=True)
    assert answer.redirect_chain == [(plan_url(ana), 302)]
    assert "These proposals cannot be used. Here are new ones." in main(answer)
    assert TreatmentCourse.objects.count() == 0


def test_a_proposal_of_somebody_else_is_not_found(desk, ana, site, rosa):
    bea = making.make_patient(rosa)
    making.screen(bea, site, rosa)
    proposal = sealed(desk.get(plan_url(ana)))
    answer = desk.post(book_url(bea), {"proposal": proposal, "confirmed": "1"})
    assert (answer.status_code, TreatmentCourse.objects.count()) == (404, 0)


def test_a_screen_that_closed_the_gate_meanwhile_books_nothing(desk, ana, site, rosa):
    proposal = sealed(desk.get(plan_url(ana)))
    making.screen(ana, site, rosa, at=NOW, PREGNANT=yes())
    answer = desk.post(book_url(ana), {"proposal": proposal, "confirmed": "1"})
    assert (answer.status_code, TreatmentCourse.objects.count()) == (422, 0)
    assert "cannot be booked now" in main(answer)


def test_plan_hatches_the_closures_of_the_course(desk, ana, site):
    Closure.objects.create(
        location=site.location,
        first_date=dt.date(2026, 10, 1),
        last_date=dt.date(2026, 10, 2),
        reason="Stocktaking",
    )
    page = desk.get(plan_url(ana))
    assert "Stocktaking Thu 1 Oct to Fri 2 Oct" in main(page)
    assert "<title>Stocktaking</title>" in page.content.decode()


def test_plan_says_that_areas_are_left_out(client_for, rosa, site, monday):
    patient = making.make_patient(rosa)
    making.screen(patient, site, rosa, ACNE_ACTIVE=yes("chin"))
    page = client_for(rosa).get(plan_url(patient))
    assert (page.status_code, [area.name for area in page.context["desk"].areas]) == (200, ["Cheeks"])
    assert "Not free now: chin." in main(page)


# Edit one visit of a proposal


def edit_url(patient):
    return reverse("course_edit", args=[patient.pk])


def carried(page):
    """The proposals that the buttons of the edit page carry."""
    return {option.line.on: proposal for option, proposal in page.context["options"]}


def test_one_visit_of_a_proposal_is_changed_and_booked(desk, ana, site):
    page = desk.get(plan_url(ana))
    first = page.context["cards"][0][0]
    edit = desk.post(edit_url(ana), {"proposal": sealed(page)})
    assert [visit.on for visit in edit.context["edit"].visits] == [visit.on for visit in first.visits]
    assert edit.context["options"] == []
    others = desk.post(edit_url(ana), {"proposal": edit.context["sealed"], "visit": "2"})
    on, proposal = next(iter(carried(others).items()))
    taken = desk.post(edit_url(ana), {"proposal": proposal})
    assert taken.context["edit"].visits[1].on == on
    desk.post(book_url(ana), {"proposal": taken.context["sealed"], "confirmed": "1"})
    course = TreatmentCourse.objects.get()
    booked = list(course.appointments.order_by("number").values_list("on", flat=True))
    assert booked == [visit.on for visit in taken.context["edit"].visits]
    assert booked[1] == on


def test_a_visit_just_taken_gives_409_and_the_nearest_times(desk, ana, site, rosa):
    page = desk.get(plan_url(ana))
    card = page.context["cards"][0][0]
    rival = making.make_patient(rosa)
    making.screen(rival, site, rosa)
    third = card.visits[2].on
    slots = [card.slots[2]] + making.slots_at(
        site, making.every(35, first=third + dt.timedelta(days=36), times=3)
    )
    making.book(rival, site, rosa, slots=slots, request=making.asking(site, start_from=third))
    answer = desk.post(book_url(ana), {"proposal": sealed(page), "confirmed": "1"})
    assert answer.status_code == 409
    assert "Visit 3 was just taken by someone else. Nothing was booked." in main(answer)
    assert answer.context["edit"].lost == (3,)
    assert min(abs((on - third).days) for on in carried(answer)) <= 1
    fixed = next(iter(carried(answer).values()))
    desk.post(book_url(ana), {"proposal": fixed, "confirmed": "1"})
    assert TreatmentCourse.objects.filter(patient=ana).count() == 1


@pytest.mark.parametrize("broken", ["", "x", "a:b:c"])
def test_a_broken_proposal_is_not_edited(desk, ana, broken):
    assert desk.post(edit_url(ana), {"proposal": broken}).status_code == 302
    assert desk.get(edit_url(ana)).status_code == 302


@pytest.mark.parametrize("number", ["0", "99", "x", "-1"])
def test_a_visit_that_is_not_there_is_not_changed(desk, ana, number):
    page = desk.get(plan_url(ana))
    edit = desk.post(edit_url(ana), {"proposal": sealed(page), "visit": number})
    assert (edit.status_code, edit.context["options"]) == (200, [])


def test_an_old_proposal_is_planned_again_before_it_is_edited(desk, ana, monday):
    page = desk.get(plan_url(ana))
    monday.shift(dt.timedelta(hours=2, seconds=1))
    assert desk.post(edit_url(ana), {"proposal": sealed(page)}).status_code == 409
