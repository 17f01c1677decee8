"""May this patient be booked, may a session start, what does a list page say? Reads only, no locks."""

import datetime as dt
from collections.abc import Collection, Iterable
from dataclasses import dataclass, replace

from clinic import clock
from clinic.models import Indication, TreatmentArea, User
from clinic.refusals import Refusal
from patients.judgement import Judgement, PatientFile, judge_areas, read_file, read_files
from patients.models import Consent, ConsentText, Patient, Screening
from patients.screening import model as engine
from patients.screening.describe import describe_flag, describe_headline, describe_refusal
from patients.screening.gate import booking_gate, start_gate
from patients.screening.terms import Agent, Outcome, RefusalCode
from patients.screening.words import OUTCOME_WORDS, list_words, weekday_words


@dataclass(frozen=True)
class ScreeningGate:
    """A gate of the engine with the rows behind it; without any screening it is closed.

    `reasons` say what holds it closed; `flags` say it to those who may read the verdict only.
    `earliest_on` is the first local day that the dates allow, at least today.
    """

    reasons: tuple[str, ...]
    flags: tuple[str, ...]
    engine_gate: engine.Gate | None = None
    judgement: Judgement | None = None
    consent: Consent | None = None

    def reasons_for(self, user: User | None) -> tuple[str, ...]:
        """Why it is closed, as this person (None: the patient) may read it."""
        return self.reasons if user and may_see_answers(user) else self.flags

    @property
    def is_open(self) -> bool:
        """True when nothing refuses."""
        return self.engine_gate is not None and self.engine_gate.is_open

    @property
    def screening(self) -> Screening | None:
        """The screening that was judged."""
        return self.judgement.screening if self.judgement else None

    @property
    def screening_id(self) -> int | None:
        """The key of the screening that was judged."""
        return self.judgement.screening.pk if self.judgement else None

    @property
    def earliest_on(self) -> dt.date | None:
        """The first day on which the areas may be treated."""
        return self.engine_gate.earliest_on if self.engine_gate else None

    @property
    def conditions(self) -> tuple[str, ...]:
        """What the practitioner has to keep to."""
        return self.engine_gate.conditions if self.engine_gate else ()

    @property
    def blocked_agents(self) -> tuple[str, ...]:
        """Numbing agents that may not be used."""
        return self.engine_gate.blocked_agents if self.engine_gate else ()

    @property
    def codes(self) -> tuple[str, ...]:
        """Why it is closed, as stable codes."""
        if self.engine_gate is None:
            return ("not_screened",)
        return tuple(dict.fromkeys(str(refusal.code) for refusal in self.engine_gate.refusals))


def may_see_answers(user: User) -> bool:
    """Practitioners see answers; the desk sees the verdict, the manager more only with a recorded reason."""
    return user.role == User.Role.PRACTITIONER


def booking_gate_for(
    patient: Patient, *, areas: Iterable, on: dt.date, at: dt.datetime | None = None
) -> ScreeningGate:
    """May these areas be booked, judged on the local day `on`? Rulings 1, 2, 7, 8.

    `areas` are TreatmentArea rows or their keys. Plain reads: call it after the patient row is locked.
    """
    chosen = _areas(areas)
    return _booking_gate(read_file(patient), chosen, on)


def start_gate_for(
    patient: Patient,
    *,
    indication: Indication,
    areas: Iterable,
    on: dt.date,
    consent_read_on: dt.date | None = None,
    agents: Iterable[str] = (),
    zone: str = "",
) -> ScreeningGate:
    """May these areas be started on the local day `on`? Names the screening and the consent to use.

    `consent_read_on` is the day on which the consent was read again with the patient; `agents` are the
    numbing agents planned; `zone` is that of the place of the visit, the patient's own unless named.
    Plain reads: call it after the patient row is locked.
    """
    chosen, file = _areas(areas), read_file(patient)
    judgement = judge_areas(file, [area.code for area in chosen], on)
    consent = newest_consent(patient, indication)
    if judgement is None:
        return _unscreened_gate(chosen, consent)
    gate = start_gate(
        judgement.evaluation,
        judgement.decisions,
        today=on,
        areas=[area.code for area in chosen],
        consents=[
            _consent_facts(indication, consent, consent_read_on, zone=zone or patient.location.time_zone)
        ],
        agents=[Agent(agent) for agent in agents],
    )
    return _told(_asked_since_joined(gate, file, judgement), judgement, names_in(file, chosen), consent)


