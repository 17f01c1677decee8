"""No record is opened, no cream put on and no needling begun under a screening that does not allow it."""

import datetime as dt

import pytest
from django.db import DatabaseError, transaction

from patients.consents import record_consent
from patients.models import ConsentText
from patients.screening.table import SHIPPED
from patients.screening.terms import START_STAGES
from patients.screenings import record_screening, start_gate_for
from planner.models import TreatmentSession
from tests.guards.writes import change, refused
from tests.kept import kept
from tests.patients.conftest import NOT_SURE
from tests.patients.deciding import clear, decide
from tests.patients.screening.samples import yes
from tests.planner import making
from tests.planner.making import MONDAY

GUARD = "a session rests on a screening that allows it"
HERE = dt.datetime(2026, 9, 7, 9, 0, tzinfo=dt.UTC)
MINUTE = dt.timedelta(minutes=1)


@kept
def consent(ana, site, priya, rosa):
    text = ConsentText.objects.create(
        indication=site.indication,
        language="en",
        number=1,
        body="I agree.",
        approved_by=priya.practitioner,
        approved_at=making.NOW,
    )
    return record_consent(ana, text=text, method="paper", by=rosa, at=making.NOW)


@pytest.fixture
def world(ana, visit, site, consent, priya):
    """Screen Ana at her first visit, open its record around the command, ask the command's gate."""

    class World:
        finding = None

        def screen(self, at=HERE, stage="visit", **given):
            answers = making.all_no(START_STAGES, **given)
            how = {"indication": site.indication, "areas": site.areas, "by": priya, "at": at}
            self.screening = record_screening(ana, stage=stage, answers=answers, **how)
            return self.screening

        def found(self, code):
            return self.screening.findings.get(code=code)

        def open(self):
            at = dict.fromkeys(("identity_checked_at", "consent_read_at", "started_at", "saved_at"), HERE)
            papers = {"screening": self.screening, "consent": consent}
            who = {"appointment": visit, "patient": ana, "practitioner": priya.practitioner}
            return TreatmentSession.objects.create(**who, **papers, **at)

        def gate(self):
            day = {"on": visit.on, "consent_read_on": visit.on, "zone": site.location.time_zone}
            return start_gate_for(ana, indication=site.indication, areas=site.areas, **day)

    return World()


@pytest.mark.parametrize(
    "given",
    [
        {"PREGNANT": yes()},
        {"PREGNANT": NOT_SURE},
        {"ACNE_ACTIVE": yes()},
        {"EPILEPSY": yes()},
        {"EPILEPSY": NOT_SURE},
        {"HAIR_REMOVAL_RECENT": yes(removed_on=MONDAY)},
    ],
    ids=str,
)
def test_a_record_is_not_opened_under_what_holds(world, given):
    world.screen(**given)
    assert not world.gate().is_open
    with refused(GUARD):
        world.open()


def test_a_record_is_opened_on_a_clear_screening(world):
    world.screen()
    assert world.open().pk


def test_a_review_lets_go_once_it_is_accepted_and_not_when_declined(world, priya):
    world.screen(EPILEPSY=yes())
    with transaction.atomic():
        decide(world.found("EPILEPSY"), priya, at=HERE)
        assert world.open().pk
        transaction.set_rollback(True)
    decide(world.found("EPILEPSY"), priya, choice="decline", at=HERE)
    with refused(GUARD):
        world.open()


def test_a_review_put_off_holds_to_its_day(world, priya, visit):
    world.screen(EPILEPSY=yes())
    decide(world.found("EPILEPSY"), priya, choice="defer", until=visit.on + dt.timedelta(days=9), at=HERE)
    with refused(GUARD):
        world.open()


def test_a_deferral_without_a_date_ends_by_its_record(world, priya, visit):
    world.screen(ACNE_ACTIVE=yes())
    clear(world.found("ACNE_ACTIVE"), priya, visit.on, at=HERE)
    assert world.gate().is_open
    assert world.open().pk


def test_a_stop_ends_by_its_record_and_a_decision_never_by_the_record_alone(world, priya, visit):
    world.screen(PREGNANT=yes())
    clear(world.found("PREGNANT"), priya, visit.on, at=HERE)
    with refused(GUARD):
        world.open()
    assert not world.gate().is_open


def test_an_older_clear_screening_opens_nothing_once_a_newer_one_holds(world, visit):
    first = world.screen()
    world.screen(at=HERE + MINUTE, EPILEPSY=yes())
    world.screening = first
    with refused(GUARD):
        world.open()


def test_newer_answers_replace_older_ones(world):
    world.screen(HAIR_REMOVAL_RECENT=yes(removed_on=MONDAY))
    world.screen(at=HERE + MINUTE)
    assert world.gate().is_open
    assert world.open().pk


@pytest.mark.parametrize("field", ["numbing_on_at", "needling_started_at"])
def test_neither_cream_nor_needling_begins_once_something_holds(world, field):
    world.screen()
    session = world.open()
    world.screen(at=HERE + MINUTE, EPILEPSY=yes())
    with refused(GUARD):
        change(session, **{field: HERE + 2 * MINUTE})
    change(session, note="Told of it.")


@pytest.mark.sweep
def test_the_guard_refuses_whatever_question_closes_the_gate(world):
    asked = [rule.code for rule in SHIPPED.rules if rule.stage in START_STAGES and rule.question]
    differ = []
    for code in asked:
        with transaction.atomic():
            try:
                world.screen(**{code: NOT_SURE})
            except Exception:  # a question that takes no "not sure"
                transaction.set_rollback(True)
                continue
            is_open = world.gate().is_open
            try:
                with transaction.atomic():
                    opened = bool(world.open().pk)
            except DatabaseError:
                opened = False
            if opened != is_open:
                differ.append((code, is_open, opened))
            transaction.set_rollback(True)
    assert (len(asked) > 30, differ) == (True, [])
