"""Decisions of a signature that wait to be carried out, and reviews that are due."""

import datetime as dt

import pytest
from django.db import IntegrityError, transaction

from planner import outcomes, records
from planner.models import CourseChange, TreatmentCourse, TreatmentSession
from planner.queries.decisions import reviews_due, undone_decisions
from planner.queries.record import gaps_of
from tests.kept import kept
from tests.planner import treating
from tests.planner.treating import MINUTE, SIGNED

ON, DAY = SIGNED.date(), dt.timedelta(days=1)


@kept
def done(ana, site, priya, rosa):
    """Ana's first visit, every step saved."""
    stock = treating.make_stock(site.location)
    treating.approve_texts(priya.practitioner)
    visit = treating.arrive(ana, site, rosa)
    treating.consent(ana, site, rosa)
    treating.screen_today(visit, priya)
    return treating.complete(treating.start(visit, priya), site, stock, priya)


def decide(session, priya, decision, reason=""):
    return treating.finish(session, priya, decision=decision, decision_reason=reason)


@pytest.mark.parametrize("decision", ["extend", "stop", "gap"])
def test_a_change_of_the_course_needs_its_reason_and_waits_on_today(done, priya, location, decision):
    bare = decide(done, priya, decision)
    assert [gap.words for gap in gaps_of(bare)] == ["Why the course changes."]
    signed = treating.sign(decide(bare, priya, decision, "Little change so far."), priya)
    assert undone_decisions(location, ON) == [signed]
    assert undone_decisions(location, ON + 61 * DAY) == []
    kind = {"extend": "extended", "stop": "stopped", "gap": "replanned"}[decision]
    CourseChange.objects.create(
        course=signed.appointment.course,
        kind=kind,
        key="00000000-0000-4000-8000-000000000001",
        asked_hash="x",
        at=SIGNED + MINUTE,
        by=priya,
        before={},
        after={},
    )
    assert undone_decisions(location, ON) == []


def test_going_on_as_planned_needs_no_reason_and_waits_for_nobody(done, priya, location):
    treating.sign(decide(done, priya, "continue"), priya)
    assert undone_decisions(location, ON) == []


def test_the_database_wants_the_reason_of_a_signed_change(done, priya):
    saved = decide(done, priya, "stop", "Enough.")
    TreatmentSession.objects.filter(pk=saved.pk).update(decision_reason="")
    with pytest.raises(IntegrityError, match="a_signed_change_of_the_course"), transaction.atomic():
        TreatmentSession.objects.filter(pk=saved.pk).update(
            signed_at=SIGNED, signed_by=priya, content_hash="0" * 64
        )
    assert records.FINISH_FIELDS[-2:] == ("decision", "decision_reason")


def test_a_review_is_due_90_days_after_the_last_visit_until_it_is_scored(done, priya, location):
    signed = treating.sign(done, priya)
    course = signed.appointment.course
    TreatmentCourse.objects.filter(pk=course.pk).update(status="completed")
    assert reviews_due(location, ON + 89 * DAY) == []
    assert reviews_due(location, ON + 90 * DAY) == [(course, ON)]
    assert reviews_due(location, ON + 151 * DAY) == []
    at = SIGNED + 91 * DAY
    outcomes.record_scores(course, values={"GAIS": 2}, scored_on=at.date(), by=priya, at=at)
    assert reviews_due(location, ON + 91 * DAY) == []
