"""What somebody searched for and did not find, as the first details of a new patient."""

import re

from phonenumber_field.phonenumber import to_python as phone_of

from clinic.dates import parse_date
from patients.models import Patient

LONGEST = Patient._meta.get_field("family_name").max_length


def details_from(text: str) -> dict[str, str]:
    """Read a search as a phone number, a birth date or a name; empty where it is none of them.

    "Amelia Stone" and "Stone, Amelia" give first and last name; a single word is the last name.
    """
    text = " ".join(text.replace("\x00", " ").split())
    if _is_date(text):
        return {"birth_date": text}
    if re.search(r"\d", text):
        phone = phone_of(text)
        return {"phone": text} if phone and phone.is_valid() else {}
    family, comma, given = (part.strip() for part in text.partition(","))
    if not comma:
        given, _, family = text.rpartition(" ")
    return {
        name: _as_name(words) for name, words in (("given_name", given), ("family_name", family)) if words
    }


def _is_date(text: str) -> bool:
    try:
        return bool(parse_date(text))
    except ValueError:
        return False


def _as_name(words: str) -> str:
    """Names typed in haste get their capitals; what has any stays as it is."""
    return (words.title() if words.islower() and words.isascii() else words)[:LONGEST]
