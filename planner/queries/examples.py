"""Every message that patients may get, as an example in each language: the very templates, invented facts."""

import datetime as dt
from dataclasses import dataclass
from types import SimpleNamespace

from django.conf import settings
from django.urls import reverse

from clinic import clock
from clinic.letters import LEFT_OUT, Letter, compose
from clinic.models import Channel, Location, OutboxMessage
from patients.models import Patient
from planner.queries.preparing import preparation_facts

Kind = OutboxMessage.Kind
DAY = dt.timedelta(days=1)


@dataclass(frozen=True)
class Example:
    """One message in one language: by e-mail and as a text message; both None where it cannot leave."""

    language: str
    name: str
    email: Letter | None
    sms: Letter | None

    @property
    def is_reviewed(self) -> bool:
        """Whether somebody who speaks it has read these words: so far of English only."""
        return self.language == Patient.Language.ENGLISH


@dataclass(frozen=True)
class ExampleKind:
    """One kind: when it leaves, and its examples."""

    name: str
    when: str
    is_off: bool
    examples: list[Example]


def examples_of(location: Location, at: dt.datetime) -> list[ExampleKind]:
    """Every kind in the order of a course, with this location's name, phone and settings."""
    today = clock.local_date(at, location.time_zone)
    return [
        ExampleKind(
            str(kind.label),
            when,
            is_off,
            [_example(kind, location, language, today) for language in Patient.Language],
        )
        for kind, when, is_off in _kinds(location)
    ]


def _kinds(location: Location) -> list[tuple[OutboxMessage.Kind, str, bool]]:
    hours = f"between {location.write_from:%H:%M} and {location.write_until:%H:%M}"
    days = "1 day" if location.reminder_days == 1 else f"{location.reminder_days} days"
    return [
        (
            Kind.COURSE_BOOKED,
            "Ten minutes after the booking, or when somebody sends the dates.",
            False,
        ),
        (Kind.COURSE_CHANGED, "Ten minutes after the last change, unless it was taken back.", False),
        (
            Kind.PREPARATION,
            f"The day before the first thing is to be stopped, {hours}; at once for a visit booked later.",
            not location.preparation_on,
        ),
        (Kind.REMINDER, f"{days} before each visit, {hours}.", not location.reminder_days),
        (Kind.SCREENING_LINK, "When somebody sends the questions.", False),
        (Kind.AFTERCARE_LINK, "When somebody sends a sheet.", False),
        (Kind.PATIENT_LINK, "When somebody sends the link to the own page.", False),
    ]


def _example(kind: str, location: Location, language: Patient.Language, today: dt.date) -> Example:
    visit_on = today + 14 * DAY
    facts = _facts(location, language, visit_on)
    if kind == Kind.PREPARATION:
        lists = preparation_facts(visit_on, language, today)
        if lists is None:
            return Example(language, str(language.label), None, None)
        facts |= lists
    ways = {"language": str(language), "zone": location.time_zone, "to": ""}
    email, sms = (compose(kind, channel=channel, **ways, **facts) for channel in (Channel.EMAIL, Channel.SMS))
    return Example(language, str(language.label), email, sms)


def _facts(location: Location, language: str, visit_on: dt.date) -> dict:
    def at_ten(day: dt.date) -> dt.datetime:
        return clock.instant(day, dt.time(10), location.time_zone)

    return {
        "patient": Patient(given_name="Ana", language=language),
        "location": location,
        "start": at_ten(visit_on),
        "starts": [at_ten(visit_on + 35 * number * DAY) for number in range(4)],
        "link": SimpleNamespace(expires_at=at_ten(visit_on)),
        "address": settings.PUBLIC_URL + reverse("own_open", args=["x"]).replace("/x/", f"/{LEFT_OUT}/"),
    }
