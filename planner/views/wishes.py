"""What was wished for or booked last, kept in the session: going back and reloading lead somewhere."""

from planner.planning import CourseRequest
from planner.queries.desk import Desk
from planner.views.proposal_seal import PROPOSAL_LIVES

LAST_PLAN = "last_plan"


def remember_wishes(request, desk: Desk, asked: CourseRequest) -> None:
    """Keep what the proposals on the page are for."""
    request.session[LAST_PLAN] = {
        "patient": desk.patient.pk,
        "asked": asked.wishes(),
        "at": desk.at.timestamp(),
    }


def remembered_wishes(request, desk: Desk) -> CourseRequest | None:
    """The wishes of the last page for this patient, if they are young and still fit the screening."""
    last = request.session.get(LAST_PLAN, {})
    if last.get("patient") != desk.patient.pk or "asked" not in last:
        return None
    asked = CourseRequest.from_wishes(last["asked"])
    is_young = desk.at.timestamp() - last["at"] < PROPOSAL_LIVES.total_seconds()
    fits = (
        asked.indication_id == desk.screened.indication_id
        and {area.pk for area in desk.areas}.issuperset(asked.area_ids)
        and asked.start_from >= desk.earliest_on
    )
    return asked if is_young and fits else None


def remember_booked(request, patient_id: int, course_id: int) -> None:
    """Keep the course that the wishes have become."""
    request.session[LAST_PLAN] = {"patient": patient_id, "course": course_id}


def booked_last(request, patient_id: int) -> int | None:
    """The key of the course that was just booked for this patient."""
    last = request.session.get(LAST_PLAN, {})
    return last.get("course") if last.get("patient") == patient_id else None
