"""What the planner found, in words."""

from dataclasses import replace
from datetime import date

import pytest

from planner.engine.describe import (
    change_label,
    checked,
    cost_lines,
    day,
    failures,
    gap,
    lost,
    plan_sentences,
    proposal_note,
    why_sentences,
)
from planner.engine.explain import Stage, VisitWindow, explain
from planner.engine.model import Booked, Gap, Kind, Pin, PreferredTime, Proposal, Proposals, Term
from planner.engine.relaxations import Change, Relax
from planner.engine.series import solve
from tests.planner.engine.build import MONDAY, at, diary, patient, problem, request


def plain(text):
    return text.replace("\u00a0", " ")


def test_day_and_gap_keep_together():
    assert day(date(2026, 12, 3)) == "Thu\u00a03\u00a0Dec\u00a02026"
    assert [plain(gap(days)) for days in (0, 3, 35, 31)] == ["0 d", "3 d", "5 wk", "4 wk 3 d"]


def test_plan_with_nothing_to_remark():
    made = problem()
    assert [plain(one) for one in plan_sentences(made, solve(made), {})] == ["Every gap is 1 wk."]


def test_plan_sentences_say_every_wish_not_met():
    wishes = patient(
        preferred_weekdays=frozenset({5}),
        preferred_times=(PreferredTime(17 * 60, 19 * 60),),
        preferred_practitioners=frozenset({"ben"}),
    )
    booked = (Booked(at("2027-01-13T09:00Z")), None)
    made = problem(
        diary(closures=((MONDAY, MONDAY),)),
        request(patient=wishes, current=booked, gaps=(Gap(8, 7, 10),)),
        move=1,
    )
    assert [plain(one) for one in plan_sentences(made, solve(made), {"ana": "Ana Ruiz"})] == [
        "Every gap is within 1 day of 1 wk.",
        "Visits 1 and 2 are on Tue 12 Jan and Wed 20 Jan, not on a day asked for.",
        "Visits 1 and 2 are at 16:00 and 16:00, outside the hours asked for.",
        "Visits 1 and 2 are with Ana Ruiz, not with the practitioner asked for.",
        "Visit 1 is not where it was booked.",
        "The first visit is 1 d after the earliest day.",
    ]


def test_plan_sentences_say_where_the_practitioner_changes():
    made = problem()
    plan = solve(made)
    second = replace(plan.visits[1], costs={Term.PRACTITIONER_CHANGE: 30})
    changed = replace(plan, visits=(plan.visits[0], second))
    assert plan_sentences(made, changed, {})[1:] == ("The practitioner changes at visit 2.",)


def test_cost_lines_begin_with_the_dearest():
    assert cost_lines({Term.GAP: 10, Term.WEEKDAY: 15}) == (
        ("Days not asked for", 15),
        ("Gaps off target", 10),
    )


def test_proposal_notes():
    plan = solve(problem())
    assert [
        proposal_note(Proposal(Kind.SOONEST_FINISH, None)),
        proposal_note(Proposal(Kind.SOONEST_FINISH, plan, same_as=Kind.BEST_FIT)),
        proposal_note(Proposal(Kind.SAME_DAY_AND_PERSON, plan, runner_up=True)),
        proposal_note(Proposal(Kind.BEST_FIT, plan)),
    ] == [
        "Not possible.",
        "The same as best fit.",
        "The best of this kind is shown already; this is the next best.",
        "",
    ]


def test_checked_counts_the_starts():
    nothing = Proposal(Kind.BEST_FIT, None)
    assert checked(Proposals(nothing, nothing, nothing, 412)) == "Checked 412 starts"


def test_why_sentences_of_a_window_without_a_free_start():
    asked = request(1, latest=date(2027, 1, 12), patient=patient(hours=()))
    why = explain(problem(diary(opening_hours=diary().practitioners[0].hours), asked))
    assert [plain(one) for one in why_sentences(why)] == [
        "Visit 1 must fall between Mon 11 Jan and Tue 12 Jan 2027.",
        "Of 58 starts none are free: 58 outside the patient's own times.",
        "No single change helps: two causes meet.",
    ]


def test_why_sentences_of_a_pinned_day_and_of_no_day():
    why = explain(problem(the_request=request(1, pins=(Pin(0, on=date(2027, 1, 16)),))))
    assert [plain(one) for one in why_sentences(why)] == [
        "Visit 1 must fall on Sat 16 Jan 2027.",
        "Of 96 starts none are free: 96 no practitioner free.",
    ]
    late = explain(problem(the_request=request(finish_by=date(2027, 1, 17))))
    assert [plain(one) for one in why_sentences(late)] == [
        "Visit 2 has no date left: at the earliest Mon 18 Jan 2027, at the latest Sun 17 Jan 2027.",
    ]


@pytest.mark.parametrize(
    ("counts", "expected"),
    [
        ((22, 10, 10, 4, 4), "Of 22 starts 4 are free: 12 no practitioner free, 6 no room free."),
        ((3, 3, 3, 3, 0), "Of 3 starts none are free: 3 no device free."),
        ((2, 2, 2, 2, 2), "All 2 starts are free."),
        ((0, 0, 0, 0, 0), "The clinic is closed on every possible day."),
    ],
)
def test_failures_add_up(counts, expected):
    window = VisitWindow(MONDAY, MONDAY, dict(zip(Stage, counts, strict=True)))
    assert failures(window) == expected
    assert sum(count for _, count in lost(window)) == counts[0] - counts[-1]


def test_every_change_has_a_label():
    labels = {kind: plain(change_label(Change(kind, 14))) for kind in Relax}
    assert labels[Relax.WEEKDAY] == "Allow Mondays"
    assert labels[Relax.LATER_START] == "Let visit 1 be up to 2 wk later"
    assert plain(change_label(Change(Relax.UNPIN, 1))) == "Unpin visit 2"
    assert len(set(labels.values())) == len(Relax)
