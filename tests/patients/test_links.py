"""A patient's own link: secrets are kept as hashes, tries are counted, ends are ends."""

import datetime as dt

import pytest
from django.db import DatabaseError, transaction

from clinic import clock
from clinic.models import OutboxMessage
from clinic.refusals import Refusal
from patients import intake, links
from patients.models import LinkToken, LinkVisit, PatientLink, WrongTry
from tests.patients.conftest import AMARA

BORN = AMARA["birth_date"]
WRONG = dt.date(1990, 1, 1)
MINUTE, DAY = dt.timedelta(minutes=1), dt.timedelta(days=1)
HOME = "192.0.2.7"


@pytest.fixture
def link(amara, rosa):
    """A link of Amara's."""
    return links.create_link(amara, purpose="plan", by=rosa)


@pytest.fixture
def token(link):
    """Its address."""
    return links.new_token(link)


def code_of(call, *args, **kwargs):
    """The code of the refusal."""
    with pytest.raises(Refusal) as caught:
        call(*args, **kwargs)
    return caught.value.code


def come_in(token, born=BORN, address=HOME, at=None):
    """Say a birth date from somewhere."""
    return links.come_in(token, birth_date=born, address=address, at=at)


def test_create_link_lives_for_two_weeks(amara, rosa):
    at = clock.now()
    link = links.create_link(amara, purpose="plan", by=rosa, at=at)
    assert (link.expires_at - at, link.created_by, link.wrong_tries) == (14 * DAY, rosa, 0)


@pytest.mark.parametrize("days", [-1, 0, 401])
def test_create_link_refuses_an_end_that_is_none(amara, rosa, days):
    at = clock.now()
    made = {"purpose": "plan", "by": rosa, "at": at, "expires_at": at + days * DAY}
    assert code_of(links.create_link, amara, **made) == "link_end"


def test_create_link_refuses_who_may_not(amara, otto):
    assert code_of(links.create_link, amara, purpose="plan", by=otto) == "role"


def test_new_token_is_256_bits_and_only_its_hash_is_kept(link):
    token = links.new_token(link)
    assert len(token) == 43
    stored = LinkToken.objects.get()
    assert len(stored.digest) == 64
    assert token not in str(list(LinkToken.objects.values()))


def test_every_address_of_a_link_opens_it(link):
    assert [links.open_link(links.new_token(link)).pk for _ in range(3)] == [link.pk] * 3


def test_open_link_writes_nothing(token, django_assert_num_queries):
    with django_assert_num_queries(1):
        links.open_link(token)


def test_open_link_says_what_is_wrong(link, token, rosa):
    assert code_of(links.open_link, "guess") == "link_unknown"
    assert code_of(links.open_link, token, at=link.expires_at) == "link_expired"
    links.revoke_link(link, by=rosa)
    assert code_of(links.open_link, token) == "link_revoked"


def test_come_in_begins_a_stay_of_an_hour(link, token):
    at = clock.now()
    key = come_in(token, at=at)
    assert links.link_of_visit(key, at=at + 59 * MINUTE) == link
    assert links.link_of_visit(key, at=at + 60 * MINUTE) is None
    assert key not in str(list(LinkVisit.objects.values()))


def test_come_in_refuses_a_wrong_birth_date_and_counts_it(link, token):
    assert code_of(come_in, token, WRONG) == "wrong_birth_date"
    link.refresh_from_db()
    assert (link.wrong_tries, WrongTry.objects.count(), LinkVisit.objects.count()) == (1, 1, 0)
    assert HOME not in str(list(WrongTry.objects.values()))


def test_come_in_refuses_the_sixth_try_within_a_quarter_of_an_hour(token):
    at = clock.now()
    assert {code_of(come_in, token, WRONG, at=at) for _ in range(5)} == {"wrong_birth_date"}
    assert code_of(come_in, token, at=at + 14 * MINUTE) == "too_many_tries"
    assert links.link_of_visit(come_in(token, at=at + 15 * MINUTE), at=at + 15 * MINUTE)


