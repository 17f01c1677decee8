"""Taking a consent and taking it back."""

from concurrent.futures import ThreadPoolExecutor

import pytest
from django.db import connection
from django.urls import reverse

from clinic.refusals import Refusal
from patients import consents
from patients.models import Consent
from tests.patients.conftest import make_text
from tests.people import sign_in

INK = "M20.0 90.0L60.5 50.0L90.0 100.0M10.0 10.0L11.0 10.0"


def record(patient, text, by, method="paper", signature=""):
    """One consent."""
    return consents.record_consent(patient, text=text, method=method, signature=signature, by=by)


def test_record_consent_on_the_screen_keeps_the_signature(amara, consent_text, priya, acne_scars):
    made = record(amara, consent_text, priya, "drawn", INK)
    stored = Consent.objects.get(pk=made.pk)
    assert (stored.signature, stored.method, stored.witnessed_by) == (INK, "drawn", priya)
    assert (stored.text, stored.indication, stored.withdrawn_at) == (consent_text, acne_scars, None)
    assert consents.current_consent(amara, acne_scars) == stored


@pytest.mark.parametrize("role", ["rosa", "priya"])
def test_record_consent_on_paper_is_witnessed_by_desk_and_practitioner(amara, consent_text, role, request):
    assert record(amara, consent_text, request.getfixturevalue(role)).method == "paper"


@pytest.mark.parametrize(("role", "method"), [("otto", "paper"), ("rosa", "drawn"), ("mona", "paper")])
def test_record_consent_refuses_a_wrong_role(amara, consent_text, role, method, request):
    with pytest.raises(Refusal) as refused:
        record(amara, consent_text, request.getfixturevalue(role), method, INK if method == "drawn" else "")
    assert refused.value.code == "role"


@pytest.mark.parametrize(
    ("method", "signature", "code"),
    [
        ("drawn", "", "signature_missing"),
        ("drawn", "M1 1", "signature_unreadable"),
        ("drawn", '"><script>', "signature_unreadable"),
        ("drawn", "M1 1L2 2" * 8000, "signature_unreadable"),
        ("drawn", "M200.0 70.0L200.0 70.0", "signature_missing"),
        ("drawn", "M200.0 70.0L203.5 72.0L201.0 75.0", "signature_missing"),
        ("paper", INK, "signature_not_wanted"),
        ("spoken", "", "unknown_method"),
    ],
)
def test_record_consent_refuses(amara, consent_text, priya, method, signature, code):
    with pytest.raises(Refusal) as refused:
        record(amara, consent_text, priya, method, signature)
    assert refused.value.code == code
    assert not Consent.objects.exists()


def test_record_consent_refuses_a_draft_and_an_old_text(amara, acne_scars, consent_text, priya):
    draft = make_text(acne_scars, priya, number=3, approved=False)
    make_text(acne_scars, priya, number=2)
    for text in (draft, consent_text):
        with pytest.raises(Refusal) as refused:
            record(amara, text, priya)
        assert (refused.value.code, refused.value.stale) == ("text_not_current", True)


def test_record_consent_twice_says_it_is_signed(amara, consent_text, priya):
    record(amara, consent_text, priya)
    with pytest.raises(Refusal) as refused:
        record(amara, consent_text, priya)
    assert (refused.value.code, refused.value.status) == ("already_signed", 409)
    assert Consent.objects.count() == 1


@pytest.mark.django_db(transaction=True)
def test_record_consent_by_two_presses_at_once_keeps_one(transactional_db, amara, consent_text, priya):
    def press(_):
        try:
            return record(amara, consent_text, priya).method
        except Refusal as refusal:
            return refusal.code
        finally:
            connection.close()

    with ThreadPoolExecutor(2) as pool:
        assert sorted(pool.map(press, range(2))) == ["already_signed", "paper"]


def test_withdraw_consent_keeps_the_row_and_allows_a_new_one(amara, consent_text, priya, acne_scars):
    signed = record(amara, consent_text, priya)
    withdrawn = consents.withdraw_consent(signed, by=priya)
    assert withdrawn.withdrawn_at is not None
    assert consents.current_consent(amara, acne_scars) is None
    assert consents.current_consent(amara, acne_scars) != record(amara, consent_text, priya)


def test_withdraw_consent_twice_says_so(amara, consent_text, priya):
    signed = record(amara, consent_text, priya)
    consents.withdraw_consent(signed, by=priya)
    with pytest.raises(Refusal) as refused:
        consents.withdraw_consent(signed, by=priya)
    assert refused.value.code == "already_withdrawn"


@pytest.mark.parametrize("role", ["rosa", "mona", "otto"])
def test_withdraw_consent_refuses_other_roles(amara, consent_text, priya, role, request):
    with pytest.raises(Refusal) as refused:
        consents.withdraw_consent(record(amara, consent_text, priya), by=request.getfixturevalue(role))
    assert refused.value.code == "role"


def test_current_consent_is_none_once_a_newer_text_is_approved(amara, consent_text, priya, acne_scars):
    record(amara, consent_text, priya)
    make_text(acne_scars, priya, number=2, language="es")
    assert consents.current_consent(amara, acne_scars) is not None
    make_text(acne_scars, priya, number=2)
    assert consents.current_consent(amara, acne_scars) is None


def test_the_text_that_was_signed_is_shown_for_ever(amara, consent_text, priya, rosa, acne_scars):
    signed = record(amara, consent_text, priya, "drawn", INK)
    make_text(acne_scars, priya, number=2)
    for user in (rosa, priya):
        page = sign_in(user).get(reverse("consent_detail", args=[signed.pk])).content.decode()
        assert "Version 1." in page and "Version 2." not in page
        assert INK in page and "version 1, approved by" in page
