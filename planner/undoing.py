"""Taking a change of courses back within ten minutes: exactly as it was, or a sentence why not."""

import datetime as dt
from collections.abc import Sequence

from clinic import clock
from clinic.constraints import in_words
from clinic.models import User
from clinic.permissions import may
from clinic.refusals import Refusal
from patients.gates import refuse_withdrawn_consent
from planner import changes
from planner.fitting import people_and_places, refuse_what_does_not_fit
from planner.locks import lock_held
from planner.models import Appointment, CourseChange, TreatmentCourse
from planner.moving import SENTENCES
from planner.planning import Slot
from planner.replanning import first_day_of, gate_of, slot_of
from planner.telling import UNDO_MINUTES, untell

PLACE = ("start", "practitioner_id", "room_id", "device_id")


def undo_change(change: CourseChange, *, by: User, at: dt.datetime | None = None) -> CourseChange:
    """Take a change back, with all that was confirmed together with it; a second call changes nothing.

    Raises Refusal after ten minutes, when a visit was changed again since, or when an old place is gone.
    """
    if not may(by, "change_undo"):
        raise Refusal("role", "Your role may not do this.", "Ask a colleague who may.")
    return _undo(change, by, at or clock.now())


def undo_for_patient(change: CourseChange, *, at: dt.datetime) -> CourseChange:
    """Take back what the patient changed behind the own link (`planner.own`)."""
    return _undo(change, None, at)


def can_undo(made: Sequence[CourseChange], *, by: User, at: dt.datetime) -> bool:
    """Whether the old places of changes just made are still to be had; nothing is locked or written.

    After a repair they mostly are not: the day is closed, or the person away.
    """
    freed = {visit["id"] for one in made for visit in one.after["visits"]}
    try:
        for one in made:
            _refuse_lost_slots(one.course, _old_slots(one, at), freed, by, at)
    except Refusal:
        return False
    return True


def _old_slots(change: CourseChange, at: dt.datetime) -> list[Slot]:
    became = {visit["id"]: visit for visit in change.after["visits"]}
    was = {visit["id"]: visit for visit in change.before["visits"]}
    left = [key for key, visit in was.items() if visit["status"] == "booked" and _left(was, became, key)]
    slots = [Slot.from_json({name: was[key][name] for name in PLACE}) for key in left]
    return [slot for slot in slots if slot.start > at]


UNDO_SENTENCES = {
    name: Refusal(
        f"undo_{refusal.code}",
        "An old time was given to someone else meanwhile, so this cannot be taken back.",
        "The new dates stay. Move the visit by hand.",
        stale=True,
    )
    for name, refusal in SENTENCES.items()
}


@in_words(UNDO_SENTENCES)
def _undo(change: CourseChange, by: User | None, at: dt.datetime) -> CourseChange:
    together = CourseChange.objects.filter(batch=change.batch) if change.batch else None
    together = list(together or CourseChange.objects.filter(pk=change.pk))
    _lock_undo(together)
    current = list(
        CourseChange.objects.filter(pk__in=[one.pk for one in together])
        .select_related("course__location", "course__patient", "message")
        .order_by("-pk")
    )
    if all(one.undone_at for one in current):
        return next(one for one in current if one.pk == change.pk)
    if at - change.at > dt.timedelta(minutes=UNDO_MINUTES):
        raise Refusal("undo_too_late", "The ten minutes are over.", "Move the visit by hand.", stale=True)
    changes.defer_constraints()
    freed = {visit["id"] for one in current for visit in one.after["visits"]}
    for one in current:
        _take_back(one, freed, by, at)
    changes.ask_constraints()
    return next(one for one in current if one.pk == change.pk)


def _lock_undo(together: Sequence[CourseChange]) -> None:
    places = [visit for one in together for side in (one.before, one.after) for visit in side["visits"]]
    lock_held(
        Appointment.objects.none().all,
        also=[
            Slot(visit["start"], visit["practitioner_id"], visit["room_id"], visit["device_id"])
            for visit in places
        ],
        courses=[one.course_id for one in together],
    )


def _take_back(change: CourseChange, freed: set[int], by: User | None, at: dt.datetime) -> None:
    course = change.course
    was = {visit["id"]: visit for visit in change.before["visits"]}
    became = {visit["id"]: visit for visit in change.after["visits"]}
    rows = list(Appointment.objects.filter(pk__in=became).select_related("location").order_by("start"))
    for row in rows:
        row.course = course
        if row.version != became[row.pk]["version"]:
            raise Refusal(
                "undo_changed_since",
                f"Visit {row.number} was changed again, so this cannot be taken back.",
                "Move the visit by hand.",
                stale=True,
            )
    if any(getattr(course, name) != value for name, value in change.after["course"].items()):
        raise Refusal("undo_changed_since", "The course was changed again meanwhile.", stale=True)
    _refuse_withdrawn(change)
    _refuse_closed(change, by, at)
    # A course on hold gets no visit, not even those it had kept: it runs until they are back.
    TreatmentCourse.objects.filter(pk=course.pk).update(status=TreatmentCourse.Status.ACTIVE)
    for row in rows:
        if row.pk in was:
            changes.put_back(row, was[row.pk], by=by, at=at)
        else:
            changes.take_away(row, reason="Change taken back", by=by, at=at)
    _refuse_lost_places(course, rows, was, became, freed, by, at)
    _put_course_back(change)
    change.undone_at, change.undone_by = at, by
    change.save(update_fields=["undone_at", "undone_by"])
    untell(change, at)


def _refuse_withdrawn(change: CourseChange) -> None:
    """A course that a withdrawn consent stopped runs again only on a new one."""
    if change.after["course"]["status"] == TreatmentCourse.Status.STOPPED:
        refuse_withdrawn_consent(change.course.patient_id, change.course.indication)


def _refuse_closed(change: CourseChange, by: User | None, at: dt.datetime) -> None:
    """A course that was put on hold runs again only where it could have new dates, kept visits or not."""
    if change.after["course"]["status"] == TreatmentCourse.Status.ON_HOLD:
        gate_of(change.course, at, by=by)


def _put_course_back(change: CourseChange) -> None:
    changes.put_course_back(change.course, change.before["course"])
    change.course.version += 1
    change.course.save(update_fields=["status", "status_reason", "sessions", "version"])


def _refuse_lost_places(course, rows, was, became, freed, by, at) -> None:
    """Old places are booked again under the rules of any booking; what lies in the past claims nothing."""
    back = [
        row
        for row in rows
        if row.pk in was and row.status == "booked" and row.start > at and _left(was, became, row.pk)
    ]
    _refuse_lost_slots(course, [slot_of(row) for row in back], freed, by, at)


def _refuse_lost_slots(course, slots: Sequence[Slot], freed, by, at) -> None:
    if not slots:
        return
    gate = gate_of(course, at, by=by)
    places = people_and_places(course, slots)
    refuse_what_does_not_fit(
        course, slots, places, earliest_on=first_day_of(course, gate, at), without=freed, at=at
    )


def _left(was: dict, became: dict, pk: int) -> bool:
    """Whether the change took the visit from its place."""
    return any(was[pk][name] != became[pk][name] for name in (*PLACE, "status"))