def refuse_closed_gate(gate: ScreeningGate, by: User | None) -> None:
    """Raise the first reason as a Refusal when the gate is closed, in the words that `by` may read."""
    if not gate.is_open:
        first, *others = gate.reasons_for(by)
        raise Refusal(f"screening_{gate.codes[0]}", first, " ".join(others))


@dataclass(frozen=True)
class Safety:
    """What a list says: cleared, deferred, decision, unsuitable or missing, with one line of why."""

    state: str
    words: str
    screening: Screening | None = None
    until: dt.date | None = None
    conditions: tuple[str, ...] = ()

    @property
    def why(self) -> str:
        """The line without the state, where the state stands above it."""
        for outcome in OUTCOME_WORDS.values():
            rest = self.words.removeprefix(f"{outcome}: ")
            if rest != self.words:
                return rest[:1].upper() + rest[1:]
        return self.words


NOT_SCREENED = Safety("missing", "Not screened")

# Strictest first; what is left out is missing or stale.
_STATES = (
    ("unsuitable", {RefusalCode.STOP, RefusalCode.DECLINED}),
    ("deferred", {RefusalCode.OPEN_DEFERRAL, RefusalCode.NOT_SURE, RefusalCode.DEFERRED}),
    ("decision", {RefusalCode.UNDECIDED}),
)


def safety_of(patient_ids: Iterable[int], on: dt.date) -> dict[int, Safety]:
    """Judge the newest screening of each patient on the local day `on`; six queries for any number."""
    files = read_files(set(patient_ids), newest=1)
    return {pk: safety_of_file(file, on) for pk, file in files.items()}


def safety_beside(
    patient_ids: Iterable[int], whole: Collection[int], on: dt.date
) -> tuple[dict[int, Safety], dict[int, PatientFile]]:
    """The same, and the whole files of others that the page needs, read together."""
    judged = set(patient_ids)
    files = read_files(judged | set(whole), newest=1, whole=whole)
    return {pk: safety_of_file(file, on) for pk, file in files.items() if pk in judged}, files


def safety_of_file(file: PatientFile, on: dt.date) -> Safety:
    """Judge one patient's newest screening for its own areas."""
    if not file.screenings:
        return NOT_SCREENED
    areas = list(file.screenings[0].areas.all())
    gate = _booking_gate(file, areas, on)
    return safety_of_gate(gate, on)


def safety_of_gate(gate: ScreeningGate, on: dt.date) -> Safety:
    """Say a booking gate in one state and one line."""
    if gate.engine_gate is None or gate.judgement is None:
        return Safety("missing", gate.reasons[0])
    for state, codes in _STATES:
        found = [
            reason
            for refusal, reason in zip(gate.engine_gate.refusals, gate.reasons, strict=True)
            if refusal.code in codes
        ]
        if found:
            return Safety(state, found[0], gate.screening)
    if not gate.is_open:
        return Safety("missing", gate.reasons[0], gate.screening)
    if gate.earliest_on and gate.earliest_on > on:
        words = f"Deferred until {weekday_words(gate.earliest_on)}"
        return Safety("deferred", words, gate.screening, gate.earliest_on, gate.conditions)
    decided = gate.judgement.evaluation.headline is Outcome.REVIEW
    words = "Cleared with conditions" if decided else describe_headline(gate.judgement.evaluation)
    if gate.judgement.evaluation.headline is Outcome.DEFER:
        words = "Cleared by a practitioner"
    return Safety("cleared", words, gate.screening, None, gate.conditions)


def newest_consent(patient: Patient | int, indication: Indication) -> Consent | None:
    """The last consent signed for an indication, withdrawn or not."""
    return (
        Consent.objects.filter(patient=patient, indication=indication)
        .select_related("text")
        .order_by("-signed_at", "-pk")
        .first()
    )


