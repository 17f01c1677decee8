"""Two patients with a course each, and one row of every kind that is kept."""

from clinic.models import CartridgeUnit, Lot, Product
from patients.consents import record_consent
from patients.models import ClearingEvent, ClinicalDecision, ConsentText
from patients.screening.terms import START_STAGES
from patients.screenings import record_screening
from planner.models import (
    AftercareSheet,
    AftercareText,
    SessionAmendment,
    SessionArea,
    SessionCartridge,
    TreatmentSession,
)
from tests.guards.writes import DAY
from tests.kept import kept
from tests.patients.screening.samples import yes
from tests.planner import making
from tests.planner.making import MONDAY, NOW, every, slots_at


@kept
def site(location, acne_scars, cheeks, chin, priya, rule_set):
    """Two practitioners, two rooms, two pens."""
    return making.make_site(location, acne_scars, [cheeks, chin], priya.practitioner, devices=2)


@kept
def ana(site, rosa):
    """A screened patient."""
    patient = making.make_patient(rosa)
    making.screen(patient, site, rosa)
    return patient


@kept
def bea(site, rosa):
    """Another screened patient."""
    patient = making.make_patient(rosa)
    making.screen(patient, site, rosa)
    return patient


@kept
def course(site, ana, rosa):
    """Ana's course: 35 days apart at ten with the first of everything."""
    return making.book(ana, site, rosa)


@kept
def visit(course):
    """Ana's first visit."""
    return course.appointments.get(number=1)


@kept
def other(course, site, bea, rosa):
    """Bea's first visit: at the same times as Ana's, with the second of everything."""
    slots = slots_at(site, every(35), practitioner=1, room=1, device=1)
    return making.book(bea, site, rosa, slots=slots).appointments.get(number=1)


# Frozen and append-only rows


@kept
def chart(visit, site, ana, rosa, priya):
    """One row of every kind that is kept for ever; the session is not signed yet."""
    found = making.screen(making.make_patient(rosa), site, rosa, KELOID_TENDENCY=yes(), BREASTFEEDING=yes())
    review, deferral = found.findings.order_by("-code")
    me = priya.practitioner
    decision = ClinicalDecision.objects.create(
        finding=review, practitioner=me, choice="accept", reason="Seen.", decided_at=NOW
    )
    clearing = ClearingEvent.objects.create(
        finding=deferral, happened_on=MONDAY, note="Over.", recorded_by=me, recorded_at=NOW
    )
    text = ConsentText.objects.create(
        indication=site.indication, language="en", number=1, body="I agree.", approved_by=me, approved_at=NOW
    )
    consent = record_consent(ana, text=text, method="paper", by=rosa, at=NOW)
    kinds = ("cartridge", "glide", "finishing")
    lots = {
        kind: Lot.objects.create(
            product=Product.objects.create(name=kind, kind=kind),
            location=site.location,
            number="L1",
            expires_on=MONDAY + 90 * DAY,
        )
        for kind in kinds
    }
    asked = making.all_no(START_STAGES)
    today = record_screening(
        ana, stage="visit", indication=site.indication, areas=site.areas, answers=asked, by=priya, at=NOW
    )
    session = TreatmentSession.objects.create(
        appointment=visit,
        patient=ana,
        practitioner=me,
        screening=today,
        consent=consent,
        identity_checked_at=NOW,
        consent_read_at=NOW,
        started_at=NOW,
        saved_at=NOW,
    )
    area = SessionArea.objects.create(
        session=session, area=site.areas[0], depth_mm="1.50", passes=4, technique="glide", endpoint="redness"
    )
    unit = CartridgeUnit.objects.create(lot=lots["cartridge"], serial="S1")
    cartridge = SessionCartridge.objects.create(session=session, unit=unit)
    words = AftercareText.objects.create(language="en", number=1, blocks={}, approved_by=me, approved_at=NOW)
    sheet = AftercareSheet.objects.create(
        session=session,
        patient=ana,
        text=words,
        content={},
        pdf=b"x",
        sha256="0" * 64,
        issued_at=NOW,
        issued_by=priya,
    )
    amendment = SessionAmendment.objects.create(session=session, text="Added.", by=priya, at=NOW)
    return {
        "screening": found,
        "answer": found.answers.first(),
        "finding": review,
        "decision": decision,
        "clearing": clearing,
        "consent_text": text,
        "consent": consent,
        "rule_set": found.rule_set,
        "rule": found.rule_set.rules.first(),
        "protocol": site.protocol,
        "aftercare_text": words,
        "sheet": sheet,
        "amendment": amendment,
        "event": visit.events.first(),
        "session": session,
        "area": area,
        "cartridge": cartridge,
        "lots": lots,
    }
