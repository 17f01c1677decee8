"""A problem that a patient reports, run through the warning signs (6.4): how fast to get help, no diagnosis.

One row per sign: its level, which sentences answer it, the row of the clinical facts it rests on. The words
are blocks of the texts, `sign.CODE` and `advice.CODE`; they name no illness.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum
from typing import Final

from planner.engine.aftercare.blocks import Blocks
from planner.engine.aftercare.shipped import SHIPPED
from planner.engine.aftercare.words import Words


class Urgency(StrEnum):
    """How fast to get help, the fastest first (the levels of 6.4)."""

    NOW = "now"
    TODAY = "today"
    SOON = "soon"
    NEXT = "next"
    UNLISTED = "unlisted"


@dataclass(frozen=True)
class Sign:
    """One sign, and which sentences answer it."""

    code: str
    urgency: Urgency
    advice: tuple[str, ...]
    source: str


_NOW, _TODAY, _NEXT = ("now",), ("today",), ("next",)
_DAY: Final = "6.4 Same day"
_BOTH: Final = "6.4 Same day; 6.3 FST IV-VI"
SIGNS: Final = (
    Sign("breathing", Urgency.NOW, _NOW, "6.4 Emergency"),
    Sign("swollen_face", Urgency.NOW, _NOW, "6.4 Emergency"),
    Sign("faint", Urgency.NOW, _NOW, "6.4 Emergency"),
    Sign("blue_lips", Urgency.NOW, _NOW, "6.4 Emergency"),
    Sign("heart", Urgency.NOW, _NOW, "6.4 Emergency; 4.3"),
    # 6.4 lists the eye under "same day"; its action is emergency eye care.
    Sign("eye", Urgency.NOW, ("eye",), "6.4 Same day, eye"),
    Sign("worse", Urgency.TODAY, _TODAY, _BOTH),
    Sign("spreads", Urgency.TODAY, _TODAY, _BOTH),
    Sign("pus", Urgency.TODAY, _TODAY, _DAY),
    Sign("fever", Urgency.TODAY, _TODAY, _DAY),
    Sign("blisters", Urgency.TODAY, _TODAY, "6.4 Same day, blisters"),
    Sign("bleeding", Urgency.TODAY, _TODAY, "6.4 Same day, bleeding"),
    Sign("swelling", Urgency.TODAY, _TODAY, "6.4 Same day, bleeding"),
    Sign("rash", Urgency.SOON, ("soon", "stop"), "6.4 1-2 days"),
    Sign("strong", Urgency.SOON, ("soon",), "6.4 1-2 days; 6.3 FST IV-VI"),
    Sign("patches", Urgency.NEXT, _NEXT, "6.4 Next visit or call"),
    Sign("lines", Urgency.NEXT, _NEXT, "6.4 Next visit or call"),
    Sign("scar", Urgency.NEXT, _NEXT, "6.4 Next visit or call"),
)
BY_CODE: Final = {sign.code: sign for sign in SIGNS}
# Sentences beside those of the signs: words alone are read by a person; when to call for help after all.
UNLISTED, WORSE = "unlisted", "worse"
CODES: Final = (
    *(f"sign.{sign.code}" for sign in SIGNS),
    *dict.fromkeys(f"advice.{code}" for sign in SIGNS for code in sign.advice),
    f"advice.{UNLISTED}",
    f"advice.{WORSE}",
)


@dataclass(frozen=True)
class Choice:
    """A sign as the patient ticks it."""

    code: str
    text: str


@dataclass(frozen=True)
class Advice:
    """What to do: the urgency of the most urgent sign, its sentences first, each once."""

    urgency: Urgency
    sentences: tuple[str, ...]


def complete(blocks: Blocks | None, language: str) -> Blocks:
    """These texts, or the shipped ones where they lack a word of this page: help waits for no approval."""
    if blocks is not None and all(code in blocks.texts for code in CODES):
        return blocks
    return SHIPPED.get(language, SHIPPED["en"])


def choices(urgency: Urgency, blocks: Blocks) -> tuple[Choice, ...]:
    """The signs of one level in the words of these texts."""
    return tuple(Choice(sign.code, in_words(sign.code, blocks)) for sign in SIGNS if sign.urgency is urgency)


def in_words(code: str, blocks: Blocks = SHIPPED["en"]) -> str:
    """A sign in the words of these texts. KeyError: unknown sign."""
    return Words(blocks).text(f"sign.{BY_CODE[code].code}")


def urgency_of(codes: Iterable[str]) -> Urgency:
    """The urgency of the most urgent of these signs; UNLISTED where none is named."""
    levels = {BY_CODE[code].urgency for code in codes}
    return next((level for level in Urgency if level in levels), Urgency.UNLISTED)


def advise(codes: Iterable[str], *, blocks: Blocks, phone: str, emergency_number: str) -> Advice:
    """What to do about the named signs; without any, that a person reads the words. KeyError: unknown sign.

    An emergency says nothing slower beside it; what is no emergency says when it would become one.
    """
    named = frozenset(codes)
    urgency = urgency_of(named)
    chosen = [sign for sign in SIGNS if sign.code in named]
    if urgency is Urgency.NOW:
        chosen = [sign for sign in chosen if sign.urgency is Urgency.NOW]
    wanted = dict.fromkeys(code for sign in chosen for code in sign.advice) or {UNLISTED: None}
    if urgency is not Urgency.NOW:
        wanted[WORSE] = None
    words = Words(blocks)
    places = {"number": emergency_number, "phone": phone.replace(" ", "\u00a0")}
    return Advice(urgency, tuple(words.text(f"advice.{code}", **places) for code in wanted))
