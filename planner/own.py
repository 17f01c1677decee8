"""What a patient does on the own page: confirm, ask to move, cancel and take it back, report a problem.

Every command takes the open link instead of a person; the desk hears of each through a `PatientNotice`.
Sentences are in the patient's language. `key` makes a page that is sent twice tell its thing once.
"""

import datetime as dt
from collections.abc import Sequence
from uuid import UUID, uuid5

from django.utils.translation import gettext as _

from clinic import clock
from clinic.constraints import in_words
from clinic.refusals import Refusal
from patients.consents import withdraw_own_consent
from patients.models import Consent, PatientLink
from planner.booking import SENTENCES, lock_appointment
from planner.engine.aftercare.problems import BY_CODE, advise
from planner.locks import lock_places
from planner.models import Appointment, AppointmentEvent, CourseChange, PatientNotice
from planner.models.diary import AppointmentStatus
from planner.moving import Order, change_for_patient
from planner.queries.midcourse import courses_of_consent
from planner.queries.own import problem_texts
from planner.reviews import cancel_own_review, restore_review
from planner.telling import UNDO_MINUTES
from planner.undoing import undo_for_patient

Kind = PatientNotice.Kind
REASON = "Cancelled on the own page"
MOST_WORDS = 500


@in_words(SENTENCES)
def confirm_visit(link: PatientLink, visit: Appointment, *, at: dt.datetime | None = None) -> Appointment:
    """The patient says that they will come; twice is once. An open wish for another date goes.

    Raises Refusal unless the visit is booked and ahead.
    """
    at = at or clock.now()
    row = _own_visit(link, visit.pk, at)
    _take_back_wishes(row, at)
    if row.confirmed_at is None:
        _set_confirmed(row, at)
        AppointmentEvent.objects.create(appointment=row, kind=AppointmentEvent.Kind.CONFIRMED, at=at, by=None)
    return row


@in_words(SENTENCES)
def ask_to_move(
    link: PatientLink, visit: Appointment, *, words: str, key: UUID, at: dt.datetime | None = None
) -> PatientNotice:
    """Leave the wish for another date with the desk; the visit stays booked. The newest wish counts.

    Raises Refusal: no words, not booked any more, begun.
    """
    at = at or clock.now()
    row = lock_appointment(visit.pk)
    if told := _told(link, key):
        return told
    if not words.strip():
        raise Refusal("own_words", _("Write which days and times suit you."), _("Or call us."), field="words")
    _refuse_what_is_not_ahead(link, row, at)
    _take_back_wishes(row, at)
    if row.confirmed_at is not None:
        _set_confirmed(row, None)
    return _tell(link, Kind.MOVE, key, at, appointment=row, about_start=row.start, words=words)


def cancel_visit(
    link: PatientLink, visit: Appointment, *, words: str = "", version: int, at: dt.datetime | None = None
) -> PatientNotice:
    """Cancel one visit of the patient's own and tell the desk; twice is once.

    `version` is that of the visit as the page showed it. Raises Refusal: not booked any more, begun, changed
    meanwhile.
    """
    at = at or clock.now()
    try:
        return _cancel(link, visit.pk, words, version, at)
    except Refusal as refusal:
        raise _in_own_words(refusal, "own_not_booked") from None


def undo_cancel(link: PatientLink, visit: Appointment, *, at: dt.datetime | None = None) -> Appointment:
    """Take the own cancellation back within ten minutes: the same visit, under the rules of any booking.

    Raises Refusal: too late, somebody else has the time now, or the screening no longer allows it.
    """
    at = at or clock.now()
    try:
        return _undo(link, visit.pk, at)
    except Refusal as refusal:
        late = refusal.code in ("undo_too_late", "own_too_late")
        raise _in_own_words(refusal, "own_too_late" if late else "own_gone") from None


@in_words(SENTENCES)
def report_problem(
    link: PatientLink,
    *,
    signs: Sequence[str],
    words: str,
    language: str,
    key: UUID,
    at: dt.datetime | None = None,
) -> PatientNotice:
    """Keep what the patient reports with the advice that the page gives at once; the desk hears of it.

    Raises Refusal: nothing said, an unknown sign.
    """
    chosen = [code for code in BY_CODE if code in set(signs)]
    if len(chosen) != len(set(signs)) or not (chosen or words.strip()):
        raise Refusal(
            "own_nothing_said", _("Tick what you see, or write it."), _("Or call us."), field="words"
        )
    # Whoever starts a session waits for the report (ruling 14).
    lock_places(patients=[link.patient_id])
    if told := _told(link, key):
        return told
    place = last_place(link)
    advice = advise(
        chosen, blocks=problem_texts(language), phone=place.phone, emergency_number=place.emergency_number
    )
    what = {"urgency": str(advice.urgency), "signs": chosen, "words": words, "told": list(advice.sentences)}
    return _tell(link, Kind.PROBLEM, key, at or clock.now(), location=place, **what)


@in_words(SENTENCES)
def withdraw_consent(
    link: PatientLink, consent: Consent, *, key: UUID, at: dt.datetime | None = None
) -> PatientNotice:
    """Take the own consent back and tell the desk: its courses stop, their booked visits are freed.

    The same page sent twice is once. Raises Refusal in the patient's words (`withdraw_own_consent`).
    """
    at = at or clock.now()
    stopped = courses_of_consent(consent, at)
    try:
        withdraw_own_consent(consent, link=link, at=at)
    except Refusal:
        if told := _told(link, key):
            return told
        raise
    place = stopped[0].course.location if stopped else last_place(link)
    visits = sum(len(one.visits) for one in stopped)
    told_of = [str(consent.indication), len(stopped), visits]
    return _tell(link, Kind.CONSENT, key, at, location=place, words="", told=told_of)


