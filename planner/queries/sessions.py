"""Reads for the treatment room: the visit before its record, the record and its steps, lots in date."""

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cached_property

from django.db.models import Prefetch, Q, QuerySet
from django.urls import reverse

from clinic import clock
from clinic.models import Location, Lot, Product
from patients.gates import ScreeningGate, current_text, start_gate_for
from patients.models import Consent, Patient, Screening
from planner.models import AftercareSheet, Appointment, PatientNotice, TreatmentSession
from planner.models.diary import LIVE
from planner.queries.events import hold_words, holding_events
from planner.queries.namesakes import namesake_words, namesakes
from planner.queries.notices import reports_of
from planner.queries.photos import moments_of
from planner.queries.record import areas_in, gaps_of, planned_in

STEPS = (
    ("screen", "clipboard-check", "Re-screen"),
    ("numbing", "droplet-half", "Numbing"),
    ("treatment", "bullseye", "Treatment"),
    ("photos", "camera", "Photos"),
    ("finish", "pen", "Finish"),
)


def visit_rows(location: Location) -> QuerySet[Appointment]:
    """Treatments of one location, with what the room's header shows."""
    return Appointment.objects.filter(location=location, kind=Appointment.Kind.TREATMENT).select_related(
        "patient__location", "location", "course__indication", "practitioner", "room", "session"
    )


def record_rows(location: Location) -> QuerySet[TreatmentSession]:
    """Records of one location, with everything their pages show but the lists.

    A few tables joined, the rest read by key: PostgreSQL plans a join of twenty tables for 50 ms.
    """
    lots = Lot.objects.select_related("product")
    return (
        step_rows(location)
        .select_related("appointment__location", "appointment__course__indication", "practitioner")
        .prefetch_related(
            Prefetch("appointment__patient", Patient.objects.select_related("location").defer("notes")),
            *(Prefetch(name, lots) for name in ("numbing_lot", "glide_lot", "finishing_lot")),
            Prefetch("consent", Consent.objects.select_related("text")),
            Prefetch("sheet", AftercareSheet.objects.defer("pdf", "content")),
            *("appointment__room", "appointment__device", "device", "screening", "signed_by"),
        )
    )


def step_rows(location: Location) -> QuerySet[TreatmentSession]:
    """Records of one location with what saving a step asks for."""
    return TreatmentSession.objects.filter(appointment__location=location).select_related(
        "appointment__location", "appointment__course", "practitioner"
    )


def sheet_rows(location: Location) -> QuerySet[AftercareSheet]:
    """Sheets issued at one location."""
    return AftercareSheet.objects.filter(session__appointment__location=location).select_related(
        "patient", "session__appointment__location"
    )


def lots_in_date(
    location: Location, kinds: Iterable[str], on: dt.date, *, kept: Iterable[int | None] = ()
) -> QuerySet[Lot]:
    """Lots of these kinds in stock at a location and in date on a local day, and those already recorded."""
    recorded = [pk for pk in kept if pk is not None]
    usable = Q(is_active=True, product__is_active=True, expires_on__gte=on) | Q(pk__in=recorded)
    return Lot.objects.filter(usable, location=location, product__kind__in=list(kinds)).select_related(
        "product"
    )


def numbing_products(location: Location, on: dt.date) -> QuerySet[Product]:
    """Numbing creams with a usable lot at a location."""
    lots = lots_in_date(location, [Product.Kind.NUMBING], on)
    return Product.objects.filter(pk__in=lots.values("product"))


@dataclass(frozen=True)
class RailStep:
    """One step of the rail: `state` is done, running, warn or nothing."""

    key: str
    icon: str
    label: str
    url: str
    current: bool
    state: str


