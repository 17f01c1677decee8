"""What the tests of the treatment room need: stock, texts, a patient who is here, a record up to any step."""

import datetime as dt
from dataclasses import dataclass
from decimal import Decimal

from clinic.models import CartridgeUnit, Device, Lot, Product
from patients import consents
from patients.models import ConsentText
from patients.screening.terms import START_STAGES
from patients.screenings import record_screening
from planner import booking, records, signing
from planner.models import (
    AftercareSheet,
    AftercareText,
    Appointment,
    AppointmentEvent,
    SessionAmendment,
    SessionArea,
    SessionCartridge,
    TreatmentSession,
)
from planner.shipped import load_aftercare
from planner.treatment import AreaEntry, Supplies
from tests.planner import making
from tests.refusing import refusing

MINUTE = dt.timedelta(minutes=1)
ARRIVAL = dt.datetime(2026, 9, 7, 9, 0, tzinfo=dt.UTC)  # 10:00 in London, the first visit of making.book
SCREENED, STARTED = ARRIVAL + 2 * MINUTE, ARRIVAL + 5 * MINUTE
CREAM_ON, CREAM_OFF = ARRIVAL + 6 * MINUTE, ARRIVAL + 40 * MINUTE
NEEDLING, ENDED = ARRIVAL + 42 * MINUTE, ARRIVAL + 60 * MINUTE
FINISHED, SIGNED = ARRIVAL + 62 * MINUTE, ARRIVAL + 65 * MINUTE

# Every row of the records, and what signing changes beside them.
KEPT = (TreatmentSession, SessionArea, SessionCartridge, CartridgeUnit, SessionAmendment)
KEPT += (Appointment, AppointmentEvent, AftercareSheet)
refused = refusing(*KEPT)


@dataclass(frozen=True)
class Stock:
    """One lot of everything a visit uses up."""

    cartridges: Lot
    cream: Lot
    prilocaine: Lot
    gel: Lot
    balm: Lot


def make_lot(location, name, kind, number="A-1", expires_on=dt.date(2027, 9, 30), **product):
    """A lot of a product, in date for a year."""
    made, _ = Product.objects.get_or_create(name=name, defaults={"kind": kind, **product})
    lot = Lot.objects.create(product=made, location=location, number=number, expires_on=expires_on)
    return Lot.objects.select_related("product").get(pk=lot.pk)


def make_stock(location):
    """One lot each; the limits of the creams are those of their labels (clinical-facts 4.1)."""
    return Stock(
        make_lot(location, "Cartridge, 14 needles", "cartridge", "NC-1", needle_count=14),
        make_lot(
            location,
            "Lidocaine 4% cream",
            "numbing",
            agent="lidocaine",
            min_minutes=30,
            max_minutes=60,
            max_area_cm2=900,
        ),
        make_lot(
            location,
            "Lidocaine and prilocaine cream",
            "numbing",
            agent="lidocaine_prilocaine",
            min_minutes=60,
            max_minutes=300,
            max_grams=60,
            max_area_cm2=600,
        ),
        make_lot(location, "Sterile glide gel", "glide"),
        make_lot(location, "Plain healing cream", "finishing"),
    )


def approve_texts(practitioner, languages=("en", "es")):
    """The shipped aftercare texts, approved in these languages."""
    load_aftercare()
    for text in AftercareText.objects.filter(language__in=languages):
        text.approved_by, text.approved_at = practitioner, making.NOW
        text.save()


def consent(patient, site, by, at=making.NOW):
    """A consent signed on paper to an approved text of the site's indication."""
    text, _ = ConsentText.objects.get_or_create(
        indication=site.indication,
        language="en",
        number=1,
        defaults={
            "body": "You can say no.",
            "approved_by": site.practitioners[0],
            "approved_at": making.NOW,
        },
    )
    return consents.record_consent(patient, text=text, method="paper", by=by, at=at)


def screen_today(visit, by, at=SCREENED, **answers):
    """The day's questions, all answered no but those given."""
    return record_screening(
        visit.patient,
        stage="visit",
        indication=visit.course.indication,
        areas=[link.area for link in visit.areas.select_related("area")],
        answers=making.all_no(START_STAGES, **answers),
        by=by,
        at=at,
    )


def arrive(patient, site, by, **how):
    """Book four visits, check in for the first."""
    course = making.book(patient, site, by, **how)
    visit = course.appointments.order_by("start").first()
    return booking.check_in(visit, by=by, at=visit.start)


def start(visit, by, at=STARTED, **how):
    """Open the record, both read back."""
    said = {"identity_checked": True, "birth_date": visit.patient.birth_date, "consent_read": True}
    read_back = said | how
    return records.start_session(visit, **read_back, by=by, at=at)


def cream(stock, **changed):
    """Lidocaine cream from CREAM_ON to CREAM_OFF."""
    return {
        "numbing_used": True,
        "numbing_lot": stock.cream,
        "numbing_grams": Decimal("30.0"),
        "numbing_area_cm2": 200,
        "numbing_sites": 2,
        "numbing_covered": True,
        "numbing_on_at": CREAM_ON,
        "numbing_off_at": CREAM_OFF,
        "numbing_applied_by": "clinic",
        "own_cream": False,
    } | changed


def numb(session, stock, by, at=CREAM_OFF, **changed):
    """Save the numbing step."""
    return records.save_numbing(session, version=session.version, by=by, at=at, **cream(stock, **changed))


def entries(site, depth="1.50", **changed):
    """Every area of the site: 1.50 mm, 4 passes, gliding, pinpoint bleeding."""
    how = {"depth_mm": Decimal(depth), "passes": 4, "technique": "glide", "endpoint": "pinpoint"} | changed
    return [AreaEntry(area.pk, **how) for area in site.areas]


def supplies(site, stock, **changed):
    """Device, cartridge, gel, cream and wipe."""
    used = {
        "device": Device.objects.get(pk=site.devices[0].pk),
        "cartridge_lot": stock.cartridges,
        "glide_lot": stock.gel,
        "finishing_lot": stock.balm,
        "skin_prep": "Chlorhexidine wipe",
        "opened_today": True,
    }
    return Supplies(**used | changed)


def treat(session, site, stock, by, at=ENDED, areas=None, used=None, **stamps):
    """Save the treatment step."""
    return records.save_treatment(
        session,
        version=session.version,
        by=by,
        at=at,
        areas=entries(site) if areas is None else areas,
        supplies=used or supplies(site, stock),
        **stamps,
    )


def finish(session, by, at=FINISHED, **changed):
    """Save the finish step."""
    said = {
        "pain": 3,
        "redness": 1,
        "swelling": 0,
        "reactions": [],
        "bleeding": "pinpoint",
        "observed_until_at": at,
        "fit_to_leave_at": at,
        "sharps_disposed": True,
        "photos_missing_reason": "Not asked for.",
    } | changed
    return records.save_finish(session, version=session.version, by=by, at=at, **said)


def complete(session, site, stock, by):
    """Every step saved, ready to sign."""
    session = numb(session, stock, by)
    session = treat(session, site, stock, by, at=NEEDLING, started=True)
    session = treat(session, site, stock, by, at=ENDED, ended=True)
    return finish(session, by)


def sign(session, by, at=SIGNED, **how):
    """Sign with a fresh password."""
    return signing.sign_session(session, version=session.version, **{"fresh": True} | how, by=by, at=at)
