"""Forty invented patients."""

import datetime as dt
import random

from patients.intake import register_patient
from patients.models import Patient
from planner.demo.letters import way_of
from planner.demo.place import Place

NAMES = [
    "Tomasz Wilk", "Ines Duarte", "Amara Osei", "Joanna Petrenko", "Priscilla Raman", "Daniel Acker",
    "Sofia Lindqvist", "Marcus Adeyemi", "Yuki Tanabe", "Grace Ibarra", "Hannah Byrne", "Omar Haddad",
    "Nadine Ferrer", "Leah Goldmark", "Elif Kayar", "Owen Brandt", "Nia Farrow", "Lena Vogt",
    "Paul Serrano", "Viktor Sand", "Bea Lindholm", "Camila Rojas", "Zoë Ångström", "Nguyễn Thị Lan",
    "Ravi Menon", "Aoife Kelly", "Samuel Okoye", "Ingrid Dahl", "Marta Kowalczyk", "Diego Álvarez",
    "Fatima Zahra", "Jun Park", "Elena Popescu", "Isaac Stern", "Ruth Bekele", "Noor Rahimi",
    "Anya Sokolova", "Luca Bianchi", "Chloe Martin", "Esther Mensah",
]  # fmt: skip
SPANISH = {"Ines Duarte", "Camila Rojas", "Diego Álvarez", "Grace Ibarra"}
BROWN_OR_BLACK = {
    "Amara Osei",
    "Marcus Adeyemi",
    "Samuel Okoye",
    "Ruth Bekele",
    "Esther Mensah",
    "Priscilla Raman",
    "Ravi Menon",
}


def register_all(place: Place) -> dict[str, Patient]:
    """Register the patients in order, the same ones every time."""
    draw = random.Random(20)  # noqa: S311 - seeded on purpose
    return {name: _register(place, name, number, draw) for number, name in enumerate(NAMES)}


def register_again(place: Place, known: dict[str, Patient]) -> Patient:
    """Joanna rang under another spelling and was added once more: two files that may be merged."""
    joanna = known["Joanna Petrenko"]
    details = {
        "given_name": "Johanna",
        "family_name": "Petrenko",
        "birth_date": joanna.birth_date,
        "phone": "+442079460199",
        "contact_by": "none",
        "allergies": "Nickel",
    }
    at = place.now - dt.timedelta(days=2)
    return register_patient(details=details, by=place.rosa, at=at, passed_by=None)


def _register(place: Place, name: str, number: int, draw: random.Random) -> Patient:
    given, _, family = name.partition(" ")
    phototype = draw.choice([5, 6]) if name in BROWN_OR_BLACK else draw.choice([1, 2, 2, 3, 3, 4])
    return register_patient(
        details={
            "given_name": given,
            "family_name": family,
            "birth_date": dt.date(draw.randint(1964, 2001), draw.randint(1, 12), draw.randint(1, 28)),
            "phone": f"+4420794{60100 + number}",
            "email": f"patient{number + 1:02d}@demo.example",
            "contact_by": way_of(name),
            "language": "es" if name in SPANISH else "en",
            "phototype": phototype,
            "allergies": "Tea tree oil" if name == "Amara Osei" else "",
            "goals": draw.choice(["Softer scars", "More even skin", "Marks that show less", ""]),
        },
        by=place.rosa,
        at=place.now - dt.timedelta(days=300 - number),
    )
