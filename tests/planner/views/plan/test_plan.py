"""The page that plans a course: whom for, inputs, proposals, what the screening says."""

import datetime as dt

import pytest
from django.urls import reverse

from planner.models import Protocol, TreatmentCourse
from tests import people
from tests.patients.screening.samples import yes
from tests.planner import making
from tests.planner.making import MONDAY, NOW
from tests.planner.reading import main, queries
from tests.planner.views.plan.typed import book_url, plan_url, to_post, typed


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
    # Both cost the same: the engine takes the one whose key, a text to it, comes first, then the other.
    _, other = sorted(site.practitioners, key=lambda one: str(one.pk))
    assert [(card.kind, card.title, card.flag) for card, _ in page.context["cards"]] == [
        ("best_fit", "Best fit", "Suggested"),
        ("soonest_finish", "Soonest finish", "4\u00a0wk earlier"),
        ("same_day_and_person", "Same day and person", f"Mondays, {other}"),
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
