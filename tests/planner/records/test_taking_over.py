"""One person at a time keeps an open record; who takes it over says so, and the record says it."""

import pytest
from django.db import connection

from planner.models import RecordTakeover, TreatmentSession
from planner.queries.record import hash_of
from planner.taking_over import take_over
from tests import people
from tests.guards.writes import change
from tests.guards.writes import refused as refused_by_postgresql
from tests.kept import kept
from tests.planner.treating import (
    ENDED,
    MINUTE,
    NEEDLING,
    SIGNED,
    approve_texts,
    complete,
    finish,
    numb,
    refused,
    sign,
    start,
    treat,
)
from tests.refusing import at_once, refusing

AT = SIGNED - 30 * MINUTE
refuse = refusing(TreatmentSession, RecordTakeover)


@kept
def kerry(location, site):
    """Another practitioner who may do all that Priya may."""
    user = people.make_user("Kerry Walsh", "practitioner", location)
    person = people.make_practitioner(user)
    person.indications.add(site.indication)
    person.devices.set(site.devices)
    return user


@pytest.fixture
def texts(priya):
    """What a sheet is made of."""
    approve_texts(priya.practitioner)


def take(session, by, **how):
    return take_over(session, **{"keeper": session.practitioner_id, "at": AT} | how, by=by)


def test_a_colleague_writes_nothing_in_an_open_record(session, site, stock, kerry):
    for save, used in ((numb, [stock]), (treat, [site, stock])):
        no = refused(save, session, *used, kerry)
        assert (no.code, no.sentence) == (
            "not_yours_to_write",
            "Priya Nair keeps this record. Nothing of yours is saved.",
        )
    assert refused(finish, session, kerry).code == "not_yours_to_write"


def test_who_takes_it_over_writes_and_signs_it(session, site, stock, priya, kerry, texts):
    numbed = numb(session, stock, priya)
    taken = take(numbed, kerry)
    assert (taken.practitioner, taken.version) == (kerry.practitioner, numbed.version + 1)
    row = RecordTakeover.objects.get()
    assert (row.session, row.from_practitioner, row.to_practitioner) == (
        session,
        priya.practitioner,
        kerry.practitioner,
    )
    assert (row.by, row.at, row.content["record"]["numbing_used"]) == (kerry, AT, True)
    no = refused(finish, taken, priya)
    assert no.sentence == "Kerry Walsh keeps this record. Nothing of yours is saved."
    treated = treat(taken, site, stock, kerry, at=NEEDLING, started=True)
    done = finish(treat(treated, site, stock, kerry, at=ENDED, ended=True), kerry)
    assert refused(sign, done, priya).code == "not_yours"
    signed = sign(done, kerry)
    assert (signed.signed_by, signed.content_hash) == (kerry, hash_of(signed))


def test_take_over_twice_is_once_and_goes_back_the_same_way(session, priya, kerry):
    first = take(session, kerry)
    assert take(session, kerry).version == first.version
    take(first, priya)
    assert RecordTakeover.objects.count() == 2
    assert TreatmentSession.objects.get().practitioner == priya.practitioner


def test_take_over_refuses_other_roles_and_who_is_not_trained(session, rosa, mona, kerry):
    for by in (rosa, mona):
        assert refuse(take, session, by).code == "role"
    kerry.practitioner.indications.clear()
    assert refuse(take, session, kerry).code == "untrained"


def test_take_over_refuses_a_record_that_is_signed_or_that_somebody_else_took(
    session, site, stock, priya, kerry, texts
):
    assert refuse(take, session, kerry, keeper=0).code == "taken_over"
    signed = sign(complete(session, site, stock, priya), priya)
    assert refuse(take, signed, kerry).code == "signed"


def test_postgresql_gives_no_record_to_another_without_a_takeover(session, kerry, priya):
    with refused_by_postgresql("a record changes hands by a takeover"):
        change(session, practitioner=kerry.practitioner)
    take(session, kerry)
    for write in (lambda row: change(row, at=SIGNED), lambda row: row.delete()):
        with refused_by_postgresql("takeover_is_append_only"):
            write(RecordTakeover.objects.get())


def test_the_page_asks_once_and_the_record_tells_it(session, site, stock, priya, kerry, texts, client_for):
    browser = client_for(kerry)
    asked = browser.get(f"/records/{session.pk}/numbing/", follow=True)
    assert asked.redirect_chain == [(f"/records/{session.pk}/take/", 302)]
    assert "Priya Nair keeps this record" in asked.text
    page = browser.post(f"/records/{session.pk}/take/", {"keeper": session.practitioner_id}, follow=True)
    assert "You keep this record from now on" in page.text
    told = client_for(priya).get(f"/records/{session.pk}/numbing/", follow=True)
    assert "Kerry Walsh keeps this record" in told.text
    assert "Priya Nair kept it until" in told.text
    taken = TreatmentSession.objects.get()
    sign(complete(taken, site, stock, kerry), kerry)
    assert "Who kept this record" in browser.get(f"/records/{session.pk}/").text


@pytest.mark.django_db(transaction=True)
def test_two_who_take_it_over_at_once_are_one_and_one_is_told(ready, priya, kerry, site, location):
    session = start(ready, priya)
    mei = people.make_user("Mei Santos", "practitioner", location)
    people.make_practitioner(mei).indications.add(site.indication)
    connection.close()
    told = at_once(*(lambda by=by: take(session, by) for by in (kerry, mei)))
    assert sorted(getattr(one, "code", "taken") for one in told) == ["taken", "taken_over"]
    assert RecordTakeover.objects.count() == 1
