"""The demo clinic: one location, its people, rooms, devices, hours and stock."""

import datetime as dt
from dataclasses import dataclass
from decimal import Decimal

from django.contrib.auth.hashers import make_password
from django.db.models import Q

from clinic import clock
from clinic.models import (
    Absence,
    Closure,
    Device,
    Indication,
    Location,
    Lot,
    OpeningHours,
    Practitioner,
    Product,
    Room,
    User,
    WorkingHours,
)
from patients.models import ConsentText, RuleSet
from planner.approvals import approve, content_hash
from planner.models import AftercareText, Protocol
from planner.shipped import load_shipped

PASSWORD = "gentle-needle-2026"  # noqa: S105 - the demo's, shown on the terminal
ACCOUNTS = [
    ("Rosa Diaz", "rosa@demo.example", User.Role.FRONT_DESK),
    ("Dr Priya Nair", "priya@demo.example", User.Role.PRACTITIONER),
    ("Mona Weiss", "mona@demo.example", User.Role.MANAGER),
    ("Kerry Walsh", "kerry@demo.example", User.Role.PRACTITIONER),
    ("Mei Santos", "mei@demo.example", User.Role.PRACTITIONER),
]
# Zones with the emergency number there, at most three hours apart: the demo is set where it is late morning
# now, so that its day is half over, with patients in the clinic, whenever it is started. London, where the
# stories belong, goes first.
ZONES = [
    ("Europe/London", "999"),
    ("Europe/Berlin", "112"),
    ("Europe/Istanbul", "112"),
    ("Atlantic/Azores", "112"),
    ("America/Sao_Paulo", "192"),
    ("America/New_York", "911"),
    ("America/Los_Angeles", "911"),
    ("Pacific/Honolulu", "911"),
    ("Pacific/Auckland", "111"),
    ("Australia/Sydney", "000"),
    ("Asia/Singapore", "995"),
    ("Asia/Kolkata", "112"),
]
BEST_HOUR = 11  # local: from 9:30 to 12:30 somebody is always being treated
OPENS, CLOSES = dt.time(8), dt.time(20)


@dataclass(frozen=True)
class Place:
    """Everything the demo books with."""

    location: Location
    rosa: User
    priya: User
    mona: User
    practitioners: tuple[Practitioner, ...]
    rooms: tuple[Room, ...]
    devices: tuple[Device, ...]
    now: dt.datetime

    @property
    def today(self) -> dt.date:
        """The local date of the demo."""
        return clock.local_date(self.now, self.location.time_zone)

    def at(self, day: dt.date, time: dt.time) -> dt.datetime:
        """A local wall-clock time as an instant."""
        return clock.instant(day, time, self.location.time_zone)


def build_place(now: dt.datetime) -> Place:
    """Make the clinic and approve what ships with it."""
    load_shipped()
    zone, emergency = min(ZONES, key=lambda entry: _hours_from_best(now, entry[0]))
    location = Location.objects.create(
        name="Larkmoor Skin Clinic",
        time_zone=zone,
        address="14 Fennel Row, Larkmoor LM2 4QT",
        phone="020 7946 0138",  # of the numbers kept for fiction
        phone_from=dt.time(8),
        phone_until=dt.time(20),
        phone_saturday_from=dt.time(8),
        phone_saturday_until=dt.time(20),
        phone_sunday_from=dt.time(8),
        phone_sunday_until=dt.time(20),
        emergency_number=emergency,
    )
    rooms = tuple(
        Room.objects.create(location=location, name=f"Room {n}", turnover_minutes=10) for n in (1, 2, 3)
    )
    devices = tuple(
        Device.objects.create(
            location=location,
            name=f"Pen {n}",
            model_name="SkinPen Precision",
            serial=f"SP-20{n}47",
            label_max_mm="1.50",  # nothing deeper was evaluated (clinical-facts 2.3)
            label_use="Facial acne scars, neck wrinkles",
            label_age_from=22,
        )
        for n in (1, 2, 3)
    )
    on_label = Indication.objects.filter(Q(code__startswith="ACNE_") | Q(code="NECK_LINES"))
    for device in devices:
        device.label_indications.set(on_label)
    hashed = make_password(PASSWORD)  # once: it is slow on purpose, and the same for all
    users = {
        email: User.objects.create(email=email, password=hashed, name=name, role=role, location=location)
        for name, email, role in ACCOUNTS
    }
    today = clock.local_date(now, zone)
    practitioners = tuple(
        _practitioner(users, name, email, location, devices, today) for name, email in STAFF
    )
    _hours(location, practitioners, today)
    _stock(location, today)
    priya = users["priya@demo.example"]
    _approve_all(priya)
    return Place(
        location,
        users["rosa@demo.example"],
        priya,
        users["mona@demo.example"],
        practitioners,
        rooms,
        devices,
        now,
    )


