"""What a manager types, and what is stored of it."""

import datetime as dt
from decimal import Decimal

from clinic.models import (
    Absence,
    Closure,
    Device,
    DeviceLabelUse,
    Indication,
    Location,
    Lot,
    OpeningHours,
    Practitioner,
    Product,
    Room,
    TreatmentArea,
    User,
    WorkingHours,
)
from patients.models import ConsentText
from planner.models import Protocol
from planner.views.setting_kinds import KINDS

SLUGS = [kind.slug for kind in KINDS]


def valid(slug, held):
    """What a manager types to make one row of a kind."""
    place = {"location": held["location"]}
    return {
        "locations": {
            "name": "Eastport",
            "time_zone": "America/New_York",
            "grid_minutes": "15",
            "address": "2 Pier Road",
            "phone": "212 555 0188",
            "phone_from": "09:00",
            "phone_until": "17:00",
            "emergency_number": "911",
            "paper": "us-letter",
            "reminder_days": "3",
            "preparation_on": "on",
            "write_from": "10",
            "write_until": "20:30",
        },
        "rooms": place | {"name": "Room 9", "turnover_minutes": "10", "is_active": "on"},
        "devices": place
        | {"name": "Pen 9", "model_name": "Fine 3", "label_max_mm": "2.5", "rooms": [held["room"]]}
        | {"is_active": "on"},
        "label-uses": {
            "device": held["device"],
            "indication": held["indication"],
            "phototype_from": "2",
            "phototype_to": "4",
        },
        "people": {
            "name": "Daniel Okafor",
            "title": "RN",
            "locations": [held["location"]],
            "indications": [held["indication"]],
            "before_minutes": "0",
            "after_minutes": "5",
            "is_active": "on",
        },
        "accounts": place
        | {"name": "Kerry Walsh", "email": "Kerry@Larkmoor.example", "role": "front_desk", "is_active": "on"},
        "opening-hours": place | {"weekdays": ["0", "2"], "opens": "9:00", "closes": "17:00"},
        "working-hours": place
        | {"practitioner": held["practitioner"], "weekdays": ["0"], "opens": "0900", "closes": "12.30"},
        "time-off": place
        | {"practitioner": held["practitioner"], "first_day": "7 Dec 2026", "last_day": "8/12/2026"}
        | {"reason": "Leave"},
        "closures": place
        | {"first_date": "25 Dec 2026", "last_date": "2026-12-26", "reason": "Public holiday"},
        "products": {
            "name": "Calm gel",
            "kind": "numbing",
            "agent": "lidocaine",
            "min_minutes": "30",
            "max_minutes": "60",
            "max_grams": "30.5",
            "max_area_cm2": "900",
            "is_active": "on",
        },
        "lots": place
        | {"product": held["product"], "number": " NC-24 O817 ", "expires_on": "31/12/2027"}
        | {"is_active": "on"},
        "indications": {"name": "Deep lines", "name_es": "Arrugas", "code": "deep_lines", "is_active": "on"},
        "areas": {
            "name": "Hands",
            "code": "hands",
            "region": "trunk_limbs",
            "position": "5",
            "start_mm": "0.5",
            "warn_mm": "1",
            "is_active": "on",
        },
        "protocols": {
            "indication": held["indication"],
            "sessions_min": "4",
            "sessions_target": "5",
            "sessions_max": "6",
            "gap_min_days": "28",
            "gap_target_days": "35",
            "gap_max_days": "42",
            "first_area_minutes": "15",
            "further_area_minutes": "10",
            "most_minutes": "60",
            "numbing_minutes": "30",
            "review_after_days": "90",
        },
        "consent-texts": {"indication": held["indication"], "language": "en", "body": "Why\nYou have scars."},
    }[slug]


STORED = {
    "locations": (Location, {"name": "Eastport", "time_zone": "America/New_York", "reminder_days": 3}),
    "rooms": (Room, {"name": "Room 9", "turnover_minutes": 10, "is_active": True}),
    "devices": (Device, {"name": "Pen 9", "label_max_mm": Decimal("2.50"), "rooms__name": "Blue room"}),
    "label-uses": (DeviceLabelUse, {"indication__code": "scars", "phototype_from": 2, "phototype_to": 4}),
    "people": (Practitioner, {"name": "Daniel Okafor", "after_minutes": 5, "indications__code": "scars"}),
    "accounts": (User, {"name": "Kerry Walsh", "email": "kerry@larkmoor.example", "role": "front_desk"}),
    "opening-hours": (OpeningHours, {"weekday": 2, "opens": dt.time(9), "closes": dt.time(17)}),
    "working-hours": (WorkingHours, {"weekday": 0, "opens": dt.time(9), "closes": dt.time(12, 30)}),
    "time-off": (
        Absence,
        {
            "start": dt.datetime(2026, 12, 7, tzinfo=dt.UTC),
            "end": dt.datetime(2026, 12, 9, tzinfo=dt.UTC),
            "practitioner__name": "Priya Nair",
        },
    ),
    "closures": (Closure, {"first_date": dt.date(2026, 12, 25), "last_date": dt.date(2026, 12, 26)}),
    "products": (Product, {"name": "Calm gel", "max_grams": Decimal("30.5"), "min_minutes": 30}),
    "lots": (Lot, {"number": "NC-24 O817", "expires_on": dt.date(2027, 12, 31)}),
    "indications": (Indication, {"code": "deep_lines", "name_es": "Arrugas", "is_active": True}),
    "areas": (TreatmentArea, {"code": "hands", "start_mm": Decimal("0.50"), "position": 5}),
    "protocols": (Protocol, {"number": 1, "sessions_target": 5, "approved_at": None}),
    "consent-texts": (ConsentText, {"number": 1, "language": "en", "approved_at": None}),
}


def create(client, slug, held, **changed):
    return client.post(f"/settings/{slug}/new/", valid(slug, held) | changed)


def errors_of(page):
    return {name: list(said) for name, said in page.context["form"].errors.items()}


def made(client, slug, held):
    create(client, slug, held)
    model, stored = STORED[slug]
    return model.objects.get(**stored)
