"""What patients get, as the settings show it: every kind in every language, easy to read, without claims."""

import datetime as dt
import re

import pytest

from clinic.models import OutboxMessage
from planner.engine.aftercare.claims import claims_in
from planner.engine.aftercare.reading import measure
from planner.queries.examples import examples_of
from tests.kept import kept
from tests.planner import treating
from tests.planner.making import NOW

LANGUAGES = ("en", "es")
# What would tell a stranger who reads a screen that somebody is treated, and for what.
HEALTH = re.compile(
    r"acne|scar|cicatri|retin|skin|piel|needl|aguja|treat|tratam|pregn|embaraz|medic|numb|anest|health|salud",
    re.I,
)


@kept
def examples(location, priya):
    """Every kind, by its name."""
    treating.approve_texts(priya.practitioner)
    return {kind.name: kind for kind in examples_of(location, NOW)}


def letters(examples, language):
    """Kind → its example in a language."""
    return {
        name: next(one for one in kind.examples if one.language == language)
        for name, kind in examples.items()
    }


def test_every_kind_of_message_is_shown_in_every_language(examples):
    assert set(examples) == set(OutboxMessage.Kind.labels)
    for kind in examples.values():
        assert [one.language for one in kind.examples] == list(LANGUAGES)
        assert all(one.email.text and one.email.title and one.sms.text for one in kind.examples)


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_message_is_easy_to_read_and_claims_nothing(examples, language):
    hard = {}
    for name, one in letters(examples, language).items():
        for text in (f"{one.email.title}\n{one.email.text}", one.sms.text):
            lines = [re.sub(r"https?://\S+", "", line) for line in text.splitlines()]
            reading = measure([line for line in lines if line.strip()], language)
            if not reading.easy or claims_in(text, language):
                hard[name] = reading.words
    assert hard == {}


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_text_message_is_short_and_says_nothing_of_health(examples, language):
    for one in letters(examples, language).values():
        assert "\n" not in one.sms.text
        assert HEALTH.search(one.sms.text) is None
        assert len(re.sub(r"https?://\S+", "", one.sms.text)) <= 160


@pytest.mark.parametrize("language", LANGUAGES)
def test_no_title_of_a_mail_says_anything_of_health(examples, language):
    assert [
        one.email.title for one in letters(examples, language).values() if HEALTH.search(one.email.title)
    ] == []


def test_without_approved_texts_the_example_is_missing_too(location):
    kinds = {kind.name: kind for kind in examples_of(location, NOW)}
    assert [one.email for one in kinds["How to prepare"].examples] == [None, None]


def test_when_they_leave_is_said_with_the_locations_own_hours(location):
    location.reminder_days, location.write_until, location.preparation_on = 1, dt.time(18, 30), False
    kinds = {kind.name: kind for kind in examples_of(location, NOW)}
    assert kinds["Reminder"].when == "1 day before each visit, between 09:00 and 18:30."
    assert (kinds["Reminder"].is_off, kinds["How to prepare"].is_off) == (False, True)
