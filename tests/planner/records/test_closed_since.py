"""What is told while a record is open: nothing begins once the gate has closed."""

import pytest

from patients import consents
from planner import records
from tests.patients.screening.samples import yes
from tests.planner import treating
from tests.planner.treating import MINUTE, NEEDLING, STARTED, numb, refused, treat


def stopped(session, site, rosa, priya):
    treating.screen_today(session.appointment, priya, at=STARTED + MINUTE, BLEEDING_DISORDER=yes())


def withdrawn(session, site, rosa, priya):
    consents.withdraw_consent(session.consent, by=priya, at=STARTED + MINUTE)


CLOSED = [(stopped, "screening_stop"), (withdrawn, "screening_consent_withdrawn")]


@pytest.mark.parametrize(("close", "code"), CLOSED)
def test_save_numbing_puts_no_cream_on_after_the_gate_has_closed(
    session, site, stock, rosa, priya, close, code
):
    close(session, site, rosa, priya)
    assert refused(numb, session, stock, priya).code == code
    without = numb(session, stock, priya, numbing_used=False)
    assert (without.numbing_used, without.numbing_on_at) == (False, None)


@pytest.mark.parametrize(("close", "code"), CLOSED)
def test_cream_that_is_on_still_comes_off_and_needling_does_not_begin(
    session, site, stock, rosa, priya, close, code
):
    saved = numb(session, stock, priya, at=treating.CREAM_ON, numbing_off_at=None)
    close(saved, site, rosa, priya)
    saved = numb(saved, stock, priya)
    assert saved.numbing_off_at == treating.CREAM_OFF
    assert refused(treat, saved, site, stock, priya, at=NEEDLING, started=True).code == code


def test_a_record_in_a_stopped_course_still_takes_its_note(session, site, rosa, priya):
    withdrawn(session, site, rosa, priya)
    saved = records.save_finish(
        session, version=session.version, by=priya, at=treating.FINISHED, note="Wants no treatment."
    )
    assert saved.note == "Wants no treatment."
