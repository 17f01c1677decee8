"""What a session record lacks before signing, the hash of what it holds, and last time's settings."""

import datetime as dt
import hashlib
import json
from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal

from django.db.models import Max, Prefetch, prefetch_related_objects

from clinic.models import TreatmentArea
from patients.models import Patient, PatientMerge
from planner.models import Appointment, AppointmentArea, CourseReview, SessionArea, TreatmentSession
from planner.queries.photos import moments_of, views_for

NUMBING, TREATMENT, FINISH = "numbing", "treatment", "finish"
SESSIONS_MOST = 6  # of a series (clinical-facts 5)
GAPS = range(28, 85)  # days since an area was last treated (5)
MINUTES = range(15, 61)  # from needling to finish (5)
PAIN_FLAG = 7  # of 10 (5)
PLANNED = Prefetch("areas", AppointmentArea.objects.select_related("area"))
RECORDED = Prefetch("areas", SessionArea.objects.select_related("area").order_by("area__position"))


@dataclass(frozen=True)
class Gap:
    """Something the record still lacks: the step where it belongs, and what, in words."""

    step: str
    words: str


def planned_in(appointment: Appointment) -> list[TreatmentArea]:
    """The areas of a visit in the order of the body; read once for one object, they never change."""
    prefetch_related_objects([appointment], PLANNED)
    areas = [link.area for link in appointment.areas.all()]
    return sorted(areas, key=lambda area: (area.position, area.name))


def areas_in(session: TreatmentSession) -> list[SessionArea]:
    """What is recorded of each area; read once for one object, so call it after the last write."""
    prefetch_related_objects([session], RECORDED)
    return list(session.areas.all())


def gaps_of(session: TreatmentSession) -> list[Gap]:
    """What must be recorded before the session can be signed (clinical-facts 5), step by step."""
    checks = [*_numbing_checks(session), *_treatment_checks(session), *_finish_checks(session)]
    return [Gap(step, words) for step, lacks, words in checks if lacks]


def _numbing_checks(session: TreatmentSession) -> list[tuple[str, bool, str]]:
    numbed = bool(session.numbing_used)
    return [
        (NUMBING, session.numbing_used is None, "Say whether numbing cream was used."),
        (NUMBING, numbed and not session.numbing_lot_id, "Numbing cream: product and lot."),
        (
            NUMBING,
            numbed and not (session.numbing_grams and session.numbing_area_cm2),
            "Numbing cream: amount and covered area.",
        ),
        (NUMBING, numbed and not session.numbing_sites, "Numbing cream: on how many sites."),
        (NUMBING, numbed and not session.numbing_off_at, "Numbing cream: on and off times."),
        (NUMBING, numbed and not session.numbing_applied_by, "Numbing cream: who put it on."),
        (NUMBING, session.own_cream is None, "Say whether the patient put on a cream of their own."),
        (NUMBING, bool(session.own_cream) and not session.own_cream_product, "Own cream: which product."),
        (NUMBING, bool(session.own_cream) and not session.own_cream_off_at, "Own cream: when it came off."),
    ]


def _treatment_checks(session: TreatmentSession) -> list[tuple[str, bool, str]]:
    areas, opened = areas_in(session), list(session.cartridges.all())
    unfinished = any(not _is_whole(area) for area in areas)
    return [
        (TREATMENT, not session.skin_prep, "Skin preparation."),
        (TREATMENT, not session.device_id, "Device."),
        (
            TREATMENT,
            bool(session.patient.allergies) and not session.allergies_checked,
            "Products compared with the allergies.",
        ),
        (TREATMENT, not opened, "Cartridge."),
        (TREATMENT, any(not use.opened_today for use in opened), "Cartridge sterile and opened today."),
        (TREATMENT, not session.glide_lot_id, "Glide gel."),
        (TREATMENT, not areas, "At least one treated area."),
        (TREATMENT, unfinished, "Depth, passes, technique and endpoint of every area."),
        (TREATMENT, not session.needling_ended_at, "When needling ended."),
        (TREATMENT, not session.finishing_lot_id, "Finishing cream."),
    ]


