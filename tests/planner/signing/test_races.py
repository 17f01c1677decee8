"""Two who sign, save or start at once."""

import pytest

from clinic.refusals import Refusal
from planner.models import AftercareSheet, AppointmentEvent, SessionArea, SessionCartridge, TreatmentSession
from tests.planner import treating
from tests.planner.signing.opening import open_record, two_records
from tests.planner.treating import SIGNED, complete, sign, start, supplies, treat
from tests.refusing import at_once

# Two at once


def told_at_once(*calls):
    """What each of the calls gave, or the code of its refusal."""
    return [one.code if isinstance(one, Refusal) else one for one in at_once(*calls)]


@pytest.mark.django_db(transaction=True)
def test_two_signatures_at_once_sign_once(ana, site, stock, priya, rosa, texts):
    done = complete(open_record(ana, site, priya, rosa), site, stock, priya)
    told = told_at_once(*[lambda: sign(done, priya).signed_at] * 4)
    assert told == [SIGNED] * 4
    assert AftercareSheet.objects.count() == 1
    assert AppointmentEvent.objects.filter(kind="fulfilled").count() == 1


@pytest.mark.django_db(transaction=True)
def test_two_saves_of_one_version_at_once_keep_one(ana, site, stock, priya, rosa, texts):
    session = open_record(ana, site, priya, rosa)
    pains = [lambda pain=pain: treating.finish(session, priya, pain=pain).pain for pain in (2, 7)]
    told = told_at_once(*pains)
    assert sorted(map(str, told)) in (["2", "stale_record"], ["7", "stale_record"])
    assert TreatmentSession.objects.get().pain in told


@pytest.mark.django_db(transaction=True)
def test_one_cartridge_for_two_patients_at_once_goes_to_one(ana, site, stock, priya, rosa, texts):
    sessions = two_records(ana, site, priya, rosa)
    used = supplies(site, stock, serial="S-1")
    told = told_at_once(
        *[lambda one=one: treat(one, site, stock, priya, used=used, at=SIGNED).pk for one in sessions]
    )
    assert "cartridge_used" in told
    assert SessionCartridge.objects.get().session_id in told
    assert SessionArea.objects.exclude(session__in=[pk for pk in told if pk != "cartridge_used"]).count() == 0


@pytest.mark.django_db(transaction=True)
def test_our_own_numbers_for_two_patients_at_once_differ(ana, site, stock, priya, rosa, texts):
    sessions = two_records(ana, site, priya, rosa)
    told = told_at_once(*[lambda one=one: treat(one, site, stock, priya, at=SIGNED).pk for one in sessions])
    assert told == [one.pk for one in sessions]
    assert sorted(str(use.unit) for use in SessionCartridge.objects.all()) == ["N0001", "N0002"]


@pytest.mark.django_db(transaction=True)
def test_two_starts_at_once_open_one_record(ana, site, priya, rosa):
    visit = treating.arrive(ana, site, rosa)
    treating.consent(ana, site, rosa)
    treating.screen_today(visit, priya)
    told = told_at_once(*[lambda: start(visit, priya).pk] * 4)
    assert set(told) == {TreatmentSession.objects.get().pk}
