"""Patients read in their own language when somebody answers the phone."""

import datetime as dt

import pytest
from django.utils import translation

from clinic.phone_hours import phone_words

DAY = (dt.time(8), dt.time(20))
SHORT = (dt.time(9), dt.time(13, 30))


@pytest.mark.parametrize(
    ("language", "week", "words"),
    [
        ("en", [DAY] * 7, "Every day, 08:00 to 20:00"),
        ("es", [DAY] * 7, "Todos los días, 08:00 a 20:00"),
        ("ar", [DAY] * 7, "كل يوم، 08:00 إلى 20:00"),
        ("en", [DAY] * 5 + [SHORT, None], "Mon to Fri, 08:00 to 20:00; Sat, 09:00 to 13:30"),
        ("es", [DAY] * 5 + [SHORT, None], "lun a vie, 08:00 a 20:00; sáb, 09:00 a 13:30"),
        ("es", [DAY] * 6 + [None], "lun a sáb, 08:00 a 20:00"),
        ("en", [None] * 5 + [SHORT, None], "Sat, 09:00 to 13:30"),
        ("es", [None] * 7, ""),
    ],
)
def test_phone_hours_are_said_in_the_language(language, week, words):
    with translation.override(language):
        assert phone_words(week) == words