STAFF = [
    ("Dr Priya Nair", "priya@demo.example"),
    ("Kerry Walsh", "kerry@demo.example"),
    ("Mei Santos", "mei@demo.example"),
]
TITLES = {"Dr Priya Nair": "Dermatologist", "Kerry Walsh": "RN", "Mei Santos": "RN"}


def _hours_from_best(now: dt.datetime, zone: str) -> float:
    local = clock.local(now, zone)
    away = abs(local.hour + local.minute / 60 - BEST_HOUR)
    return away - 4 if zone == "Europe/London" and away <= 1.5 else away


def _practitioner(users, name, email, location, devices, today) -> Practitioner:
    person = Practitioner.objects.create(
        name=name, title=TITLES[name], user=users[email], decides_reviews=name.startswith("Dr")
    )
    person.locations.add(location)
    person.devices.set(devices)
    person.indications.set(Indication.objects.filter(is_active=True))
    return person


def _hours(location, practitioners, today) -> None:
    OpeningHours.objects.bulk_create(
        OpeningHours(location=location, weekday=day, opens=OPENS, closes=CLOSES) for day in range(7)
    )
    for index, person in enumerate(practitioners):
        day_off = (today.weekday() + 2 + index) % 7
        lunch = 12 + (index % 2)
        WorkingHours.objects.bulk_create(
            WorkingHours(practitioner=person, location=location, weekday=day, opens=opens, closes=closes)
            for day in range(7)
            if day != day_off
            for opens, closes in ((dt.time(8, 30), dt.time(lunch)), (dt.time(lunch + 1), dt.time(19)))
        )
    day = dt.timedelta(days=1)
    Closure.objects.create(
        location=location, first_date=today + 17 * day, last_date=today + 18 * day, reason="Staff training"
    )
    away = today + 40 * day
    Absence.objects.create(
        practitioner=practitioners[1],
        start=clock.instant(away, dt.time(), location.time_zone),
        end=clock.instant(away + 9 * day, dt.time(), location.time_zone),
        reason="Leave",
    )


def _stock(location, today) -> None:
    year = dt.timedelta(days=365)
    products = {
        "Needle cartridge, 14 needles": (Product.Kind.CARTRIDGE, ["NC-240817", "NC-251102"]),
        "Sterile glide gel": (Product.Kind.GLIDE, ["GG-1183"]),
        "Plain healing cream": (Product.Kind.FINISHING, ["HC-5520"]),
    }
    for name, (kind, numbers) in products.items():
        product = Product.objects.create(
            name=name,
            kind=kind,
            needle_count=14 if kind == "cartridge" else None,
            needle_mm=Decimal("0.25") if kind == "cartridge" else None,
            is_sterile=True if kind != "cartridge" else None,
        )
        for number in numbers:
            pieces = 90 if kind == Product.Kind.CARTRIDGE else 12
            Lot.objects.create(
                product=product, location=location, number=number, expires_on=today + year, received=pieces
            )
    gel = Product.objects.get(name="Sterile glide gel")
    for number, days in (("GG-1102", -12), ("GG-1140", 34)):  # one past its date, one that ends soon
        Lot.objects.create(
            product=gel, location=location, number=number, expires_on=today + dt.timedelta(days=days)
        )
    for n, cream in enumerate(
        Product.objects.filter(kind=Product.Kind.NUMBING, is_active=True).order_by("pk")
    ):
        Lot.objects.create(product=cream, location=location, number=f"NU-70{n}1", expires_on=today + year)


def _approve_all(priya: User) -> None:
    for model in (RuleSet, Protocol, ConsentText, AftercareText):
        for row in model.objects.filter(approved_at=None):
            approve(row, seen=content_hash(row), by=priya)
