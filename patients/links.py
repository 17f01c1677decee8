"""Commands of a patient's own link: make, address, send, revoke; come in with the birth date, leave."""

import base64
import datetime as dt
import hashlib
import ipaddress
import secrets

from django.conf import settings
from django.db.models import QuerySet
from django.urls import reverse
from django.utils.crypto import salted_hmac
from django.utils.translation import gettext as _

from clinic import clock
from clinic.constraints import in_words
from clinic.models import OutboxMessage, User
from clinic.permissions import may
from clinic.refusals import Refusal
from patients.contact import way_to
from patients.models import LinkToken, LinkVisit, Patient, PatientLink, WrongTry
from patients.models.link import WRONG_AT_MOST

LIVES = dt.timedelta(days=14)  # a link without another end
LONGEST = dt.timedelta(days=400)  # a year's course and the 90 days after its last visit
STAY = dt.timedelta(hours=1)  # then the birth date is asked again
LINK_WINDOW, LINK_TRIES = dt.timedelta(minutes=15), 5  # wrong birth dates on one link
NETWORK_WINDOW, NETWORK_TRIES = dt.timedelta(hours=1), 20  # and from one network, on whatever link
KEPT = dt.timedelta(days=1)  # wrong tries


@in_words({})
def create_link(
    patient: Patient,
    *,
    purpose: str,
    by: User,
    expires_at: dt.datetime | None = None,
    at: dt.datetime | None = None,
) -> PatientLink:
    """Make a link that has no address yet; it lives for 14 days unless `expires_at` says otherwise.

    Raises Refusal: the role, an end in the past or more than 400 days ahead.
    """
    _need(by, "link_create")
    at = at or clock.now()
    ends = expires_at or at + LIVES
    if not at < ends <= at + LONGEST:
        raise Refusal("link_end", "Choose an end within 400 days.", field="expires_at")
    return PatientLink.objects.create(
        patient=patient, purpose=purpose, created_at=at, created_by=by, expires_at=ends
    )


def address_of(token: str) -> str:
    """Return the address that a link's secret part opens, on the name of the site that patients know.

    Never on the name under which a colleague reaches the page: that may exist inside the clinic only.
    """
    return settings.PUBLIC_URL + reverse("own_open", args=[token])


def new_token(link: PatientLink, *, at: dt.datetime | None = None) -> str:
    """Give the link one more address; return its secret part, which nobody can read again later."""
    at = at or clock.now()
    _refuse_ended(link, at)
    token = secrets.token_urlsafe(32)
    LinkToken.objects.create(link=link, digest=_hash(token), created_at=at)
    return token


def keep_code(patient: Patient, *, expires_at: dt.datetime, by: User, at: dt.datetime) -> PatientLink:
    """A link whose address can be printed again: it is made from our secret key, and only its hash is kept.

    The patient's newest one is kept if it lives until `expires_at` (400 days from now at most).
    """
    ends = min(expires_at, at + LONGEST)
    if (known := _coded(patient, at)) and known.expires_at >= ends:
        return known
    link = create_link(patient, purpose=PatientLink.Purpose.PLAN, by=by, expires_at=ends, at=at)
    LinkToken.objects.create(link=link, digest=_hash(_code(link)), created_at=at)
    return link


def code_of(patient: Patient, *, at: dt.datetime) -> str:
    """The secret part of the address for the patient's papers; "" if none is alive."""
    link = _coded(patient, at)
    return _code(link) if link else ""


def _coded(patient: Patient, at: dt.datetime) -> PatientLink | None:
    """The patient's link with a printable address that lives longest."""
    alive = PatientLink.objects.filter(
        patient=patient, purpose=PatientLink.Purpose.PLAN, revoked_at=None, expires_at__gt=at
    )
    found = [link for link in alive.order_by("-expires_at", "-pk") if state_of(link, at) == "open"]
    digests = {_hash(_code(link)): link for link in found}
    known = set(LinkToken.objects.filter(digest__in=digests).values_list("digest", flat=True))
    return next((link for digest, link in digests.items() if digest in known), None)


def _code(link: PatientLink) -> str:
    """256 bits that nobody knows without our secret key, the same ones for each print."""
    about = f"{link.pk} {link.patient_id} {link.created_at.astimezone(dt.UTC).isoformat()}"
    digest = salted_hmac("patients.links.code", about, algorithm="sha256").digest()
    return base64.urlsafe_b64encode(digest).rstrip(b"=").decode()


def send_link(
    link: PatientLink,
    *,
    by: User,
    kind: str = OutboxMessage.Kind.PATIENT_LINK,
    at: dt.datetime | None = None,
) -> OutboxMessage:
    """Put a message with an address of the link into the outbox; the address is made when it leaves.

    It goes the way the patient chose. Pressed twice it is sent once. Raises Refusal: the role, no way to the
    patient, an ended link.
    """
    _need(by, "link_create")
    at = at or clock.now()
    _refuse_ended(link, at)
    if not (way := way_to(link.patient)):
        raise Refusal(
            "no_way", f"{way.why_not[:1].upper()}{way.why_not[1:]}.", "Show the address instead.", field="how"
        )
    message, _made = OutboxMessage.objects.get_or_create(
        kind=kind,
        subject_id=link.pk,
        version=1,
        again=0,
        defaults={
            "patient_id": link.patient_id,
            "location": link.patient.location,
            "due_at": at,
            "asked_by": by,
        },
    )
    return message


@in_words({})
def revoke_link(link: PatientLink, *, by: User | None, at: dt.datetime | None = None) -> PatientLink:
    """End a link at once, with every visit made with it; `by` None is the patient. Twice is once."""
    if by is not None:
        _need(by, "link_revoke")
    row = PatientLink.objects.select_for_update().get(pk=link.pk)
    if row.revoked_at is None:
        row.revoked_at, row.revoked_by = at or clock.now(), by
        row.save(update_fields=["revoked_at", "revoked_by"])
    return row