def _finish_checks(session: TreatmentSession) -> list[tuple[str, bool, str]]:
    return [
        (FINISH, session.pain is None, "Worst pain."),
        (FINISH, session.redness is None or session.swelling is None, "Redness and swelling."),
        (FINISH, not session.observed_until_at, "Observed until when."),
        (FINISH, not session.fit_to_leave_at, "Fit to leave."),
        (FINISH, not session.sharps_disposed, "Sharps disposed of."),
        (
            FINISH,
            session.decision not in ("", TreatmentSession.Decision.CONTINUE) and not session.decision_reason,
            "Why the course changes.",
        ),
        (
            FINISH,
            not session.photos_missing_reason and bool(missing_views(session)),
            "Why photos are missing.",
        ),
        (FINISH, bool(limits_passed(session)) and not session.limits_reason, "Why outside the usual limits."),
    ]


def _is_whole(area: SessionArea) -> bool:
    return bool(area.depth_mm is not None and area.passes and area.technique and area.endpoint)


def hash_of(session: TreatmentSession) -> str:
    """The SHA-256 of everything the record holds, in one canonical JSON text.

    A merge of two files moves a record without its seal: it counts for the file in which it was signed.
    """
    return seal_of(content_of(session))


def content_of(session: TreatmentSession) -> dict:
    """Everything the record holds, as its seal counts it."""
    skipped = {"id", "signed_at", "signed_by", "content_hash", "saved_at"}
    fields = [field for field in session._meta.concrete_fields if field.name not in skipped]
    return {
        "record": {field.name: plain(getattr(session, field.attname)) for field in fields}
        | {"patient": signed_in(session)},
        "areas": [
            [link.area.code, plain(link.depth_mm), link.passes, link.technique, link.endpoint]
            for link in session.areas.select_related("area").order_by("area__code")
        ],
        "cartridges": sorted(
            f"{use.unit.lot.number} {use.unit.serial} {use.opened_today} {use.needles}"
            for use in session.cartridges.select_related("unit__lot")
        ),
    }


def seal_of(content: dict) -> str:
    """The SHA-256 of one canonical JSON text."""
    return hashlib.sha256(json.dumps(content, sort_keys=True).encode()).hexdigest()


def signed_in(row: TreatmentSession | CourseReview) -> int:
    """The file in which the record was made: the first merge that moved it came from there."""
    table = row._meta.db_table
    moves = PatientMerge.objects.filter(undone_at=None, **{f"moved__{table}__contains": row.pk})
    first = moves.order_by("at").first()
    return first.merged_id if first else row.patient_id


def plain(value: object) -> object:
    """A stored value as the seal of a record counts it."""
    if isinstance(value, Decimal):
        return f"{value:.2f}"
    if isinstance(value, dt.datetime):
        return value.astimezone(dt.UTC).isoformat()
    return value