class Room:
    """What every page of the treatment room shows around its step."""

    def __init__(self, appointment: Appointment, session: TreatmentSession | None, step: str):
        self.appointment, self.session, self.step = appointment, session, step

    @cached_property
    def gaps(self) -> list:
        """What the record still lacks."""
        return gaps_of(self.session) if self.session else []

    @property
    def rail(self) -> list[RailStep]:
        """The steps with where they lead and how far they are."""
        keys = [key for key, _, _ in STEPS]
        return [
            RailStep(
                key,
                icon,
                label,
                self._url(key),
                key == self.step,
                self._state(key, place, keys.index(self.step)),
            )
            for place, (key, icon, label) in enumerate(STEPS)
        ]

    def _url(self, key: str) -> str:
        if self.session is None:
            return reverse("session_start", args=[self.appointment.pk]) if key == "screen" else ""
        if key == "screen":
            return ""
        return reverse(f"session_{key}", args=[self.session.pk])

    def _state(self, key: str, place: int, current: int) -> str:
        session = self.session
        if session is None:
            return ""
        if key == "screen":
            return "done"
        if key == "numbing" and session.numbing_on_at and not session.numbing_off_at:
            return "running"
        if key == "treatment" and session.needling_started_at and not session.needling_ended_at:
            return "running"
        if key == "photos":
            return self._photos(place < current)
        if not any(gap.step == key for gap in self.gaps):
            return "done"
        return "warn" if place < current else ""

    def _photos(self, is_behind: bool) -> str:
        """Photos may be left out; the rail says so once the step is behind."""
        photos = self.appointment.photos.filter(delete_asked_at=None)
        taken = set(photos.values_list("moment", flat=True))
        return "done" if taken == set(moments_of(self.session)) else "warn" if is_behind else ""


def step_of(session: TreatmentSession) -> str:
    """The step a record is at: the first that lacks something, else the last."""
    lacking = {gap.step for gap in gaps_of(session)}
    return next((step for step in ("numbing", "treatment") if step in lacking), "finish")


def url_of(session: TreatmentSession) -> str:
    """Where a record is opened: its step while it is open, itself once it is signed."""
    name = "session_detail" if session.signed_at else f"session_{step_of(session)}"
    return reverse(name, args=[session.pk])


@dataclass(frozen=True)
class Check:
    """One line of the checklist: settled or not, what it says, where it is settled."""

    is_done: bool
    title: str
    lines: tuple[str, ...]
    url: str = ""
    action: str = ""


def namesakes_here(appointment: Appointment) -> str:
    """Other patients of the day and place of a visit whose names look alike, in words."""
    patient = appointment.patient
    visits = Appointment.objects.filter(
        location=appointment.location, on=appointment.on, status__in=LIVE
    ).select_related("patient")
    people = [patient, *(visit.patient for visit in visits if visit.patient_id != patient.pk)]
    return namesake_words(namesakes(people).get(patient.pk, ()))


