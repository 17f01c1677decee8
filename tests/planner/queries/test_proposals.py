"""Proposals as cards: their facts, flags and sentences; dates that the diary no longer has."""

import datetime as dt

import pytest

from clinic import clock
from clinic.models import Absence, Closure, WorkingHours
from clinic.refusals import Refusal
from clinic.timeline import Span
from planner.engine.proposals import proposals
from planner.planning import read_planning
from planner.queries.proposals import lines_of, page_of, refuse_stale_dates
from tests.kept import kept
from tests.planner import making
from tests.planner.making import MONDAY, NOW, asking, every, slots_at

DAY = dt.timedelta(days=1)


def planned(patient, site, request, only_for=()):
    return read_planning(patient.pk, site.location, request, earliest_on=None, at=NOW, only_for=only_for)


def page(patient, site, **changed):
    planning = planned(patient, site, asking(site, **changed))
    return page_of(planning, proposals(planning.problem), site.location)


def said(text):
    return text.replace("\u00a0", " ")


def facts(card):
    return [(label, said(value)) for label, value in card.facts]


@kept
def alone(site):
    """Only Priya works, on Mondays from ten to noon."""
    WorkingHours.objects.all().delete()
    making.make_hours(
        site.practitioners[0], site.location, opens=dt.time(10), closes=dt.time(12), weekdays=[0]
    )
    return site


def test_card_says_what_its_course_costs_in_words(ana, alone):
    card, *_ = page(ana, alone, weekdays=(1,)).cards
    assert (card.cost, card.costs) == (60, (("Days not asked for", 60),))


def test_cards_are_priced_alike(ana, alone):
    best, soonest, *_ = page(ana, alone, weekdays=(0,)).cards
    assert (best.cost, best.costs) == (0, ())
    assert (soonest.kind, soonest.costs) == ("soonest_finish", (("Gaps off target", 210),))


def test_page_names_a_wish_that_costs_much_and_what_is_saved_without_it(ana, alone):
    found = page(ana, alone, weekdays=(1,)).cheaper
    assert [(one.label, one.request) for one in found] == [
        ("Allow any weekday (costs 60 less)", asking(alone, weekdays=()))
    ]
    planning = planned(ana, alone, found[0].request)
    assert proposals(planning.problem).best_fit.plan.cost == 0
    assert page(ana, alone, weekdays=(0,)).cheaper == ()


def test_card_states_the_facts_of_its_course(ana, alone):
    cards = page(ana, alone, weekdays=(0,)).cards
    assert [(card.title, said(card.flag), said(card.why), card.fits) for card in cards[:2]] == [
        ("Best fit", "Suggested", "Every gap is exactly 5 wk.", True),
        ("Soonest finish", "3 wk earlier", "Every gap is within 7 days of 5 wk.", True),
    ]
    assert facts(cards[0])[:4] == [
        ("Ends", "Mon 21 Dec 2026"),
        ("Takes", "15 wk"),
        ("Gaps", "5 wk"),
        ("Priya Nair", "4"),
    ]
    assert facts(cards[1])[:3] == [("Ends", "Mon 30 Nov 2026"), ("Takes", "12 wk"), ("Gaps", "4 wk")]
    assert [(mark.number, mark.on) for mark in cards[0].marks] == list(enumerate(every(35), 1))
    assert [(visit.number, visit.gap_days, visit.practitioner) for visit in cards[0].visits] == [
        (1, None, "Priya Nair"),
        (2, 35, "Priya Nair"),
        (3, 35, "Priya Nair"),
        (4, 35, "Priya Nair"),
    ]


def test_same_day_and_person_says_that_it_is_the_next_best(ana, alone):
    priya = alone.practitioners[0]
    making.make_hours(priya, alone.location, opens=dt.time(10), closes=dt.time(12), weekdays=[1])
    same = page(ana, alone).cards[2]
    assert (same.title, same.flag) == ("Same day and person", "Tuesdays, Priya Nair")
    assert said(same.why).endswith("The best of this kind is shown above; this is the next best.")


def test_what_equals_another_proposal_is_named_not_shown(ana, alone):
    found = page(ana, alone, gap_target_days=28)
    assert "soonest_finish" not in [card.kind for card in found.cards]
    assert found.missing == (
        "Soonest finish is the same as best fit.",
        "Same day and person is the same as best fit.",
    )


