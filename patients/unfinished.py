"""Commands of a screen that is finished later: keep what was typed, go on with it, drop it."""

import datetime as dt
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from clinic import clock
from clinic.constraints import in_words
from clinic.models import Indication, TreatmentArea, User
from clinic.permissions import may
from clinic.refusals import Refusal
from patients.judgement import PatientFile
from patients.models import Patient, RuleSet, Screening, UnfinishedScreening
from patients.queries import unfinished_of

Seen = tuple[int, int]  # the draft and its revision that a page showed; (0, 0) for none


@dataclass(frozen=True)
class Shown:
    """What a form knew when it was drawn: the newest screening (0: none), the draft it goes on with."""

    newest: int
    draft: Seen = (0, 0)


def draft_shown(file: PatientFile, shown: Shown, by: User) -> UnfinishedScreening | None:
    """The draft that a form went on with; refuses what somebody else answered since it was drawn.

    A draft of others that the form did not go on with stays: what they kept is not lost.
    """
    last = next(iter(file.screenings), None)
    if last is not None and last.pk != shown.newest:
        raise Refusal(
            "answered_meanwhile",
            f"Answers of this patient were saved meanwhile, with {last.answered_with}. Yours are not yet.",
            "Look at that result. Save again if yours are to count as well.",
            stale=True,
        )
    if not shown.draft[0]:
        return None
    row = unfinished_of(file.patient)
    refuse_other_draft(row, shown.draft, by)
    return row


@in_words({})
def keep_unfinished(
    patient: Patient,
    *,
    stage: str,
    indication: Indication,
    areas: Iterable[TreatmentArea],
    rule_set: RuleSet,
    typed: Mapping[str, Sequence[str]],
    counted: tuple[int, int],
    seen: Seen,
    by: User,
    at: dt.datetime | None = None,
) -> UnfinishedScreening:
    """Keep a form as it is, to go on later; `counted` are the questions answered and asked.

    It opens no gate. Raises Refusal: the role, nothing answered, what somebody else kept and the page did
    not show.
    """
    _need(by)
    if stage == Screening.Stage.VISIT and not hasattr(by, "practitioner"):
        raise Refusal("role", "A practitioner asks on the day of the visit.", "Ask a practitioner.")
    if not counted[0]:
        raise Refusal("nothing_answered", "Nothing is answered yet.", "Answer a question, or cancel.")
    at = at or clock.now()
    Patient.objects.select_for_update().get(pk=patient.pk)
    row = unfinished_of(patient)
    refuse_other_draft(row, seen, by)
    row = row or UnfinishedScreening(patient=patient, begun_by=by, revision=0)
    row.stage, row.indication, row.rule_set = stage, indication, rule_set
    row.typed = {name: list(values) for name, values in typed.items()}
    row.answered, row.total = counted
    row.saved_by, row.saved_at = by, at
    row.saved_on = clock.local_date(at, by.location.time_zone)
    row.revision += 1
    row.save()
    row.areas.set(areas)
    return row


@in_words({})
def drop_unfinished(
    row: UnfinishedScreening, *, by: User, at: dt.datetime | None = None
) -> UnfinishedScreening:
    """Throw away what was typed; twice is once."""
    _need(by)
    if not may_resume(row, by):
        raise NOT_THEIRS.copy()
    Patient.objects.select_for_update().get(pk=row.patient_id)
    row = UnfinishedScreening.objects.select_for_update().get(pk=row.pk)
    if row.ended_at is None:
        end_draft(row, at or clock.now())
    return row


def end_draft(row: UnfinishedScreening, at: dt.datetime) -> None:
    """Keep that there was one, and nothing of what was typed."""
    row.ended_at, row.typed = at, {}
    row.save(update_fields=["ended_at", "typed"])


NOT_THEIRS = Refusal(
    "not_theirs", "A practitioner began these questions.", "Ask a practitioner to go on with them."
)


def refuse_other_draft(row: UnfinishedScreening | None, seen: Seen, by: User) -> None:
    """Refuse when somebody keeps answers to these questions that the page did not show."""
    if row is None or seen == (row.pk, row.revision):
        return
    who = "You have" if row.saved_by_id == by.pk else f"{row.saved_by} has"
    raise Refusal(
        "answered_elsewhere",
        f"{who} kept other answers of this patient meanwhile. Nothing was saved over them.",
        "Open the patient and go on with those, or drop them.",
        stale=True,
    )


def may_resume(row: UnfinishedScreening, user: User) -> bool:
    """Practitioners go on with any; the desk with what the desk began before a booking."""
    if not may(user, "screening_create"):
        return False
    theirs = row.stage == Screening.Stage.BOOKING and row.begun_by.role == user.role
    return hasattr(user, "practitioner") or theirs


def refuse_resuming(row: UnfinishedScreening, *, on: dt.date, by: User) -> None:
    """Refuse who may not read the answers, and answers of another day (H02): at a visit, or later on."""
    if not may_resume(row, by):
        raise NOT_THEIRS.copy()
    most = 0 if row.stage == Screening.Stage.VISIT else row.rule_set.phone_valid_days
    if not 0 <= (on - row.saved_on).days <= most:
        kept = "on the same day" if not most else f"for {most} days"
        raise Refusal("too_old", f"Unfinished answers are good {kept}.", "Drop them and ask again.")


def _need(by: User) -> None:
    if not may(by, "screening_create"):
        raise Refusal("role", "Your role may not do this.", "Ask a colleague who may.")