class StartPage:
    """The checklist before a record: the screening of today, the consent, the skin type."""

    def __init__(self, appointment: Appointment, at: dt.datetime):
        self.appointment, self.patient = appointment, appointment.patient
        self.at, self.zone = at, appointment.location.time_zone
        self.today = clock.local_date(at, self.zone)
        self.areas = planned_in(appointment)
        self.here = reverse("session_start", args=[appointment.pk])

    @cached_property
    def namesakes(self) -> str:
        """Other patients of this day here whose names look alike."""
        return namesakes_here(self.appointment)

    @cached_property
    def gate(self) -> ScreeningGate:
        """The gate as it will be judged once the consent was read again."""
        return start_gate_for(
            self.patient,
            indication=self.appointment.course.indication,
            areas=self.areas,
            on=self.today,
            consent_read_on=self.today,
            zone=self.zone,
        )

    @property
    def is_here(self) -> bool:
        """Whether the patient is checked in today."""
        return self.appointment.status == "arrived" and self.appointment.on == self.today

    @property
    def is_screened_today(self) -> bool:
        """Whether the visit's own screening was made today."""
        found = self.gate.screening
        return found is not None and found.stage == Screening.Stage.VISIT and found.answered_on == self.today

    @cached_property
    def split(self) -> tuple[tuple[str, ...], tuple[str, ...]]:
        """The gate's reasons: those of the screening, those of the consent."""
        if self.gate.engine_gate is None:
            return self.gate.reasons, self._consent_without_screen()
        pairs = list(zip(self.gate.engine_gate.refusals, self.gate.reasons, strict=True))
        of_consent = tuple(why for refusal, why in pairs if str(refusal.code).startswith("consent"))
        return tuple(why for _, why in pairs if why not in of_consent), of_consent

    def _consent_without_screen(self) -> tuple[str, ...]:
        consent, indication = self.gate.consent, self.appointment.course.indication
        stands = consent is not None and consent.withdrawn_at is None
        if stands and current_text(indication, consent.text.language) == consent.text:
            return ()
        return (f"No current consent for {indication.name.lower()}.",)

    @property
    def screen(self) -> Check:
        """Screened today, with the verdict, or why it is not settled."""
        reasons = self.split[0]
        if not self.is_screened_today:
            return Check(False, "Screen for today", reasons, self._screen_url(), "Screen now")
        found = self.gate.screening
        result = reverse("screening_detail", args=[found.pk])
        time = f"{clock.local(found.answered_at, self.zone):%H:%M}"
        if reasons:
            return Check(False, f"Screened today, {time}", reasons, result, "Open the result")
        said = (f"{found.get_outcome_display()}.", *self.gate.conditions)
        return Check(True, f"Screened today, {time}", said, result, "Open the result")

    @property
    def consent(self) -> Check:
        """The consent that counts, or what is missing."""
        reasons = self.split[1]
        indication = self.appointment.course.indication
        if reasons:
            base = reverse("consent_create", args=[self.patient.pk])
            url = f"{base}?indication={indication.pk}&next={self.here}"
            return Check(False, "Consent", reasons, url, "Take the consent")
        consent = self.gate.consent
        signed = clock.local_date(consent.signed_at, self.zone)
        lines = (f"{consent.text}, signed {signed.day} {signed:%b %Y}.",)
        return Check(
            True, "Consent is current", lines, reverse("consent_detail", args=[consent.pk]), "Open the text"
        )

    @cached_property
    def reports(self) -> list[PatientNotice]:
        """Problems that the patient reported lately, open or dealt with."""
        return reports_of(self.patient, self.at)

    @cached_property
    def held(self) -> list[tuple[str, str]]:
        """What holds the start beside the screening: why, and where it is looked at (H20)."""
        found = holding_events(self.patient.pk, [area.pk for area in self.areas], self.today)
        held = [(hold_words(event, self.today), reverse("event_detail", args=[event.pk])) for event in found]
        course = self.appointment.course
        if course.status not in ("active", "completed"):
            why = " ".join([f"The course is {course.get_status_display().lower()}.", course.status_reason])
            held.append((why.strip(), reverse("course_detail", args=[course.pk])))
        return held

    @property
    def may_start(self) -> bool:
        """Whether nothing holds the start."""
        return self.gate.is_open and not self.held

    @property
    def state(self) -> str:
        """The safety tag of the header."""
        if not self.is_screened_today:
            return "missing"
        return "cleared" if not self.split[0] else "decision" if self._undecided else "unsuitable"

    @property
    def _undecided(self) -> bool:
        return "undecided" in self.gate.codes or "unanswered" in self.gate.codes

    def _screen_url(self) -> str:
        chosen = "".join(f"&areas={area.pk}" for area in self.areas)
        base = reverse("screening_create", args=[self.patient.pk])
        return (
            f"{base}?indication={self.appointment.course.indication_id}{chosen}&stage=visit&next={self.here}"
        )


def left_out(session: TreatmentSession) -> list:
    """The areas of the visit without anything recorded."""
    recorded = {link.area_id for link in areas_in(session)}
    return [area for area in planned_in(session.appointment) if area.pk not in recorded]