def test_a_right_birth_date_forgives_no_wrong_one(token):
    at = clock.now()
    for _ in range(4):
        code_of(come_in, token, WRONG, at=at)
    come_in(token, at=at)
    assert code_of(come_in, token, WRONG, at=at) == "wrong_birth_date"
    assert code_of(come_in, token, at=at) == "too_many_tries"


def test_ten_wrong_birth_dates_close_a_link_for_good(link, token):
    at = clock.now()
    for number in range(10):
        code_of(come_in, token, WRONG, at=at + number * 5 * MINUTE, address=f"192.0.2.{number}")
    assert code_of(come_in, token, at=at + DAY) == "link_locked"
    link.refresh_from_db()
    assert code_of(links.new_token, link, at=at + DAY) == "link_locked"


def test_a_closed_link_ends_the_stays_begun_with_it(link, token):
    at = clock.now()
    key = come_in(token, at=at)
    PatientLink.objects.filter(pk=link.pk).update(wrong_tries=10)
    assert links.link_of_visit(key, at=at) is None


def test_come_in_counts_the_tries_of_a_network_over_all_links(amara, rosa):
    at = clock.now()
    tokens = [links.new_token(links.create_link(amara, purpose="plan", by=rosa)) for _ in range(5)]
    for number in range(20):
        code_of(come_in, tokens[number % 4], WRONG, at=at)
    assert code_of(come_in, tokens[4], at=at) == "too_many_tries"
    assert come_in(tokens[4], address="192.0.2.8", at=at)
    assert come_in(tokens[4], at=at + 60 * MINUTE)


def test_network_hash_takes_the_net_of_a_home():
    one, other = "2001:db8:1:2::3", "2001:db8:1:2:ffff::9"
    assert links.network_hash(one) == links.network_hash(other)
    assert links.network_hash(one) != links.network_hash("2001:db8:1:3::3")
    assert links.network_hash("192.0.2.7") != links.network_hash("192.0.2.8")
    assert len(links.network_hash(None)) == 64


def test_revoke_link_ends_a_stay_at_once(link, token, rosa):
    key = come_in(token)
    links.revoke_link(link, by=rosa)
    assert links.link_of_visit(key) is None
    assert code_of(come_in, token) == "link_revoked"


def test_revoke_link_twice_keeps_the_first(link, rosa, mona):
    first = links.revoke_link(link, by=rosa)
    assert links.revoke_link(link, by=mona).revoked_by == rosa
    assert links.revoke_link(link, by=None).revoked_at == first.revoked_at


def test_leave_ends_the_stay_and_not_the_link(token):
    key = come_in(token)
    links.leave(key)
    assert links.link_of_visit(key) is None
    assert links.link_of_visit(come_in(token))


def test_send_link_needs_an_address_and_sends_once(link, rosa):
    assert code_of(links.send_link, link, by=rosa) == "no_way"
    intake.edit_patient(link.patient, details={"email": "amara@example.org"}, version=1, by=rosa)
    link.patient.refresh_from_db()
    assert links.send_link(link, by=rosa) == links.send_link(link, by=rosa)
    assert OutboxMessage.objects.count() == 1
    assert LinkToken.objects.count() == 0  # the address is made when the mail leaves


@pytest.mark.parametrize(
    ("change", "guard"),
    [
        ({"expires_at": dt.datetime(2030, 1, 1, tzinfo=dt.UTC)}, "a_link_changes_only_by_its_end"),
        ({"purpose": "other"}, "a_link_changes_only_by_its_end"),
        ({"wrong_tries": 11}, "a_link_takes_ten_wrong_birth_dates"),
    ],
)
def test_the_database_keeps_a_link_as_it_was_made(link, change, guard):
    with pytest.raises(DatabaseError, match=r"Cannot update|violates") as caught, transaction.atomic():
        PatientLink.objects.filter(pk=link.pk).update(**change)
    assert guard in str(caught.value) or "Cannot update" in str(caught.value)


def test_the_database_keeps_a_revoked_link_revoked(link, rosa):
    links.revoke_link(link, by=rosa)
    with pytest.raises(DatabaseError, match="Cannot update"), transaction.atomic():
        PatientLink.objects.filter(pk=link.pk).update(revoked_at=None, revoked_by=None)