def limits_passed(session: TreatmentSession) -> list[str]:
    """Which limits of clinical-facts 5 that warn this record passes, in words; each needs the one reason.

    Visit 7 and later; days since an area was last treated under 28 or over 84; an area of skin over that of
    the numbing cream; gel or cream that is a cosmetic, holds vitamin C or is not sterile; pain of 7 and more;
    needling to finish under 15 or over 60 minutes.
    """
    said = []
    if (session.appointment.number or 0) > SESSIONS_MOST:
        said.append(f"This is visit {session.appointment.number}; a series has {SESSIONS_MOST} at most.")
    said += [*_gaps_passed(session), *_products_passed(session)]
    if session.needling_started_at and session.fit_to_leave_at:
        minutes = int((session.fit_to_leave_at - session.needling_started_at).total_seconds() // 60)
        if minutes not in MINUTES:
            said.append(f"Needling to finish took {minutes} min; usual are {MINUTES[0]} to {MINUTES[-1]}.")
    if session.pain is not None and session.pain >= PAIN_FLAG:
        said.append(f"Worst pain was {session.pain} of 10.")
    return said


def _products_passed(session: TreatmentSession) -> list[str]:
    """The area against the label of the cream; gel and cream on needled skin (clinical-facts 5)."""
    said = []
    cream = session.numbing_lot.product if session.numbing_used and session.numbing_lot else None
    if cream and cream.max_area_cm2 and (session.treated_cm2 or 0) > cream.max_area_cm2:
        said.append(
            f"{session.treated_cm2} cm² were treated; {cream} allows {cream.max_area_cm2} cm² per visit."
        )
    for lot in (session.glide_lot, session.finishing_lot):
        if lot and lot.product.is_cosmetic:
            said.append(f"{lot.product} is a cosmetic or holds vitamin C.")
        if lot and lot.product.is_sterile is False:
            said.append(f"{lot.product} is not sterile.")
    return said


def missing_views(session: TreatmentSession) -> dict[str, list[str]]:
    """By moment in words: the standard views of the visit without a photo (ruling 11)."""
    areas = planned_in(session.appointment)
    taken = {(photo.moment, photo.view) for photo in session.appointment.photos.filter(delete_asked_at=None)}
    missing = {
        moment.label: [view.label for view in views_for(areas) if (moment, view) not in taken]
        for moment in moments_of(session)
    }
    return {moment: views for moment, views in missing.items() if views}


def _gaps_passed(session: TreatmentSession) -> list[str]:
    areas = {link.area_id: link.area.name.lower() for link in areas_in(session)}
    if not areas:
        return []
    before = SessionArea.objects.filter(
        session__patient=session.patient_id,
        session__signed_at__isnull=False,
        session__started_at__lt=session.started_at,
        area__in=areas,
    ).values("area")
    days = {
        row["area"]: (session.appointment.on - row["last"]).days
        for row in before.annotate(last=Max("session__appointment__on")).order_by("area")
    }
    return [
        f"Last treatment of {areas[area]} was {passed} days ago; usual are {GAPS[0]} to {GAPS[-1]}."
        for area, passed in days.items()
        if passed not in GAPS
    ]


def numbing_warnings(session: TreatmentSession, now: dt.datetime) -> list[tuple[str, str]]:
    """(amber or red, sentence) on creams and the minutes under them (4.2); empty if all is well."""
    return [*_own_warnings(session), *_other_warnings(session), *_minute_warnings(session, now)]


def _other_warnings(session: TreatmentSession) -> list[tuple[str, str]]:
    """Doses of all local anaesthetics count together (4.2)."""
    if not session.other_anaesthetic:
        return []
    return [("red", f"Also given: {session.other_anaesthetic}. Add the doses of all local anaesthetics.")]


def _own_warnings(session: TreatmentSession) -> list[tuple[str, str]]:
    """An own cream is a red flag; its grams count together with ours (4.2)."""
    if not session.own_cream:
        return []
    said = [
        ("red", "The patient put on a cream of their own. Check product, strength, amount, time and wrap.")
    ]
    product = session.numbing_lot.product if session.numbing_used and session.numbing_lot else None
    both = (session.own_cream_grams or 0) + (session.numbing_grams or 0)
    if product and product.max_grams is not None and both > product.max_grams:
        sentence = f"With the own cream it is {both} g in all; {product} allows {product.max_grams} g."
        said.append(("red", sentence))
    return said


def _minute_warnings(session: TreatmentSession, now: dt.datetime) -> list[tuple[str, str]]:
    lot = session.numbing_lot
    if not session.numbing_used or lot is None or session.numbing_on_at is None:
        return []
    until = session.numbing_off_at or now
    minutes = int((until - session.numbing_on_at).total_seconds() // 60)
    product = lot.product
    if product.max_minutes is not None and minutes > product.max_minutes:
        return [
            ("red", f"On for {minutes} min: {product} comes off after {product.max_minutes} min at most.")
        ]
    if session.numbing_off_at and product.min_minutes is not None and minutes < product.min_minutes:
        return [("amber", f"Off after {minutes} min: {product} works after {product.min_minutes} min.")]
    return []


@dataclass(frozen=True)
class LastTime:
    """What was set at earlier signed visits: the newest session, and the newest settings of each area."""

    session: TreatmentSession | None
    areas: dict[int, SessionArea]


def has_last_time(session: TreatmentSession) -> bool:
    """Whether the patient has an earlier signed record."""
    earlier = TreatmentSession.objects.filter(
        patient=session.patient_id, signed_at__isnull=False, started_at__lt=session.started_at
    )
    return earlier.exists()


def last_time(patient: Patient, area_ids: Iterable[int], before: dt.datetime) -> LastTime:
    """Look up earlier signed sessions of a patient that started before an instant."""
    signed = TreatmentSession.objects.filter(patient=patient, signed_at__isnull=False, started_at__lt=before)
    newest = signed.select_related("device", "appointment").order_by("-started_at").first()
    links = (
        SessionArea.objects.filter(session__in=signed, area__in=list(area_ids))
        .select_related("session")
        .order_by("session__started_at")
    )
    return LastTime(newest, {link.area_id: link for link in links})
