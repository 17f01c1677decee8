"""A problem that a patient reports, run through the warning signs (6.4): how fast to get help, no diagnosis.

One row per sign: its words in each language, its level, what to do, the row of the clinical facts it rests
on. The sentences name no illness. The Spanish is not reviewed by a native clinician.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum
from typing import Final


class Urgency(StrEnum):
    """How fast to get help, the fastest first (the levels of 6.4)."""

    NOW = "now"
    TODAY = "today"
    SOON = "soon"
    NEXT = "next"
    UNLISTED = "unlisted"


@dataclass(frozen=True)
class Sign:
    """One sign in the patient's words, and which sentences of ADVICE answer it."""

    code: str
    en: str
    es: str
    urgency: Urgency
    advice: tuple[str, ...]
    source: str


_NOW, _TODAY, _SOON = ("now",), ("today",), ("soon",)
_EMERGENCY: Final = "6.4 Emergency"
_DAY: Final = "6.4 Same day"
_BOTH: Final = "6.4 Same day; 6.3 FST IV-VI"
SIGNS: Final = (
    Sign("breathing", "It is hard to breathe", "Me cuesta respirar", Urgency.NOW, _NOW, _EMERGENCY),
    Sign(
        "swollen_face",
        "My face, lips or tongue swell up",
        "Se me hincha la cara, los labios o la lengua",
        Urgency.NOW,
        _NOW,
        _EMERGENCY,
    ),
    Sign(
        "faint",
        "I faint, or I had a fit",
        "Me desmayo, o tuve una convulsión",
        Urgency.NOW,
        _NOW,
        _EMERGENCY,
    ),
    Sign(
        "blue_lips",
        "My lips are blue or grey",
        "Tengo los labios azules o grises",
        Urgency.NOW,
        _NOW,
        _EMERGENCY,
    ),
    Sign(
        "heart",
        "My heart is fast or uneven after the numbing cream",
        "El corazón va rápido o raro tras la crema anestésica",
        Urgency.NOW,
        _NOW,
        "6.4 Emergency; 4.3",
    ),
    # 6.4 lists the eye under "same day"; its action is emergency eye care.
    Sign(
        "eye",
        "My eye hurts, or I see less well",
        "Me duele un ojo o veo peor",
        Urgency.NOW,
        ("eye",),
        "6.4 Same day, eye",
    ),
    Sign(
        "worse",
        "After day 2 it gets hotter, redder, darker or more sore",
        "Después del día 2 está más caliente, roja, oscura o duele más",
        Urgency.TODAY,
        _TODAY,
        _BOTH,
    ),
    Sign(
        "spreads",
        "The redness or the sore part spreads",
        "La rojez o la zona que duele crece",
        Urgency.TODAY,
        _TODAY,
        _BOTH,
    ),
    Sign("pus", "I see pus", "Veo pus", Urgency.TODAY, _TODAY, _DAY),
    Sign("fever", "I have a fever or chills", "Tengo fiebre o escalofríos", Urgency.TODAY, _TODAY, _DAY),
    Sign(
        "blisters",
        "I have a cold sore or sore blisters",
        "Tengo un herpes o ampollas que duelen",
        Urgency.TODAY,
        _TODAY,
        "6.4 Same day, blisters",
    ),
    Sign(
        "bleeding",
        "It still bleeds after 10 min of firm pressure",
        "Aún sangra tras apretar fuerte 10 min",
        Urgency.TODAY,
        _TODAY,
        "6.4 Same day, bleeding",
    ),
    Sign("swelling", "It swells a lot", "Se hincha mucho", Urgency.TODAY, _TODAY, "6.4 Same day, bleeding"),
    Sign(
        "rash",
        "I have an itchy or lumpy rash",
        "Tengo granos o bultos que pican",
        Urgency.SOON,
        ("soon", "stop"),
        "6.4 1-2 days",
    ),
    Sign(
        "strong",
        "After 7 days it is still very red, hot or sore",
        "Después de 7 días sigue muy roja, caliente o con dolor",
        Urgency.SOON,
        _SOON,
        "6.4 1-2 days; 6.3 FST IV-VI",
    ),
    Sign(
        "patches",
        "I see dark or pale patches",
        "Veo manchas oscuras o claras",
        Urgency.NEXT,
        ("next",),
        "6.4 Next visit or call",
    ),
    Sign(
        "lines",
        "I see lines like tram tracks",
        "Veo líneas como vías de tranvía",
        Urgency.NEXT,
        ("next",),
        "6.4 Next visit or call",
    ),
    Sign(
        "scar",
        "I have a new raised scar",
        "Tengo una marca nueva con relieve",
        Urgency.NEXT,
        ("next",),
        "6.4 Next visit or call",
    ),
)
BY_CODE: Final = {sign.code: sign for sign in SIGNS}

