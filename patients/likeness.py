"""How much two people on file are alike: names in any order, birth date, phone, e-mail. Pure."""

import datetime as dt
from collections.abc import Iterator
from dataclasses import dataclass

from patients.folding import distance, fold

SHORT = 4  # letters up to which a name may have one typing error; a longer one has two
ERRORS_MOST = 3  # typing errors over a whole name
EARLIEST = 1900  # year of birth on file


@dataclass(frozen=True)
class Person:
    """What is compared; `phone` in E.164, `name` and `family` folded."""

    given: str
    family: str
    birth_date: dt.date | None = None
    phone: str = ""
    email: str = ""

    @property
    def words(self) -> list[str]:
        """Every part of the name, in a fixed order."""
        return sorted(f"{self.given} {self.family}".split())


def person(
    given_name: str, family_name: str, birth_date: dt.date | None, phone: object = "", email: str = ""
) -> Person:
    """A person as compared: names folded, the address in small letters."""
    return Person(
        fold(given_name), fold(family_name), birth_date, str(phone or ""), (email or "").strip().casefold()
    )


def likeness(one: Person, other: Person) -> list[str]:
    """Why two may be the same person, in words; empty when nothing tells.

    Enough are: the same name, phone or e-mail; a similar name with a birth date that is the same or nearly;
    the same birth date with the same first name (a changed surname) or last name (a nickname).
    """
    name, born = _name(one, other), _birth(one.birth_date, other.birth_date)
    ways = [word for word in ("phone", "email") if getattr(one, word) and _same(one, other, word)]
    part = "" if name else _part(one, other)
    told = name == "same name" or ways or (born and name) or (born == "same birth date" and part)
    if not told:
        return []
    words = [f"same {'e-mail' if way == 'email' else way}" for way in ways]
    return [reason for reason in (name or (part if born or ways else ""), born, *words) if reason]


def nearby_days(day: dt.date) -> set[dt.date]:
    """Days that differ by one wrong digit, by two digits side by side, or by day and month swapped."""
    typed = f"{day:%Y%m%d}"
    near = {_day(digits) for digits in (f"{day:%Y%d%m}", *_mistyped(typed))}
    return {found for found in near if found and found != day and found.year >= EARLIEST}


def _mistyped(typed: str) -> Iterator[str]:
    for place, digit in enumerate(typed):
        head, tail = typed[:place], typed[place + 1 :]
        yield from (f"{head}{other}{tail}" for other in "0123456789" if other != digit)
        if tail:
            yield f"{head}{tail[0]}{digit}{tail[1:]}"


def _day(digits: str) -> dt.date | None:
    try:
        return dt.date(int(digits[:4]), int(digits[4:6]), int(digits[6:]))
    except ValueError:
        return None


def _birth(one: dt.date | None, other: dt.date | None) -> str:
    if one is None or other is None:
        return ""
    if one == other:
        return "same birth date"
    return "similar birth date" if other in nearby_days(one) else ""


def _name(one: Person, other: Person) -> str:
    if one.words == other.words:
        return "same name"
    fewer, more = sorted((one.words, other.words), key=len)
    if len(fewer) < 2:
        return ""
    total = 0
    for word in sorted(fewer, key=len, reverse=True):
        nearest = min(more, key=lambda candidate: distance(word, candidate, ERRORS_MOST))
        errors = distance(word, nearest, ERRORS_MOST)
        if errors > _forgiven(word, nearest):
            return ""
        more = [*more]
        more.remove(nearest)
        total += errors
    return "similar name" if total <= ERRORS_MOST else ""


def _part(one: Person, other: Person) -> str:
    """One half of the name is the same: the other was changed, or is a nickname."""
    if _alike(one.given, other.given):
        return "same first name"
    return "same last name" if _alike(one.family, other.family) else ""


def _alike(one: str, other: str) -> bool:
    return bool(one and other) and distance(one, other, 2) <= min(_forgiven(one, other), 1)


def _forgiven(one: str, other: str) -> int:
    return 1 if min(len(one), len(other)) <= SHORT else 2


def _same(one: Person, other: Person, word: str) -> bool:
    return getattr(one, word) == getattr(other, word)
