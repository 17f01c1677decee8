"""Versions of the rules: drafts change by numbers and choices, seed rules never soften."""

import datetime as dt
import json
from dataclasses import replace

import pytest
from django.db import DatabaseError, transaction
from django.urls import reverse

from clinic import clock
from clinic.refusals import Refusal
from patients import ruledrafts, rulesets, screenings
from patients.models import Rule, RuleSet
from patients.ruledrafts import BranchChange
from patients.rulewords import differences
from patients.screening.rows import rule_from_row, rule_to_row
from patients.screening.table import SHIPPED
from patients.screening.terms import SEED_CODES, Outcome, RuleType
from planner import approvals
from tests import people
from tests.kept import kept
from tests.patients.conftest import yes

DAY = dt.timedelta(days=1)
SOFTER = [
    {"enabled": False},
    {"type_": RuleType.MODIFY, "outcome": None},
    {"outcome": Outcome.REVIEW},
    {"shortenable": True},
]


@kept
def draft(rule_set, mona):
    """The next version, begun."""
    return ruledrafts.begin_draft(by=mona)


def rule_of(draft, code):
    return draft.rules.get(code=code)


def change(row, by, *, place=0, **changed):
    """Change one rule, what is not named stays."""
    rule = rule_from_row(row.row)
    branches = [BranchChange(one.outcome, one.washout_days, one.shortenable) for one in rule.branches]
    own = {key: changed.pop(key) for key in ("outcome", "washout_days", "shortenable") if key in changed}
    branches[place] = replace(branches[place], **own)
    values = {"enabled": rule.enabled, "type_": rule.type, "branches": branches} | changed
    return ruledrafts.change_rule(row, **values, by=by)


def code_of(call, *args, **kwargs):
    with pytest.raises(Refusal) as caught:
        call(*args, **kwargs)
    return caught.value.code


def test_begin_draft_copies_the_approved_version_once(draft, rule_set, mona):
    assert (draft.number, draft.approved_at) == (rule_set.number + 1, None)
    rows = list(draft.rules.values_list("position", "code", "row"))
    assert rows == list(rule_set.rules.values_list("position", "code", "row"))
    assert ruledrafts.begin_draft(by=mona) == draft
    assert differences(rule_set, draft) == []


@pytest.mark.parametrize("who", ["rosa", "priya"])
def test_drafts_are_the_managers(request, who, rule_set, draft):
    by = request.getfixturevalue(who)
    assert code_of(ruledrafts.begin_draft, by=by) == "role"
    assert code_of(change, rule_of(draft, "BOTOX_RECENT"), by, washout_days=21) == "role"
    assert code_of(ruledrafts.drop_draft, draft, by=by) == "role"


def test_change_rule_changes_days_and_says_the_difference(draft, rule_set, mona):
    change(rule_of(draft, "BOTOX_RECENT"), mona, washout_days=21)
    change(rule_of(draft, "LIVER_DISEASE"), mona, enabled=False)
    change(rule_of(draft, "VASOVAGAL"), mona, type_=RuleType.RELATIVE, outcome=Outcome.REVIEW)
    ruledrafts.change_validity(draft, booking_days=14, phone_days=2, by=mona)
    draft.refresh_from_db()
    said = {(one.code, one.what) for one in differences(rule_set, draft)}
    assert said == {
        ("", "A screen is good for booking for"),
        ("", "Answers from the phone are good for"),
        ("BOTOX_RECENT", "Then"),
        ("LIVER_DISEASE", "In use"),
        ("VASOVAGAL", "Type"),
        ("VASOVAGAL", "Then"),
    }


@pytest.mark.parametrize("days", [0, -1, 3661, None])
def test_change_rule_refuses_days_that_are_none(draft, mona, days):
    assert code_of(change, rule_of(draft, "BOTOX_RECENT"), mona, washout_days=days) == "days"


def test_change_rule_adds_no_days(draft, mona):
    assert code_of(change, rule_of(draft, "OPEN_WOUND"), mona, washout_days=5) == "days"


@pytest.mark.parametrize("code", sorted(SEED_CODES))
@pytest.mark.parametrize("softer", SOFTER)
def test_change_rule_softens_no_rule_of_the_seed_texts(draft, mona, code, softer):
    assert code_of(change, rule_of(draft, code), mona, **softer) == "rule_not_sound"


def test_change_rule_may_make_a_seed_rule_stricter(draft, mona):
    row = change(rule_of(draft, "ACNE_ACTIVE"), mona, type_=RuleType.ABSOLUTE)
    assert rule_from_row(row.row).outcome is Outcome.STOP


def test_pregnancy_is_never_less_than_a_stop(draft, mona):
    row = rule_of(draft, "PREGNANT")
    assert code_of(change, row, mona, type_=RuleType.TEMPORARY) == "rule_not_sound"


