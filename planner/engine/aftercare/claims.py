"""Phrases no text for patients may contain (10.17, with 1.57, 10.9, 10.10 and 10.11)."""

import unicodedata
from typing import Final

BANNED: Final = {
    "en": (
        "virtually invisible",
        "drastically",
        "proven",
        "painless",
        "pain-free",
        "no pain",
        "safe for all",
        "safe for every",
        "suitable for everyone",
        "transformative",
        "transform your",
        "absorb better",
        "absorbs better",
        "no downtime",
        "no risk",
    ),
    "es": (
        "prácticamente invisible",
        "casi invisible",
        "drásticamente",
        "comprobado",
        "demostrado",
        "indoloro",
        "indolora",
        "sin dolor",
        "no duele nada",
        "seguro para todos",
        "seguro para todo",
        "segura para todo",
        "apto para todos",
        "transformador",
        "transforma su",
        "se absorbe mejor",
        "sin riesgo",
    ),
    "ar": (
        "غير مرئي تقريبا",
        "بشكل جذري",
        "مثبت علميا",
        "مضمون",
        "بلا ألم",
        "بدون ألم",
        "غير مؤلم",
        "آمن للجميع",
        "آمن لكل",
        "مناسب للجميع",
        "تحول جذري",
        "امتصاص أفضل",
        "بلا مخاطر",
        "بدون مخاطر",
    ),
}


def claims_in(text: str, language: str) -> tuple[str, ...]:
    """The banned phrases a text contains, case, accents and spacing aside; () if it makes no such claim."""
    plain = _plain(text)
    return tuple(phrase for phrase in BANNED.get(language, ()) if _plain(phrase) in plain)


def _plain(text: str) -> str:
    decomposed = unicodedata.normalize("NFKD", text).casefold()
    return " ".join("".join(letter for letter in decomposed if not unicodedata.combining(letter)).split())
