"""Reasons that staff typed for a hold, a stop, a cancellation: as each person may read them."""

from collections.abc import Sequence

from clinic.models import User
from patients.gates import may_see_answers
from planner.models import AppointmentEvent, CourseChange
from planner.queries.courses import CourseView
from planner.queries.midcourse import SAID, WITHDRAWN

OWN_WORDS = (SAID, WITHDRAWN, f"On hold: {SAID}", f"Course stopped: {WITHDRAWN}")  # ours: they name no answer


def shown(reason: str, by: User | None, user: User) -> str:
    """What a practitioner wrote is read by practitioners; what others or the patient said, by everybody."""
    own = reason.startswith(OWN_WORDS)
    if not reason or own or may_see_answers(user) or by is None or by.role != User.Role.PRACTITIONER:
        return reason
    return f"Reason by {by}, for practitioners"


def put_reasons(view: CourseView, history: Sequence[CourseChange], user: User) -> str:
    """Give each visit and change its reason as `said`; return that of the course's state."""
    events = AppointmentEvent.objects.filter(appointment__course=view.course).exclude(reason="")
    writers = {event.appointment_id: event.by for event in events.select_related("by").order_by("at", "pk")}
    for row in view.rows:
        visit = row.appointment
        visit.said = shown(visit.status_reason, writers.get(visit.pk), user)
    for change in history:
        change.said = shown(change.reason, change.by, user)
    reason = view.course.status_reason
    changes = view.course.changes.filter(reason=reason, undone_at=None).select_related("by")
    last = changes.order_by("at", "pk").last() if reason else None
    return shown(reason, last and last.by, user)