def test_an_approved_version_never_changes(draft, mona, priya):
    approvals.approve(draft, seen=approvals.content_hash(draft), by=priya)
    row = rule_of(draft, "BOTOX_RECENT")
    assert code_of(change, row, mona, washout_days=21) == "approved_meanwhile"
    assert code_of(ruledrafts.drop_draft, draft, by=mona) == "approved_meanwhile"


def test_screens_keep_their_version(draft, rule_set, mona, priya, amara, screen, cheeks, today):
    """Botox ten days ago: deferred for four more days by the old rules, free under the new ones."""
    given = yes(injected_on=today - 10 * DAY)
    old = screen(amara, BOTOX_RECENT=given)
    change(rule_of(draft, "BOTOX_RECENT"), mona, washout_days=7)
    approvals.approve(draft, seen=approvals.content_hash(draft), by=priya)
    gate = screenings.booking_gate_for(amara, areas=[cheeks], on=today)
    assert gate.earliest_on == today + 4 * DAY
    new = screen(amara, at=clock.now() + DAY / 24, BOTOX_RECENT=given)
    assert (old.rule_set.number, new.rule_set.number) == (1, 2)
    assert screenings.booking_gate_for(amara, areas=[cheeks], on=today).earliest_on == today


def test_drop_draft_leaves_the_approved_version(draft, mona, rule_set):
    ruledrafts.drop_draft(draft, by=mona)
    assert list(RuleSet.objects.all()) == [rule_set]
    assert rulesets.approved_rules() == rule_set


# PostgreSQL


@pytest.mark.parametrize("code", sorted(SEED_CODES))
@pytest.mark.parametrize(
    "path",
    [
        ("enabled", False),
        ("seed", False),
        ("type", "relative"),
        ("outcome", "review"),
        ("washout_days", 14),
        ("shortenable", True),
    ],
)
def test_the_database_softens_no_seed_rule(draft, code, path):
    row = rule_of(draft, code)
    changed = json.loads(json.dumps(row.row))
    (changed if path[0] in changed else changed["branches"][0])[path[0]] = path[1]
    with pytest.raises(DatabaseError, match="never softened"), transaction.atomic():
        Rule.objects.filter(pk=row.pk).update(row=changed)


def test_the_database_approves_no_set_without_a_seed_rule(draft, priya):
    rule_of(draft, "BREASTFEEDING").delete()
    with pytest.raises(DatabaseError, match="every rule of the seed texts"), transaction.atomic():
        RuleSet.objects.filter(pk=draft.pk).update(approved_by=priya.practitioner, approved_at=clock.now())


def test_every_shipped_rule_passes_the_database(db):
    rule_set = RuleSet.objects.create(number=9, name="Copy")
    for place, rule in enumerate(SHIPPED.rules):
        Rule.objects.create(rule_set=rule_set, position=place, code=rule.code, row=rule_to_row(rule))
    assert rule_set.rules.count() == len(SHIPPED.rules)


# The pages


def text_of(response):
    return response.content.decode()


def test_the_manager_begins_changes_and_hands_over_a_draft(rule_set, mona, priya, client_for):
    browser, page = client_for(mona), reverse("rules_draft")
    assert "Begin the next version" in text_of(browser.get(page))
    browser.post(page)
    row = Rule.objects.get(rule_set__number=2, code="FILLER_RECENT")
    edit = reverse("rule_edit", args=[row.pk])
    assert edit in text_of(browser.get(page))
    shown = text_of(browser.get(edit))
    assert 'name="days0"' in shown and "183" in shown
    data = {"enabled": "on", "type": "temporary", "outcome0": "", "days0": "90", "shorten0": "on"}
    answer = browser.post(edit, data, follow=True)
    assert "90 days" in text_of(answer) and "183 days" in text_of(answer)
    approval = reverse("approval_detail", args=["rules", row.rule_set_id])
    read = text_of(client_for(priya).get(approval))
    assert "What changed since version 1" in read and "90 days" in read
    give = reverse("approval_give", args=["rules", row.rule_set_id])
    sent = {"password": people.PASSWORD, "seen": approvals.content_hash(row.rule_set)}
    assert client_for(priya).post(give, sent).status_code == 302
    assert rulesets.approved_rules().number == 2


def test_a_seed_rule_is_refused_in_words(draft, mona, client_for):
    edit = reverse("rule_edit", args=[rule_of(draft, "BREASTFEEDING").pk])
    page = client_for(mona).post(edit, {"type": "modify", "outcome0": ""})
    assert (page.status_code, "cannot be made softer" in text_of(page)) == (422, True)


def test_the_days_are_saved_or_refused(draft, mona, client_for):
    browser, page = client_for(mona), reverse("rules_draft")
    assert browser.post(page, {"booking_days": "0", "phone_days": "3"}).status_code == 422
    assert browser.post(page, {"booking_days": "21", "phone_days": "2"}).status_code == 302
    draft.refresh_from_db()
    assert (draft.booking_valid_days, draft.phone_valid_days) == (21, 2)


def test_the_draft_is_thrown_away(draft, mona, client_for):
    client_for(mona).post(reverse("rules_drop"))
    assert RuleSet.objects.count() == 1
