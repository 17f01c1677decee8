"""Reactions of the demo (to assess, holding an area, expected, closed) and the scores of one course."""

import datetime as dt

from clinic.models import User
from patients.models import Patient
from planner import events, outcomes
from planner.demo.place import Place
from planner.models import AdverseEvent, TreatmentSession

DAY = dt.timedelta(days=1)


def tell_reactions(place: Place, patients: dict[str, Patient]) -> None:
    """What was reported after visits of the past weeks."""
    _report(place, patients["Zoë Ångström"], 1, "Rang: the forehead is redder today.", place.rosa)
    dark = _report(place, patients["Samuel Okoye"], 4, "Two darker patches, size of a coin.", place.priya)
    _follow(place, dark, "AE_PIH", 1, "Seen and photographed. Sun plan explained.", rest=True)
    flake = _report(place, patients["Nia Farrow"], 2, "Peels a little.", place.priya)
    _follow(place, flake, "EXP_DRY_FLAKE", 1, "Plain moisturiser more often.")
    milia = _report(place, patients["Ravi Menon"], 5, "Small white spots on one cheek.", place.priya)
    milia = _follow(place, milia, "AE_MILIA_ACNE", 1, "Looked at; nothing to treat.")
    events.close_event(
        milia,
        version=milia.version,
        ending=AdverseEvent.Ending.RESOLVED,
        text="Gone without treatment.",
        fresh=True,
        by=place.priya,
        at=place.now,
    )


def tell_outcomes(place: Place, patients: dict[str, Patient]) -> None:
    """Scores of a course that goes well."""
    course = patients["Amara Osei"].courses.get()
    visits = course.appointments.filter(status="fulfilled").order_by("on")
    for visit, grade, look, happy in zip(visits, (4, 4, 3, 2), (78, 70, 52, 40), (0, 3, 4, 4), strict=False):
        values = {"GB_QUAL": grade, "VAS_LOOK": look} | ({"SATISFACTION": happy} if happy else {})
        by = visit.practitioner.user
        outcomes.record_scores(course, values=values, scored_on=visit.on, by=by, at=visit.end)


def _report(place: Place, patient: Patient, days: int, said: str, by: User) -> AdverseEvent:
    session = TreatmentSession.objects.filter(patient=patient).order_by("-started_at").first()
    on = min(session.appointment.on + days * DAY, place.today)
    return events.report_event(
        patient,
        session=session,
        areas=[link.area for link in session.areas.select_related("area")],
        onset_on=on,
        said=said,
        by=by,
        at=place.now,
    )


def _follow(
    place: Place, event: AdverseEvent, code: str, grade: int, text: str, *, rest: bool = False
) -> AdverseEvent:
    return events.follow_event(
        event,
        version=event.version,
        code=code,
        grade=grade,
        holds=True,
        text=text,
        follow_up_on=place.today if rest else None,
        not_before=place.today + 21 * DAY if rest else None,
        by=place.priya,
        at=place.now,
    )
