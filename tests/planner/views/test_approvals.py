"""Approvals: what waits, who may, the password once more, and frozen for good."""

import re

import pytest
from django.contrib.messages import get_messages
from django.db import DatabaseError, connection, transaction
from django.test.utils import CaptureQueriesContext

from clinic.limits import save_limited
from clinic.models import LimitChange, Product
from clinic.navigation import navigation
from patients.models import ConsentText, Rule, RuleSet
from planner import approvals, versions
from planner.models import AftercareText, Protocol
from planner.shipped import load_shipped
from tests import people
from tests.kept import kept

KINDS = {
    "rules": RuleSet,
    "protocols": Protocol,
    "consent-texts": ConsentText,
    "aftercare-texts": AftercareText,
}


@kept
def shipped(db):
    load_shipped()


def path(kind, action=""):
    return f"/settings/approvals/{kind}/{KINDS[kind].objects.first().pk}/{action}"


def give(client, kind, password=people.PASSWORD):
    return client.post(path(kind, "give/"), {"password": password, "seen": shown(client, kind)})


def approved(kind, by):
    """The first version of a kind is approved."""
    row = KINDS[kind].objects.first()
    return approvals.approve(row, seen=approvals.content_hash(row), by=by)


def shown(client, kind):
    """What the page of a version says it shows."""
    found = re.search(r'name="seen" value="([0-9a-f]{64})"', client.get(path(kind)).text)
    return found[1] if found else ""


@pytest.mark.parametrize("kind", KINDS)
def test_approval_give_makes_a_version_usable_for_good(kind, shipped, priya, client_for):
    row = KINDS[kind].objects.first()
    page = give(client_for(priya), kind)
    assert page.headers["Location"] == "/settings/approvals/"
    assert str(list(get_messages(page.wsgi_request))[0]).endswith("version 1 is approved.")
    row.refresh_from_db()
    assert row.approved_by == priya.practitioner
    assert row.approved_at is not None
    for change in (lambda: type(row).objects.filter(pk=row.pk).update(number=9), row.delete):
        with pytest.raises(DatabaseError), transaction.atomic():
            change()
    assert KINDS[kind].objects.filter(pk=row.pk, number=1).exists()


def test_rules_of_an_approved_set_are_frozen(shipped, priya):
    approved("rules", priya)
    with pytest.raises(DatabaseError), transaction.atomic():
        Rule.objects.filter(code="PREGNANT").update(row={})


@pytest.mark.parametrize("kind", KINDS)
def test_approval_give_twice_says_who_approved_it(kind, shipped, priya, client_for):
    client = client_for(priya)
    address = path(kind, "give/")
    first = approved(kind, priya).approved_at
    page = client.post(address, {"password": people.PASSWORD})
    assert page.status_code == 409
    assert "Priya Nair has approved this already." in page.text
    assert KINDS[kind].objects.get(approved_at__isnull=False).approved_at == first


def changed(row):
    """The manager changes a draft."""
    if isinstance(row, RuleSet):
        rule = row.rules.get(code="KELOID_TENDENCY")
        rule.row = rule.row | {"enabled": False}
        rule.save()
    elif isinstance(row, Protocol):
        Protocol.objects.filter(pk=row.pk).update(sessions_max=9)
    elif isinstance(row, ConsentText):
        ConsentText.objects.filter(pk=row.pk).update(body=f"{row.body} And more.")
    else:
        AftercareText.objects.filter(pk=row.pk).update(notice="Other")


@pytest.mark.parametrize("kind", KINDS)
def test_approval_give_refuses_what_was_changed_since_it_was_read(kind, shipped, priya, client_for):
    client, row = client_for(priya), KINDS[kind].objects.first()
    sent = {"password": people.PASSWORD, "seen": shown(client, kind)}
    changed(row)
    mistyped = client.post(path(kind, "give/"), sent | {"password": "not-it-at-all"})
    assert f'value="{sent["seen"]}"' in mistyped.text
    for data in (sent, {"password": people.PASSWORD}):
        page = client.post(path(kind, "give/"), data)
        assert (page.status_code, "changed since the page was drawn" in page.text) == (409, True)
    row.refresh_from_db()
    assert row.approved_at is None
    assert give(client, kind).status_code == 302


def test_approval_give_needs_the_right_password(shipped, priya, client_for):
    client = client_for(priya)
    for password in ("", "not-it-at-all"):
        page = give(client, "rules", password)
        assert page.status_code == 422
        assert "This is not your password." in page.text
    assert RuleSet.objects.filter(approved_at=None).count() == 1