def test_card_says_each_wish_it_does_not_meet(ana, alone):
    daniel = alone.practitioners[1]
    best = page(ana, alone, weekdays=(2,), before_minute=9 * 60, practitioner_id=daniel.pk).cards[0]
    assert (best.why, best.fits) == (
        "Visits 1, 2, 3 and 4 are on another weekday. "
        "Visits 1, 2, 3 and 4 are outside the hours asked for. "
        "Visits 1, 2, 3 and 4 are with someone else than asked for.",
        False,
    )


def test_card_says_when_the_practitioner_changes(ana, alone):
    priya, daniel = alone.practitioners
    making.make_hours(daniel, alone.location, opens=dt.time(10), closes=dt.time(12), weekdays=[0])
    third = every(35)[2]
    Absence.objects.create(
        practitioner=priya,
        start=clock.instant(third - 8 * DAY, dt.time(), "Europe/London"),
        end=clock.instant(third + 200 * DAY, dt.time(), "Europe/London"),
        reason="Leave",
    )
    Absence.objects.create(
        practitioner=daniel,
        start=clock.instant(MONDAY, dt.time(), "Europe/London"),
        end=clock.instant(third - 8 * DAY, dt.time(), "Europe/London"),
        reason="Leave",
    )
    best = page(ana, alone).cards[0]
    assert (best.why, best.fits) == ("The practitioner changes 1 time.", False)
    assert facts(best)[3:5] == [("Priya Nair", "2"), ("Daniel Okafor", "2")]


def test_page_says_what_is_not_possible_at_all(ana, site):
    for person, weekday in zip(site.practitioners, (0, 2), strict=True):
        WorkingHours.objects.filter(practitioner=person).delete()
        making.make_hours(person, site.location, weekdays=[weekday])
    first, second = site.practitioners
    cut = clock.instant(MONDAY + 40 * DAY, dt.time(), "Europe/London")
    far = clock.instant(MONDAY + 400 * DAY, dt.time(), "Europe/London")
    Absence.objects.create(practitioner=first, start=cut, end=far, reason="Leave")
    Absence.objects.create(practitioner=second, start=NOW - 9 * DAY, end=cut, reason="Leave")
    found = page(ana, site)
    assert [card.kind for card in found.cards][0] == "best_fit"
    assert "Same day and person is not possible with these wishes." in found.missing


def test_page_shows_the_closures_on_its_axis_only(ana, site):
    for days, reason in ((3, "Training"), (-30, "Before"), (500, "After")):
        first = MONDAY + days * DAY
        Closure.objects.create(location=site.location, first_date=first, last_date=first + DAY, reason=reason)
    found = page(ana, site)
    assert found.closures == (Span(MONDAY + 3 * DAY, MONDAY + 4 * DAY, "Training"),)
    days = [visit.on for card in found.cards for visit in card.visits]
    assert found.axis.first < min(days) and max(days) < found.axis.last


def test_page_without_any_plan_is_empty(ana, site):
    WorkingHours.objects.all().delete()
    found = page(ana, site)
    assert (found.cards, found.axis, found.closures, found.missing) == ((), None, (), ())


def test_lines_count_gaps_in_local_days_over_both_clock_changes(ana, site):
    days = [dt.date(2026, 9, 28), dt.date(2026, 10, 26), dt.date(2027, 2, 22), dt.date(2027, 3, 29)]
    planning = planned(ana, site, asking(site))
    lines = lines_of(slots_at(site, days, dt.time(9)), planning)
    assert [(line.on, line.gap_days, line.start.isoformat()[11:16]) for line in lines] == [
        (days[0], None, "08:00"),
        (days[1], 28, "09:00"),
        (days[2], 119, "09:00"),
        (days[3], 35, "08:00"),
    ]


def test_dates_of_a_proposal_fit_until_somebody_takes_one(ana, site, rosa):
    slots = slots_at(site, every(35))
    refuse_stale_dates(slots, planned(ana, site, asking(site), slots))
    rival = making.make_patient(rosa)
    making.screen(rival, site, rosa)
    second = every(35)[1]
    later = asking(site, start_from=second)
    making.book(rival, site, rosa, slots=slots_at(site, every(28, first=second)), request=later)
    with pytest.raises(Refusal) as refused:
        refuse_stale_dates(slots, planned(ana, site, asking(site), slots))
    assert (refused.value.code, refused.value.status) == ("diary_changed", 409)
