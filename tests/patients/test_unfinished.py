"""A screen that is finished later: kept, gone on with, dropped, and never taken for a screen."""

import datetime as dt

import pytest

from clinic import clock
from patients import screenings, unfinished
from patients.gates import booking_gate_for, safety_of
from patients.models import Screening, UnfinishedScreening
from patients.queries import unfinished_of
from patients.unfinished import Shown
from tests.patients.conftest import answers
from tests.refusing import at_once, refusing

refused = refusing(UnfinishedScreening, Screening)
DAY = dt.timedelta(days=1)


@pytest.fixture
def keep(amara, acne_scars, cheeks, rule_set, rosa):
    """Keep two answers of Amara's."""

    def kept(by=rosa, seen=(0, 0), stage="booking", counted=(2, 30), **how):
        typed = {"PREGNANT": ["no"], "KELOID_TENDENCY": ["yes"]}
        what = {"stage": stage, "indication": acne_scars, "areas": [cheeks], "rule_set": rule_set}
        return unfinished.keep_unfinished(
            amara, **what, typed=typed, counted=counted, seen=seen, by=by, **how
        )

    return kept


def test_keep_unfinished_keeps_what_was_typed_and_counts_nowhere(keep, amara, rosa, cheeks, today):
    row = keep()
    assert (unfinished_of(amara), row.answered, row.total, row.saved_by) == (row, 2, 30, rosa)
    assert row.typed == {"PREGNANT": ["no"], "KELOID_TENDENCY": ["yes"]}
    assert not Screening.objects.exists()
    assert booking_gate_for(amara, areas=[cheeks], on=today).codes == ("not_screened",)
    assert safety_of([amara.pk], today)[amara.pk].state == "missing"


def test_keep_unfinished_of_the_page_that_went_on_replaces_it(keep, priya):
    row = keep()
    again = keep(by=priya, seen=(row.pk, row.revision), counted=(9, 30))
    assert (again.pk, again.revision, again.answered) == (row.pk, 2, 9)
    assert (again.begun_by, again.saved_by) == (row.begun_by, priya)


@pytest.mark.parametrize("stale", [(0, 0), "older"])
def test_keep_unfinished_over_somebody_elses_answers_is_refused(keep, rosa, priya, stale):
    row = keep()
    seen = (row.pk, 0) if stale == "older" else stale
    refusal = refused(keep, by=priya, seen=seen)
    assert (refusal.code, refusal.status) == ("answered_elsewhere", 409)
    assert refusal.sentence.startswith(f"{rosa} has kept other answers of this patient meanwhile.")


@pytest.mark.parametrize("who", ["mona", "otto"])
def test_unfinished_screens_are_closed_to_other_roles(keep, who, request):
    by = request.getfixturevalue(who)
    assert refused(keep, by=by).code == "role"
    assert refused(unfinished.drop_unfinished, keep(), by=by).code == "role"


def test_the_desk_keeps_no_screen_of_the_visit_and_an_empty_one_is_refused(keep):
    assert refused(keep, stage="visit").code == "role"
    assert refused(keep, counted=(0, 30)).code == "nothing_answered"


def test_the_desk_goes_on_with_what_the_desk_began_only(keep, rosa, priya, today):
    row = keep(by=priya)
    with pytest.raises(unfinished.Refusal, match="A practitioner began these questions"):
        unfinished.refuse_resuming(row, on=today, by=rosa)
    assert refused(unfinished.drop_unfinished, row, by=rosa).code == "not_theirs"
    unfinished.drop_unfinished(row, by=priya)
    row = keep(by=rosa)
    for person in (rosa, priya):
        unfinished.refuse_resuming(row, on=today, by=person)


@pytest.mark.parametrize(("stage", "days"), [("visit", 1), ("booking", 4)])
def test_answers_of_another_day_are_not_gone_on_with(keep, priya, today, stage, days):
    row = keep(by=priya, stage=stage)
    unfinished.refuse_resuming(row, on=today + (days - 1) * DAY, by=priya)
    with pytest.raises(unfinished.Refusal, match="Unfinished answers are good"):
        unfinished.refuse_resuming(row, on=today + days * DAY, by=priya)


def test_drop_unfinished_forgets_the_answers_and_twice_is_once(keep, amara, rosa):
    row = keep()
    first = unfinished.drop_unfinished(row, by=rosa)
    assert unfinished.drop_unfinished(row, by=rosa).ended_at == first.ended_at
    assert (first.typed, unfinished_of(amara)) == ({}, None)


# The screening that comes of it


@pytest.fixture
def save(amara, acne_scars, cheeks, rosa, rule_set):
    def saved(shown, by=rosa, **given):
        what = {"stage": "booking", "indication": acne_scars, "areas": [cheeks]}
        return screenings.record_screening(amara, **what, answers=answers(**given), by=by, shown=shown)

    return saved


def test_the_saved_screen_ends_the_one_it_went_on_with(keep, save, amara):
    row = keep()
    save(Shown(0, (row.pk, row.revision)))
    row.refresh_from_db()
    assert (row.typed, unfinished_of(amara)) == ({}, None)


def test_a_screen_that_others_answered_further_is_not_saved(keep, save, priya):
    row = keep()
    keep(by=priya, seen=(row.pk, row.revision))
    assert refused(save, Shown(0, (row.pk, row.revision))).code == "answered_elsewhere"


def test_answers_saved_by_somebody_else_meanwhile_are_looked_at_first(save, priya, rosa):
    first = save(Shown(0), by=priya)
    refusal = refused(save, Shown(0))
    assert (refusal.code, refusal.stale) == ("answered_meanwhile", True)
    assert (
        refusal.sentence == f"Answers of this patient were saved meanwhile, with {priya}. Yours are not yet."
    )
    assert save(Shown(first.pk)).answered_by == rosa


@pytest.mark.django_db(transaction=True)
def test_two_who_save_at_once_save_one_and_say_so(save, rosa, priya):
    told = at_once(lambda: save(Shown(0), by=rosa), lambda: save(Shown(0), by=priya))
    assert sorted(getattr(one, "code", "saved") for one in told) == ["answered_meanwhile", "saved"]
    assert Screening.objects.count() == 1


@pytest.mark.django_db(transaction=True)
def test_two_who_keep_at_once_keep_one_and_say_so(keep, rosa, priya):
    told = at_once(lambda: keep(by=rosa), lambda: keep(by=priya))
    assert sorted(getattr(one, "code", "kept") for one in told) == ["answered_elsewhere", "kept"]


def test_an_old_draft_says_its_day(keep, location):
    assert keep().saved_on == clock.local_date(clock.now(), location.time_zone)