def test_approval_give_stops_guessing_after_ten_tries(shipped, priya, client_for):
    client, waiting = client_for(priya), Protocol.objects.filter(approved_at=None).count()
    data = {"password": people.PASSWORD, "seen": shown(client, "protocols")}
    for _ in range(10):
        client.post(path("protocols", "give/"), data | {"password": "not-it-at-all"})
    page = client.post(path("protocols", "give/"), data)
    assert page.status_code == 422
    assert "Too many tries with a wrong password." in page.text
    assert Protocol.objects.filter(approved_at=None).count() == waiting


def test_approval_give_is_for_practitioners_only(shipped, mona, rosa, client_for):
    for person in (mona, rosa):
        assert give(client_for(person), "rules").status_code == 403
    assert not RuleSet.objects.exclude(approved_at=None).exists()


@pytest.mark.parametrize("change", [{"decides_reviews": False}, {"is_active": False}])
def test_approval_give_is_refused_to_who_does_not_decide_reviews(change, shipped, priya, client_for):
    type(priya.practitioner).objects.filter(pk=priya.practitioner.pk).update(**change)
    page = give(client_for(priya), "rules")
    assert page.status_code == 422
    assert "Only a practitioner who decides reviews may approve this." in page.text
    assert not RuleSet.objects.exclude(approved_at=None).exists()


def test_approval_pages_are_read_by_manager_and_practitioner(shipped, mona, priya, rosa, client_for):
    for person, asked in ((mona, False), (priya, True)):
        client = client_for(person)
        for kind in KINDS:
            page = client.get(path(kind))
            assert page.status_code == 200
            assert ('name="password"' in page.text) == asked
    client = client_for(rosa)
    for address in ("/settings/approvals/", *map(path, KINDS)):
        assert client.get(address).status_code == 403


def test_approval_of_an_unknown_version_is_404(shipped, priya, client_for):
    client = client_for(priya)
    for address in ("rules/999999/", "poems/1/"):
        assert client.get(f"/settings/approvals/{address}").status_code == 404
        assert client.post(f"/settings/approvals/{address}give/").status_code == 404
    assert client.get(path("rules", "give/")).status_code == 405


def test_approval_list_says_what_waits_and_what_is_approved(shipped, priya, client_for):
    approved("rules", priya)
    page = client_for(priya).get("/settings/approvals/")
    counts = {group.kind: (len(group.waiting), len(group.approved)) for group in page.context["groups"]}
    assert counts == {
        "rules": (0, 1),
        "protocols": (9, 0),
        "consent-texts": (18, 0),
        "aftercare-texts": (2, 0),
        "limits": (0, 0),
    }
    assert "Approved by Priya Nair" in page.text
    assert "Not reviewed by a native clinician" in page.text


def test_approval_list_asks_the_same_number_of_queries_for_1_and_3_rows(db, priya, client_for):
    client = client_for(priya)
    counts = []
    for number in (1, 3):
        while Protocol.objects.count() < number:
            Protocol.objects.create(
                indication=people.make_indication(f"i{Protocol.objects.count()}"), number=1
            )
        with CaptureQueriesContext(connection) as queries:
            client.get("/settings/approvals/")
        counts.append(len(queries))
    assert counts[0] == counts[1]


def test_approval_detail_shows_every_rule_in_words(shipped, priya, client_for):
    page = client_for(priya).get(path("rules"))
    for rule in Rule.objects.all():
        assert rule.code in page.text
    assert "Are you pregnant, or could you be?" in page.text
    assert "Deferred; 183 days from “Last dose”; a practitioner may shorten it" in page.text
    assert "If “Fever too” is no: Deferred" in page.text
    assert "Otherwise: Deferred; for the whole person" in page.text


def test_approval_detail_shows_every_text_block_in_the_order_of_the_sheet(shipped, priya, client_for):
    text = AftercareText.objects.get(language="es")
    page = client_for(priya).get(f"/settings/approvals/aftercare-texts/{text.pk}/")
    codes = [code for code, _, _ in page.context["content"]]
    assert set(codes) == set(text.blocks["texts"])
    assert codes[:2] == ["date.day", "date.day_only"]
    assert '<td lang="es">' in page.text


def test_approval_detail_shows_a_consent_text_in_paragraphs(shipped, priya, client_for):
    text = ConsentText.objects.get(indication__code="STRIAE_ALBAE", language="en")
    page = client_for(priya).get(f"/settings/approvals/consent-texts/{text.pk}/")
    headings = [heading for heading, _ in page.context["content"]]
    assert headings == [
        "Why you are here",
        "What we do",
        "What is normal",
        "What can go wrong",
        "What you can expect",
        "What you do",
        "You decide",
    ]
    assert "about 2 in 10 people got dark patches" in page.text


