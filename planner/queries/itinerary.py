"""A course's itinerary: rows → facts → the engine's words, in the patient's language."""

import datetime as dt

from django.utils import translation
from django.utils.translation import gettext as _

from clinic import clock
from clinic.models import Location
from clinic.refusals import Refusal
from planner.aftercare_texts import blocks_of
from planner.engine.aftercare.itinerary import compose_itinerary
from planner.engine.aftercare.model import (
    Clinic,
    Itinerary,
    ItineraryFacts,
    NextKind,
    NextVisit,
    VisitFacts,
)
from planner.models import AftercareText, TreatmentCourse
from planner.models.diary import LIVE
from planner.print.codes import Code
from planner.print.paper import itinerary_pdf


def approved_text(language: str) -> AftercareText:
    """Return the newest approved texts of a language, or refuse in words."""
    text = (
        AftercareText.objects.filter(language=language, approved_at__isnull=False).order_by("-number").first()
    )
    if text is None:
        raise Refusal(
            "text_missing",
            f"No approved texts in this language ({language}).",
            "A practitioner approves them under Settings.",
        )
    return text


def itinerary_of(course: TreatmentCourse, *, at: dt.datetime, language: str = "") -> Itinerary:
    """Compose the itinerary of a course with at least one booked or attended visit."""
    blocks = blocks_of(approved_text(language or course.patient.language))
    visits = list(
        course.appointments.filter(status__in=LIVE).select_related("practitioner", "room").order_by("start")
    )
    if not visits:
        raise Refusal("nothing_booked", "This course has no booked visit.", "Book visits first.")
    facts = ItineraryFacts(
        language=blocks.language,
        zone=course.location.time_zone,
        patient=course.patient.full_name,
        record_number=course.patient.record_number,
        course=_course_words(course, blocks.language),
        clinic=clinic_of(course.location, blocks.language),
        visits=tuple(
            _facts(visit, before, course) for before, visit in zip([None, *visits[:-1]], visits, strict=True)
        ),
        gap_min_days=course.gap_min_days,
        gap_max_days=course.gap_max_days,
        numbing_minutes=course.numbing_minutes,
        printed_on=clock.local_date(at, course.location.time_zone),
        review=_review_facts(course),
    )
    composed = compose_itinerary(facts, blocks)
    if not isinstance(composed, Itinerary):
        raise Refusal(
            "text_incomplete",
            "The approved texts of this language lack a block.",
            "A practitioner approves whole ones under Settings.",
        )
    return composed


def itinerary_paper(course: TreatmentCourse, *, at: dt.datetime, code: Code | None = None) -> bytes:
    """The itinerary as a PDF on the location's paper."""
    return itinerary_pdf(itinerary_of(course, at=at), paper=course.location.paper, code=code)


def clinic_of(location: Location, language: str) -> Clinic:
    """The clinic as sheets print it in a language."""
    with translation.override(language):
        hours = location.phone_hours
    return Clinic(
        name=location.name,
        address_lines=(location.address,),
        phone=location.phone,
        hours=hours,
        emergency_number=location.emergency_number,
    )


def _facts(visit, before, course) -> VisitFacts:
    window = (None, None)
    if before is not None:
        one = dt.timedelta(days=1)
        window = (before.on + course.gap_min_days * one, before.on + course.gap_max_days * one)
    return VisitFacts(
        n=visit.number,
        start=visit.start,
        end=visit.end,
        practitioner=visit.practitioner.name,
        room=visit.room.name,
        earliest_on=window[0],
        latest_on=window[1],
    )


def _review_facts(course: TreatmentCourse) -> NextVisit | None:
    """The review that is booked."""
    rows = course.reviews.filter(status="booked").select_related("practitioner", "room")
    if (review := rows.first()) is None:
        return None
    minutes = int((review.end - review.start).total_seconds() // 60)
    return NextVisit(review.start, review.practitioner.name, review.room.name, minutes, NextKind.REVIEW)


def _course_words(course: TreatmentCourse, language: str) -> str:
    with translation.override(language):
        areas = _(", ").join(area.name_in(language).lower() for area in course.areas.all())
    return f"{course.indication.name_in(language)}, {areas}"
