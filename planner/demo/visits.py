"""Visits of the demo as they happen: come in, be screened again, be treated, sign."""

import datetime as dt
from decimal import Decimal

from clinic.models import Lot
from patients.models import Screening
from planner import booking, records, signing
from planner.demo.answers import screen
from planner.demo.pictures import take_photos
from planner.demo.place import Place
from planner.models import Appointment, TreatmentSession
from planner.treatment import AreaEntry, Supplies

MINUTE = dt.timedelta(minutes=1)


def arrive(place: Place, visit: Appointment, at: dt.datetime) -> Appointment:
    """The desk checks the patient in."""
    return booking.check_in(visit, by=place.rosa, at=at)


def screen_again(place: Place, visit: Appointment, at: dt.datetime, yes: dict | None = None) -> Screening:
    """The day's questions, answered with the practitioner."""
    areas = [link.area for link in visit.areas.select_related("area")]
    return screen(
        place, visit.patient, indication=visit.course.indication, areas=areas, at=at, stage="visit", yes=yes
    )


def start_numbing(place: Place, visit: Appointment, at: dt.datetime) -> TreatmentSession:
    """From the first question to the cream on the skin."""
    by = visit.practitioner.user
    said = {"identity_checked": True, "birth_date": visit.patient.birth_date, "consent_read": True}
    session = records.start_session(visit, **said, by=by, at=at)
    return records.save_numbing(
        session, version=session.version, by=by, at=at + 2 * MINUTE, **_cream(place, at)
    )


def treat(place: Place, session: TreatmentSession, at: dt.datetime, number: int) -> TreatmentSession:
    """Cream off, needling, finish, signature; `at` is when the cream comes off."""
    by = session.practitioner.user
    on = session.numbing_on_at
    session = records.save_numbing(
        session, version=session.version, by=by, at=at, **_cream(place, on, off=at, on_exactly=on)
    )
    entries = [_entry(link.area, number) for link in session.appointment.areas.select_related("area")]
    supplies = _supplies(place, session, entries)
    session = records.save_treatment(
        session,
        version=session.version,
        by=by,
        at=at + MINUTE,
        areas=entries,
        supplies=supplies,
        started=True,
    )
    minutes = 8 + 5 * len(entries)
    done = at + minutes * MINUTE
    session = records.save_treatment(
        session, version=session.version, by=by, at=done, areas=entries, supplies=supplies, ended=True
    )
    session = records.save_finish(
        session,
        version=session.version,
        by=by,
        at=done + 3 * MINUTE,
        pain=2 + number % 3,
        redness=1 + number % 2,
        swelling=number % 2,
        reactions=[],
        bleeding="pinpoint",
        observed_until_at=done + 3 * MINUTE,
        photos_missing_reason="The other views were not asked for.",
        fit_to_leave_at=done + 3 * MINUTE,
        sharps_disposed=True,
        patient_note="",
    )
    take_photos(place, session, done + 3 * MINUTE)
    return signing.sign_session(session, version=session.version, fresh=True, by=by, at=done + 4 * MINUTE)


def whole_visit(place: Place, visit: Appointment) -> TreatmentSession:
    """A visit of the past, from door to door, around its booked times."""
    arrive(place, visit, visit.start - 4 * MINUTE)
    screen_again(place, visit, visit.start - 2 * MINUTE)
    session = start_numbing(place, visit, visit.start)
    return treat(place, session, visit.treatment_start, visit.number)


def _cream(place: Place, at: dt.datetime, off: dt.datetime | None = None, on_exactly=None) -> dict:
    lots = Lot.objects.filter(location=place.location, product__kind="numbing", product__agent="lidocaine")
    return {
        "numbing_used": True,
        "numbing_lot": lots.select_related("product").order_by("pk").first(),
        "numbing_grams": Decimal("12.0"),
        "numbing_area_cm2": 120,
        "numbing_sites": 2,
        "numbing_covered": False,
        "numbing_on_at": on_exactly or at + MINUTE,
        "numbing_off_at": off,
        "numbing_applied_by": "clinic",
        "own_cream": False,
    }


def _entry(area, number: int) -> AreaEntry:
    depth = min(area.warn_mm, area.start_mm + Decimal("0.25") * (number // 2))
    return AreaEntry(area.pk, depth, 3 + number % 2, "glide", "pinpoint" if depth >= 1 else "redness")


def _supplies(place: Place, session: TreatmentSession, entries: list[AreaEntry]) -> Supplies:
    def lot(kind: str) -> Lot:
        lots = Lot.objects.filter(location=place.location, product__kind=kind).select_related("product")
        return lots.filter(expires_on__gte=place.today).order_by("pk").first()

    device = session.appointment.device
    is_deep = any(entry.depth_mm > device.label_max_mm for entry in entries)
    return Supplies(
        device=device,
        cartridge_lot=lot("cartridge"),
        glide_lot=lot("glide"),
        finishing_lot=lot("finishing"),
        skin_prep="Chlorhexidine wipe, dry",
        depth_reason="The last depth was well tolerated." if is_deep else "",
        allergies_checked=True,
        opened_today=True,
    )