# Sentence → words by language; {number} is the emergency number of the place, {phone} the clinic's.
ADVICE: Final = {
    "now": {
        "en": "Call {number} now. Do not wait for us.",
        "es": "Llame ya al {number}. No nos espere.",
    },
    "eye": {
        "en": "Go to emergency eye care now.",
        "es": "Vaya ya a urgencias de los ojos.",
    },
    "today": {
        "en": "Call us now on {phone}. If you do not reach us, see a doctor today.",
        "es": "Llámenos ya al {phone}. Si no le atendemos, vaya hoy al médico.",
    },
    "soon": {
        "en": "Call us in the next 1 to 2 days on {phone}.",
        "es": "Llámenos en 1 o 2 días al {phone}.",
    },
    "stop": {
        "en": "Stop all creams on it until we have spoken.",
        "es": "No ponga ninguna crema hasta que hablemos.",
    },
    "next": {
        "en": "Show us at your next visit, or call us before on {phone}. "
        "We look at it before we needle again.",
        "es": "Enséñenoslo en su próxima visita o llame antes al {phone}. Lo miramos antes de otra sesión.",
    },
    "unlisted": {
        "en": "We read this and call you. If it gets worse, call us on {phone}.",
        "es": "Lo leemos y le llamamos. Si empeora, llámenos al {phone}.",
    },
    "worse": {
        "en": "Is it hard to breathe, do you faint, or does your face swell? Call {number} now.",
        "es": "¿Le cuesta respirar, se desmaya o se le hincha la cara? Llame ya al {number}.",
    },
}


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


def choices(urgency: Urgency, language: str) -> tuple[Choice, ...]:
    """The signs of one level in the words of a language."""
    return tuple(
        Choice(sign.code, in_words(sign.code, language)) for sign in SIGNS if sign.urgency is urgency
    )


def in_words(code: str, language: str) -> str:
    """A sign in the words of a language. KeyError: unknown sign."""
    sign = BY_CODE[code]
    return sign.es if language == "es" else sign.en


def urgency_of(codes: Iterable[str]) -> Urgency:
    """The urgency of the most urgent of these signs; UNLISTED where none is named."""
    levels = {BY_CODE[code].urgency for code in codes}
    return next((level for level in Urgency if level in levels), Urgency.UNLISTED)


def advise(codes: Iterable[str], *, language: str, phone: str, emergency_number: str) -> Advice:
    """What to do about the named signs; without any, that a person reads the words. KeyError: unknown sign.

    An emergency says nothing slower beside it; what is no emergency says when it would become one.
    """
    named = frozenset(codes)
    urgency = urgency_of(named)
    chosen = [sign for sign in SIGNS if sign.code in named]
    if urgency is Urgency.NOW:
        chosen = [sign for sign in chosen if sign.urgency is Urgency.NOW]
    wanted = dict.fromkeys(code for sign in chosen for code in sign.advice) or {"unlisted": None}
    if urgency is not Urgency.NOW:
        wanted["worse"] = None
    places = {"number": emergency_number, "phone": phone.replace(" ", "\u00a0")}
    return Advice(urgency, tuple(ADVICE[code][language].format(**places) for code in wanted))
