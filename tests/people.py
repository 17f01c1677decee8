"""The people, places and approved rules that the tests share."""

import datetime as dt
import functools

from django.conf import settings
from django.contrib.auth import BACKEND_SESSION_KEY, HASH_SESSION_KEY, SESSION_KEY
from django.contrib.sessions.backends.base import VALID_KEY_CHARS
from django.contrib.sessions.backends.db import SessionStore
from django.contrib.sessions.models import Session
from django.test import Client
from django.utils.crypto import get_random_string

from clinic import clock
from clinic.models import Indication, Location, Practitioner, TreatmentArea, User
from patients.models import Rule, RuleSet
from patients.screening.rows import rule_to_row
from patients.screening.table import SHIPPED

PASSWORD = "gentle-needle-path-42"
BACKEND = settings.AUTHENTICATION_BACKENDS[0]


def make_location(name="Larkmoor", time_zone="Europe/London"):
    """One site of the clinic."""
    return Location.objects.create(
        name=name,
        time_zone=time_zone,
        address="1 Mill Lane, Larkmoor",
        phone="020 7946 0018",
        phone_from=dt.time(8),
        phone_until=dt.time(20),
        phone_saturday_from=dt.time(8),
        phone_saturday_until=dt.time(20),
        phone_sunday_from=dt.time(8),
        phone_sunday_until=dt.time(20),
        emergency_number="999",
    )


def make_user(name, role, location, is_active=True):
    """An account; the address is made of the name."""
    email = f"{name.lower().replace(' ', '.')}@larkmoor.example"
    return User.objects.create_user(
        email, PASSWORD, name=name, role=role, location=location, is_active=is_active
    )


def make_practitioner(user, decides_reviews=True):
    """The practitioner row of an account, at the account's location."""
    practitioner = Practitioner.objects.create(
        name=user.name, title="RN", user=user, decides_reviews=decides_reviews
    )
    practitioner.locations.add(user.location)
    return practitioner


def make_indication(code="acne_scars", name="Acne scars"):
    """A reason for a course."""
    return Indication.objects.create(code=code, name=name)


def make_area(code, name, position=0, region=TreatmentArea.Region.FACE_NECK):
    """A place on the body, 1.5 mm usual and 2.0 mm at most."""
    return TreatmentArea.objects.create(
        code=code, name=name, region=region, start_mm="1.50", warn_mm="2.00", position=position
    )


def make_rule_set(approved_by=None, number=1, rules=SHIPPED):
    """The shipped rules as rows; approved if a practitioner is named."""
    rule_set = RuleSet.objects.create(number=number, name="Clinic rules")
    Rule.objects.bulk_create(
        Rule(rule_set=rule_set, position=position, code=rule.code, row=_row_of(rule))
        for position, rule in enumerate(rules.rules)
    )
    if approved_by:
        rule_set.approved_by, rule_set.approved_at = approved_by, clock.now()
        rule_set.save()
    return rule_set


@functools.cache
def _row_of(rule):
    """The row of a rule: rules are frozen, so each is written once per run."""
    return rule_to_row(rule)


def sign_in(user):
    """A browser in which this person has signed in: what is left of that, in one statement."""
    said = {
        SESSION_KEY: str(user.pk),
        BACKEND_SESSION_KEY: BACKEND,
        HASH_SESSION_KEY: user.get_session_auth_hash(),
    }
    session = Session(
        session_key=get_random_string(32, VALID_KEY_CHARS),
        session_data=SessionStore().encode(said),
        expire_date=clock.now() + dt.timedelta(seconds=settings.SESSION_COOKIE_AGE),
    )
    session.save(force_insert=True)
    client = Client()
    client.cookies[settings.SESSION_COOKIE_NAME] = session.session_key
    return client


def local_today(location):
    """Today at a location."""
    return clock.local_date(clock.now(), location.time_zone)


def days_ago(location, days):
    """The local date some days before today."""
    return local_today(location) - dt.timedelta(days=days)