def last_place(link: PatientLink):
    """Where the patient was treated last, or is registered: that desk hears of a problem."""
    visits = Appointment.objects.filter(patient=link.patient_id, status="fulfilled").select_related(
        "location"
    )
    last = visits.order_by("-start").first()
    return last.location if last else link.patient.location


@in_words(SENTENCES)
def _cancel(link: PatientLink, pk: int, words: str, version: int, at: dt.datetime) -> PatientNotice:
    row = lock_appointment(pk)
    if told := own_cancellation(row):
        return told
    _refuse_what_is_not_ahead(link, row, at)
    reason = f"{REASON}. {' '.join(words.split())}".strip()[:200]
    if row.kind == Appointment.Kind.REVIEW:
        return _cancel_review(link, row, words, reason, version, at)
    order = Order(
        row.course_id,
        CourseChange.Kind.CANCELLED,
        about=row.pk,
        about_version=version,
        reason=reason,
    )
    key = _key_of(row, version)
    change = change_for_patient(order, key=key, at=at)
    _take_back_wishes(row, at)
    notice_key = uuid5(key, "notice")
    what = {"appointment": row, "about_start": row.start, "change": change, "words": words}
    return _tell(link, Kind.CANCELLED, notice_key, at, **what)


def _cancel_review(link, row: Appointment, words: str, reason: str, version: int, at) -> PatientNotice:
    if row.version != version:
        raise _in_own_words(None, "own_not_booked")
    cancel_own_review(row, reason=reason, at=at)
    _take_back_wishes(row, at)
    notice_key = uuid5(_key_of(row, version), "notice")
    return _tell(
        link, Kind.CANCELLED, notice_key, at, appointment=row, about_start=row.start, change=None, words=words
    )


@in_words(SENTENCES)
def _undo(link: PatientLink, pk: int, at: dt.datetime) -> Appointment:
    row = lock_appointment(pk)
    told = own_cancellation(row)
    if row.patient_id != link.patient_id:
        raise Refusal("own_gone", "")
    if told is None:
        if row.status == AppointmentStatus.BOOKED:
            return row
        raise Refusal("own_gone", "")
    if at >= row.start or not may_undo(told, at):
        raise Refusal("own_too_late", "")
    if row.kind == Appointment.Kind.REVIEW:
        restore_review(row, by=None, at=at)
    else:
        undo_for_patient(told.change, at=at)
    told.withdrawn_at = at
    told.save(update_fields=["withdrawn_at"])
    row.refresh_from_db()
    return row


def may_undo(notice: PatientNotice, at: dt.datetime) -> bool:
    """Whether a cancellation may still be taken back (ruling 23)."""
    return notice.withdrawn_at is None and at - notice.at <= dt.timedelta(minutes=UNDO_MINUTES)


def own_cancellation(visit: Appointment) -> PatientNotice | None:
    """The notice of a cancellation by the patient that still stands."""
    if visit.status != AppointmentStatus.CANCELLED:
        return None
    notices = visit.notices.filter(kind=Kind.CANCELLED, withdrawn_at=None)
    return notices.select_related("change").first()


def _own_visit(link: PatientLink, pk: int, at: dt.datetime) -> Appointment:
    """Lock a visit of the patient that is booked and ahead, or refuse in the patient's words."""
    row = lock_appointment(pk)
    _refuse_what_is_not_ahead(link, row, at)
    return row


def _refuse_what_is_not_ahead(link: PatientLink, row: Appointment, at: dt.datetime) -> None:
    if row.patient_id != link.patient_id:
        raise _in_own_words(None, "own_not_booked")
    if row.status in (AppointmentStatus.ARRIVED, AppointmentStatus.FULFILLED) or (
        row.status == AppointmentStatus.BOOKED and row.start <= at
    ):
        raise _in_own_words(None, "own_begun")
    if row.status != AppointmentStatus.BOOKED:
        raise _in_own_words(None, "own_not_booked")


def _in_own_words(refusal: Refusal | None, code: str) -> Refusal:
    """Say a refusal of the staff's commands so that a patient understands it; own ones stay as they are."""
    if refusal is not None and refusal.code.startswith("own_") and refusal.sentence:
        return refusal
    sentences = {
        "own_not_booked": (_("This visit was changed meanwhile."), _("Look at your plan again, or call us.")),
        "own_begun": (_("This visit is over or has begun."), _("Please call us.")),
        "own_gone": (_("This time is gone."), _("Call us for a new date.")),
        "own_too_late": (_("It is too late to take this back."), _("Call us for a new date.")),
    }
    return Refusal(code, *sentences[code], stale=True)


def _key_of(row: Appointment, version: int) -> UUID:
    """One key for the cancelling of a visit as it was seen."""
    course = row.course or row.reviewed
    return uuid5(course.booking_key, f"own cancel {row.pk} {version}")


def _set_confirmed(row: Appointment, at: dt.datetime | None) -> None:
    row.confirmed_at = at
    row.version += 1
    row.save(update_fields=["confirmed_at", "version"])


def _take_back_wishes(visit: Appointment, at: dt.datetime) -> None:
    visit.notices.filter(kind=Kind.MOVE, withdrawn_at=None, done_at=None).update(withdrawn_at=at)


def _told(link: PatientLink, key: UUID) -> PatientNotice | None:
    return PatientNotice.objects.filter(key=key, patient=link.patient_id).first()


def _tell(link: PatientLink, kind: str, key: UUID, at: dt.datetime, *, words: str, **what) -> PatientNotice:
    if visit := what.get("appointment"):
        what["location"] = visit.location
    return PatientNotice.objects.create(
        kind=kind, key=key, patient=link.patient, link=link, at=at, words=words.strip()[:MOST_WORDS], **what
    )