def test_a_text_with_a_claim_or_hard_words_waits_until_it_is_mended(shipped, priya, client_for):
    text = ConsentText.objects.first()
    text.body = "Results\nThis painless procedure is proven, guaranteeing extraordinary rejuvenation."
    text.save()
    client = client_for(priya)
    page = client.get(f"/settings/approvals/consent-texts/{text.pk}/")
    assert "The text is hard to read: " in page.text
    assert "promises too much." in page.text
    assert 'name="password"' not in page.text
    refused = client.post(f"/settings/approvals/consent-texts/{text.pk}/give/", {"password": people.PASSWORD})
    assert refused.status_code == 422
    assert "This cannot be approved yet" in refused.text
    text.refresh_from_db()
    assert text.approved_at is None


def test_rules_without_a_seed_rule_cannot_be_approved(shipped, priya):
    rule_set = RuleSet.objects.get()
    rule_set.rules.filter(code="PREGNANT").delete()
    assert approvals.problems(rule_set) == ("PREGNANT comes from the seed texts and is missing.",)


def test_everything_shipped_may_be_approved_as_it_is(shipped):
    for model in KINDS.values():
        for row in model.objects.all():
            assert approvals.problems(row) == ()


def test_a_draft_approved_while_it_was_open_is_not_overwritten(shipped, priya, mona, client_for):
    text = ConsentText.objects.first()
    opened = ConsentText.objects.get(pk=text.pk)
    approvals.approve(text, seen=approvals.content_hash(text), by=priya)
    opened.body = "Other words"
    with pytest.raises(versions.Refusal) as refusal:
        versions.save_version(opened, ("indication", "language"))
    assert refusal.value.code == "approved_meanwhile"
    assert ConsentText.objects.get(pk=text.pk).body == text.body


def test_practitioners_find_the_approvals_in_the_menu(priya, mona, rosa, rf):
    def menu(user):
        request = rf.get("/")
        request.user = user
        return [entry.key for entry in navigation(request)["navigation_foot"]]

    assert menu(priya) == ["approvals", "help"]
    assert menu(mona) == ["approvals", "settings", "help"]
    assert menu(rosa) == ["help"]


def test_a_looser_limit_is_asked_for_in_the_settings_and_approved_on_its_page(mona, priya, client_for):
    cream = Product.objects.create(
        name="Calm cream", kind="numbing", agent="lidocaine", min_minutes=30, max_minutes=60, max_area_cm2=600
    )
    sent = {"name": "Calm cream", "kind": "numbing", "agent": "lidocaine", "min_minutes": "30"}
    sent |= {"max_minutes": "60", "max_area_cm2": "900", "is_active": "on"}
    page = client_for(mona).post(f"/settings/products/{cream.pk}/", sent, follow=True)
    assert "Its new limits count once a practitioner has approved it." in page.text
    assert "Waits for a practitioner’s approval" in page.text
    form = client_for(mona).get(f"/settings/products/{cream.pk}/")
    assert "Largest area (cm²) 600 → 900." in form.text
    assert form.context["form"]["max_area_cm2"].value() == 900
    change = LimitChange.objects.get()
    assert "Change of limits, Calm cream" in client_for(priya).get("/settings/approvals/").text
    detail = client_for(priya).get(f"/settings/approvals/limits/{change.pk}/")
    assert '<td>600</td><td><b class="np-strong">900</b></td>' in detail.text
    seen = re.search(r'name="seen" value="([0-9a-f]{64})"', detail.text)[1]
    data = {"password": people.PASSWORD, "seen": seen}
    assert client_for(mona).post(f"/settings/approvals/limits/{change.pk}/give/", data).status_code == 403
    given = client_for(priya).post(f"/settings/approvals/limits/{change.pk}/give/", data, follow=True)
    assert "Change of limits, Calm cream is approved." in given.text
    cream.refresh_from_db()
    assert cream.max_area_cm2 == 900


def test_a_row_with_approved_limits_is_switched_off_not_deleted(mona, priya, client_for):
    new = Product(name="Calm cream", kind="numbing", agent="lidocaine", min_minutes=30, max_minutes=60)
    change = save_limited(new, by=mona)
    approvals.approve(change, seen=approvals.content_hash(change), by=priya)
    page = client_for(mona).post(f"/settings/products/{new.pk}/delete/")
    assert (page.status_code, "Switch it off instead." in page.text) == (422, True)
    assert Product.objects.filter(pk=new.pk).exists()
