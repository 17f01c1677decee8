"""A record in which nothing was needled ends with its reason: signed, no sheet, the visit cancelled."""

import pytest
from django.db import DatabaseError, transaction
from django.urls import reverse

from clinic.refusals import Refusal
from planner import signing
from planner.models import AftercareSheet, TreatmentSession
from planner.queries.record import hash_of
from tests.kept import kept
from tests.people import PASSWORD
from tests.planner import treating
from tests.planner.treating import CREAM_OFF, MINUTE, STARTED, numb, start, treat

REASON = "Felt faint before the needling."


@kept
def session(ana, site, priya, rosa):
    """An open record of Ana's first visit."""
    visit = treating.arrive(ana, site, rosa)
    treating.consent(ana, site, rosa)
    treating.screen_today(visit, priya, at=visit.start + MINUTE)
    return start(visit, priya)


def close(session, by, at=CREAM_OFF + MINUTE, **changed):
    values = {"version": session.version, "reason": REASON, "fresh": True} | changed
    return signing.close_untreated(session, **values, by=by, at=at)


def refused(session, by, **changed) -> str:
    with pytest.raises(Refusal) as caught:
        close(session, by, **changed)
    return caught.value.code


def test_close_untreated_signs_and_cancels_without_a_sheet(session, priya):
    closed = close(session, priya)
    visit = closed.appointment
    visit.refresh_from_db()
    assert (visit.status, visit.status_reason) == ("cancelled", f"Not treated: {REASON}")
    assert (closed.signed_by, closed.not_treated_reason, closed.content_hash) == (
        priya,
        REASON,
        hash_of(closed),
    )
    assert not AftercareSheet.objects.exists()
    assert [event.kind for event in visit.events.all()][-1] == "cancelled"


def test_close_untreated_after_the_cream_is_off(session, stock, priya):
    assert close(numb(session, stock, priya), priya).signed_at


@pytest.mark.parametrize(
    ("changed", "code"),
    [({"fresh": False}, "not_fresh"), ({"reason": " "}, "reason_missing"), ({"version": 99}, "stale_record")],
)
def test_close_untreated_refuses(session, priya, changed, code):
    assert refused(session, priya, **changed) == code
    session.refresh_from_db()
    assert session.signed_at is None


def test_close_untreated_refuses_other_roles_and_twice(session, priya, rosa):
    assert refused(session, rosa) == "role"
    close(session, priya)
    assert refused(session, priya) == "signed"


def test_close_untreated_refuses_while_the_cream_is_on(session, stock, priya):
    on = numb(session, stock, priya, numbing_off_at=None, at=STARTED + 3 * MINUTE)
    assert refused(on, priya) == "cream_on"


def test_close_untreated_refuses_once_needling_has_begun(session, site, stock, priya):
    begun = treat(numb(session, stock, priya), site, stock, priya, started=True)
    assert refused(begun, priya, at=treating.ENDED) == "needling_begun"


def test_the_database_refuses_an_empty_reason_and_a_change_afterwards(session, priya):
    rows = TreatmentSession.objects.filter(pk=session.pk)
    half = {"signed_at": STARTED, "signed_by": priya, "content_hash": "a" * 64}
    with pytest.raises(DatabaseError), transaction.atomic():
        rows.update(**half, not_treated_reason=" ")
    close(session, priya)
    with pytest.raises(DatabaseError), transaction.atomic():
        rows.update(not_treated_reason="Something else")


def test_session_close_page_keeps_the_record_open_on_a_wrong_password(session, priya, client_for):
    url, client = reverse("session_close", args=[session.pk]), client_for(priya)
    typed = {"version": session.version, "reason": REASON, "password": "wrong"}
    page = client.post(url, typed)
    assert (page.status_code, REASON in page.content.decode()) == (422, True)
    session.refresh_from_db()
    assert session.signed_at is None


def test_session_close_page_ends_and_the_record_says_so(session, priya, client_for):
    url, client = reverse("session_close", args=[session.pk]), client_for(priya)
    assert client.get(url).status_code == 200
    answer = client.post(url, {"version": session.version, "reason": REASON, "password": PASSWORD})
    assert (answer.status_code, answer.url) == (302, reverse("session_detail", args=[session.pk]))
    page = client.get(answer.url).content.decode()
    assert REASON in page
    assert "Aftercare sheet" not in page
    again = reverse("session_sign", args=[session.pk])
    assert client.post(again, {}).url == reverse("session_detail", args=[session.pk])