def refuse_withdrawn_consent(patient: Patient | int, indication: Indication) -> None:
    """Refuse while the patient has taken back the newest consent for an indication; none yet refuses nothing.

    Call it after the patient row is locked.
    """
    consent = newest_consent(patient, indication)
    if consent and consent.withdrawn_at:
        raise Refusal(
            "consent_withdrawn",
            f"The consent for {indication} was withdrawn, so no course of it runs.",
            "Take a new consent first.",
        )


def current_text(indication: Indication, language: str) -> ConsentText | None:
    """The newest approved text of an indication in a language."""
    approved = ConsentText.objects.filter(indication=indication, language=language, approved_at__isnull=False)
    return approved.order_by("-number").first()


def booking_gate_of_file(file: PatientFile, *, areas: list[TreatmentArea], on: dt.date) -> ScreeningGate:
    """The booking gate of a file already read, for lists."""
    return _booking_gate(file, areas, on)


def _booking_gate(file: PatientFile, areas: list[TreatmentArea], on: dt.date) -> ScreeningGate:
    judgement = judge_areas(file, [area.code for area in areas], on)
    if judgement is None:
        return _unscreened_gate(areas)
    return gate_of(file, judgement, areas, on)


def gate_of(
    file: PatientFile, judgement: Judgement, areas: list[TreatmentArea], on: dt.date
) -> ScreeningGate:
    """The booking gate of one judged screening."""
    codes = [area.code for area in areas]
    gate = booking_gate(judgement.evaluation, judgement.decisions, today=on, areas=codes)
    return _told(_asked_since_joined(gate, file, judgement), judgement, names_in(file, areas))


def _asked_since_joined(gate: engine.Gate, file: PatientFile, judgement: Judgement) -> engine.Gate:
    """Close the gate on a screen from before two files became one: neither knew what the other said."""
    joined_at = file.patient.joined_at
    if joined_at is None or judgement.screening.answered_at > joined_at:
        return gate
    on = clock.local_date(joined_at, file.patient.location.time_zone)
    again = engine.Refusal(RefusalCode.FILES_JOINED, on=on)
    return replace(gate, refusals=(*gate.refusals, again))


def _areas(areas: Iterable) -> list[TreatmentArea]:
    chosen = list(areas)
    keys = [area for area in chosen if not isinstance(area, TreatmentArea)]
    if not keys:
        return chosen
    return list(TreatmentArea.objects.filter(pk__in=[getattr(area, "pk", area) for area in chosen]))


def names_in(file: PatientFile, areas: Iterable[TreatmentArea] = ()) -> dict[str, str]:
    """Area names by code as they stand inside a sentence."""
    return {code: name.lower() for code, name in file.names.items()} | {
        area.code: area.name.lower() for area in areas
    }


def _told(
    gate: engine.Gate, judgement: Judgement, names: dict[str, str], consent: Consent | None = None
) -> ScreeningGate:
    reasons = tuple(describe_refusal(refusal, names) for refusal in gate.refusals)
    flags = tuple(dict.fromkeys(describe_flag(refusal, names) for refusal in gate.refusals))
    return ScreeningGate(reasons, flags, gate, judgement, consent)


def _unscreened_gate(areas: list[TreatmentArea], consent: Consent | None = None) -> ScreeningGate:
    reasons = (_not_screened(areas),)
    return ScreeningGate(reasons, reasons, consent=consent)


def _not_screened(areas: list[TreatmentArea]) -> str:
    where = list_words(area.name.lower() for area in areas)
    return f"Not screened: {where}. Screen first." if areas else "No area is chosen. Choose at least one."


def _consent_facts(
    indication: Indication, consent: Consent | None, read_on: dt.date | None, *, zone: str
) -> engine.ConsentFacts:
    if consent is None:
        return engine.ConsentFacts(indication.name, read_again_on=read_on)
    current = current_text(indication, consent.text.language)
    return engine.ConsentFacts(
        indication=indication.name,
        signed_on=clock.local_date(consent.signed_at, zone),
        read_again_on=read_on,
        withdrawn_on=clock.local_date(consent.withdrawn_at, zone) if consent.withdrawn_at else None,
        current_text=current is not None and current.pk == consent.text_id,
    )