def alive_links(*, at: dt.datetime | None = None) -> int:
    """How many links of all patients open something now."""
    return _alive(at or clock.now()).count()


def end_all_links(*, at: dt.datetime | None = None) -> int:
    """End every link of every patient, by nobody of the clinic; says how many.

    For an operator after a leak: a stored sheet shows the code that is printed on it.
    """
    at = at or clock.now()
    return _alive(at).update(revoked_at=at)


def _alive(at: dt.datetime) -> QuerySet[PatientLink]:
    return PatientLink.objects.filter(revoked_at=None, expires_at__gt=at)


def open_link(token: str, *, at: dt.datetime | None = None) -> PatientLink:
    """Find the link of an address; writes nothing, so that a mail scanner uses nothing up.

    Raises Refusal with the code link_unknown, link_revoked, link_expired or link_locked.
    """
    found = LinkToken.objects.filter(digest=_hash(token)).select_related("link__patient__location").first()
    if found is None:
        raise Refusal("link_unknown", _("This link is not right."), _("Check that you copied all of it."))
    _refuse_ended(found.link, at or clock.now())
    return found.link


def come_in(token: str, *, birth_date: dt.date, address: str | None, at: dt.datetime | None = None) -> str:
    """Begin a stay of one hour with the right birth date; return the key for the cookie.

    `address` is the network address of the request. A wrong date counts against the link (5 in 15 minutes,
    10 ever) and against the network (20 an hour); a right one resets nothing. Raises Refusal: those of
    `open_link`, too_many_tries, wrong_birth_date.
    """
    at = at or clock.now()
    link, network = open_link(token, at=at), network_hash(address)
    key = _came_in(link.pk, birth_date, network, at)
    if not key:
        raise Refusal(
            "wrong_birth_date",
            _("This is not the birth date we have."),
            _("Check it, or call us."),
            field="day",
        )
    return key


def link_of_visit(key: str, *, at: dt.datetime | None = None) -> PatientLink | None:
    """The link behind a cookie, if the stay and the link still last; writes nothing."""
    at = at or clock.now()
    visit = (
        LinkVisit.objects.filter(digest=_hash(key), ended_at=None, began_at__gt=at - STAY)
        .select_related("link__patient__location")
        .first()
    )
    return visit.link if visit and state_of(visit.link, at) == "open" else None


def leave(key: str, *, at: dt.datetime | None = None) -> None:
    """End the stay behind a cookie."""
    LinkVisit.objects.filter(digest=_hash(key), ended_at=None).update(ended_at=at or clock.now())


def state_of(link: PatientLink, at: dt.datetime) -> str:
    """Say open, revoked, expired or locked."""
    if link.revoked_at is not None:
        return "revoked"
    if link.expires_at <= at:
        return "expired"
    return "locked" if link.wrong_tries >= WRONG_AT_MOST else "open"


def network_hash(address: str | None) -> str:
    """A keyed hash of a network: one IPv4 address, or the /64 of an IPv6 address."""
    try:
        host = ipaddress.ip_address(address or "")
    except ValueError:
        return salted_hmac("patients.links", "unknown", algorithm="sha256").hexdigest()
    bits = 32 if host.version == 4 else 64
    network = ipaddress.ip_network(f"{host}/{bits}", strict=False)
    return salted_hmac("patients.links", str(network), algorithm="sha256").hexdigest()


def _hash(secret: str) -> str:
    return hashlib.sha256(secret.encode()).hexdigest()


@in_words({})
def _came_in(pk: int, birth_date: dt.date, network: str, at: dt.datetime) -> str:
    """The key of a stay; empty for a wrong date, which is counted."""
    link = PatientLink.objects.select_for_update(of=("self",)).select_related("patient").get(pk=pk)
    _refuse_ended(link, at)
    _refuse_too_many(link, network, at)
    return _begin(link, at) if link.patient.birth_date == birth_date else _count_wrong(link, network, at)


def _begin(link: PatientLink, at: dt.datetime) -> str:
    key = secrets.token_urlsafe(32)
    LinkVisit.objects.create(link=link, digest=_hash(key), began_at=at)
    return key


def _count_wrong(link: PatientLink, network: str, at: dt.datetime) -> str:
    WrongTry.objects.filter(at__lt=at - KEPT).delete()
    WrongTry.objects.create(link=link, network=network, at=at)
    link.wrong_tries += 1
    link.save(update_fields=["wrong_tries"])
    return ""


def _refuse_too_many(link: PatientLink, network: str, at: dt.datetime) -> None:
    on_link = WrongTry.objects.filter(link=link, at__gt=at - LINK_WINDOW).count()
    from_network = WrongTry.objects.filter(network=network, at__gt=at - NETWORK_WINDOW).count()
    if on_link >= LINK_TRIES or from_network >= NETWORK_TRIES:
        raise Refusal("too_many_tries", _("Too many tries."), _("Wait a while, or call us."), field="day")


def _refuse_ended(link: PatientLink, at: dt.datetime) -> None:
    match state_of(link, at):
        case "revoked":
            raise Refusal("link_revoked", _("This link was ended."), _("Call us for a new one."))
        case "expired":
            raise Refusal("link_expired", _("This link has run out."), _("Call us for a new one."))
        case "locked":
            raise Refusal(
                "link_locked", _("This link was closed after too many tries."), _("Call us for a new one.")
            )


def _need(by: User, permission: str) -> None:
    if not may(by, permission):
        raise Refusal("role", "Your role may not do this.", "Ask a colleague who may.")
