"""The record of a review: opened for the right person, filled, signed once, frozen with all it holds."""

import datetime as dt

import pytest
import time_machine
from django.db import DatabaseError, connection, transaction
from django.urls import reverse

from planner import booking, outcomes, photos, reviewing
from planner.events import report_event
from planner.models import Appointment, CourseReview, OutcomeScore, Photo, ReviewAmendment
from planner.queries.review_record import gaps_of_review, score_rows
from tests import people
from tests.kept import kept
from tests.planner import making
from tests.planner.pictures import picture
from tests.planner.reviewed import BEFORE, DUE, finish
from tests.refusing import at_once, refusing

refused = refusing(CourseReview, OutcomeScore, Photo, ReviewAmendment)
FACES = ("face", "face_right", "face_left")
SCALES = {"GB_QUAL": 2, "GAIS": 2, "VAS_LOOK": 30, "SATISFACTION": 4}


@pytest.fixture
def visit(here_for_review):
    """Her visit; the clock stands at its start."""
    with time_machine.travel(here_for_review.start, tick=False):
        yield here_for_review


def start(visit, by, **changed):
    said = {"identity_checked": True, "birth_date": visit.patient.birth_date}
    return reviewing.start_review(visit, **said | changed, by=by)


def fill(review, by):
    """Every photo and score, no reaction, a note."""
    for view in FACES:
        photos.add_photo(review, moment="review", view=view, data=picture(), by=by)
    course = review.appointment.reviewed
    outcomes.record_scores(course, values=SCALES, scored_on=review.appointment.on, review=review, by=by)
    said = {"has_reaction": False, "note": "Flatter. No more visits.", "left_out_reason": ""}
    return reviewing.save_review(review, version=review.version, **said, by=by)


def sign(review, by, **changed):
    return reviewing.sign_review(review, **{"version": review.version, "fresh": True} | changed, by=by)


@kept
def filled(here_for_review, priya):
    """The record of the review is ready to sign."""
    with time_machine.travel(here_for_review.start, tick=False):
        return fill(start(here_for_review, priya), priya)


@kept
def signed(here_for_review, filled, priya):
    """The review is signed."""
    with time_machine.travel(here_for_review.start, tick=False):
        return sign(filled, priya)


def test_start_review_reads_back_name_and_birth_date_and_opens_one_record(visit, priya, rosa):
    assert refused(start, visit, rosa).code == "role"
    assert refused(start, visit, priya, identity_checked=False).field == "identity_checked"
    assert refused(start, visit, priya, birth_date=None).field == "birth_date"
    assert refused(start, visit, priya, birth_date=dt.date(1990, 1, 1)).code == "identity"
    review = start(visit, priya)
    assert (review.patient, review.practitioner.user, review.signed_at) == (visit.patient, priya, None)
    assert start(visit, priya) == review


def test_a_review_is_started_on_its_day_with_the_patient_here(visit, priya, rosa):
    booking.undo_check_in(visit, by=rosa)
    assert refused(start, visit, priya).code == "not_arrived"
    with pytest.raises(DatabaseError, match="while its patient is here"), transaction.atomic():
        CourseReview.objects.create(
            appointment=visit,
            patient=visit.patient,
            practitioner=priya.practitioner,
            identity_checked_at=visit.start,
            started_at=visit.start,
            saved_at=visit.start,
        )


def test_an_open_review_keeps_its_visit_where_it_is(visit, priya, rosa):
    start(visit, priya)
    assert refused(booking.undo_check_in, visit, by=rosa).code == "session_open"


def test_the_scales_of_a_review_are_those_of_the_indication_and_those_scored_before(visit, priya):
    course = visit.reviewed
    outcomes.record_scores(
        course, values={"GB_QUAL": 3, "VSS": 5}, scored_on=BEFORE.date(), by=priya, at=BEFORE
    )
    review = start(visit, priya)
    rows = score_rows(review)
    assert [row.scale.code for row in rows] == ["GB_QUAL", "GAIS", "VSS", "VAS_LOOK", "SATISFACTION"]
    assert [row.before for row in rows] == ["3, moderate", "", "5", "", ""]
    outcomes.record_scores(course, values=SCALES, scored_on=visit.on, review=review, by=priya)
    assert [row.said for row in score_rows(review)] == [
        "2, mild",
        "2, much improved",
        "",
        "30",
        "4, satisfied",
    ]


def test_what_a_review_lacks_is_said_and_refuses_the_signature(visit, priya, rosa):
    review = start(visit, priya)
    assert gaps_of_review(review) == [
        "Say whether there is a reaction.",
        "Write what was found.",
        "Why photos or scores are missing.",
    ]
    assert refused(sign, review, priya).code == "incomplete"
    said = {"has_reaction": True, "note": "Red.", "left_out_reason": "Camera broken."}
    review = reviewing.save_review(review, version=review.version, **said, by=priya)
    assert gaps_of_review(review) == ["Record the reaction."]
    report_event(review.patient, onset_on=DUE, said="Red.", by=rosa)
    assert sign(review, priya).signed_by == priya


def test_sign_review_completes_the_visit_and_freezes_the_record(signed, visit, priya):
    visit.refresh_from_db()
    assert (visit.status, visit.events.last().kind) == ("fulfilled", "fulfilled")
    assert sign(signed, priya) == signed and len(signed.content_hash) == 64
    changes = [
        lambda: CourseReview.objects.filter(pk=signed.pk).update(note="Other."),
        lambda: CourseReview.objects.filter(pk=signed.pk)._raw_delete("default"),
        lambda: Photo.objects.create(
            appointment=visit,
            patient=visit.patient,
            moment="review",
            view="face",
            taken_at=visit.start,
            taken_by=priya,
        ),
        lambda: OutcomeScore.objects.create(
            course=visit.reviewed,
            review=signed,
            scale="GAIS",
            value=1,
            scored_on=visit.on,
            recorded_by=priya,
            recorded_at=visit.start,
        ),
    ]
    for change in changes:
        with pytest.raises(DatabaseError, match="frozen|Cannot"), transaction.atomic():
            change()
    course = visit.reviewed
    assert (
        refused(photos.add_photo, signed, moment="review", view="face", data=picture(), by=priya).code
        == "signed"
    )
    late = {"values": {"GAIS": 1}, "scored_on": visit.on, "review": signed}
    assert refused(outcomes.record_scores, course, **late, by=priya).code == "signed"
    save = {"version": signed.version, "note": "Other."}
    assert refused(reviewing.save_review, signed, **save, by=priya).code == "signed"


def test_sign_review_is_for_its_practitioner_with_a_fresh_password_and_the_newest_version(
    visit, filled, priya, location, rosa
):
    kerry = people.make_user("Kerry Walsh", "practitioner", location)
    people.make_practitioner(kerry)
    assert refused(sign, filled, rosa).code == "role"
    assert refused(sign, filled, priya, fresh=False).code == "not_fresh"
    assert refused(sign, filled, kerry).code == "not_yours"
    stale = refused(sign, filled, priya, version=1)
    assert stale.code == "stale_record" and stale.stale


def test_a_late_save_names_what_differs(visit, priya):
    review = start(visit, priya)
    reviewing.save_review(review, version=1, note="Flat.", has_reaction=False, by=priya)
    late = refused(reviewing.save_review, review, version=1, note="Rough.", has_reaction=None, by=priya)
    assert "what was found: Flat." in late.sentence and "a reaction is there, or was: no" in late.sentence


def test_a_correction_stands_beside_the_signed_review(visit, signed, priya, rosa):
    assert refused(reviewing.amend_review, signed, text="x", fresh=True, by=rosa).code == "role"
    assert refused(reviewing.amend_review, signed, text="x", fresh=False, by=priya).code == "not_fresh"
    assert refused(reviewing.amend_review, signed, text=" ", fresh=True, by=priya).code == "text_missing"
    reviewing.amend_review(signed, text="Left cheek, not right.", fresh=True, by=priya)
    with pytest.raises(DatabaseError), transaction.atomic():
        ReviewAmendment.objects.update(text="Other.")


@pytest.mark.django_db(transaction=True)
def test_a_review_is_signed_once_by_two_at_once(visit, priya):
    review = fill(start(visit, priya), priya)
    one, other = at_once(lambda: sign(review, priya), lambda: sign(review, priya))
    assert one.content_hash == other.content_hash
    assert visit.events.filter(kind="fulfilled").count() == 1


def test_the_rows_of_a_day_lead_to_the_review_and_to_its_record(visit, priya, rosa, client_for):
    address = reverse("review_start", args=[visit.pk])
    assert address in client_for(priya).get(reverse("today")).content.decode()
    assert "Send to room" in client_for(rosa).get(reverse("today")).content.decode()
    review = start(visit, priya)
    assert "In review" in client_for(priya).get(reverse("today")).content.decode()
    assert "Send to room" not in client_for(rosa).get(reverse("today")).content.decode()
    sign(fill(review, priya), priya)
    record = reverse("review_detail", args=[visit.pk])
    for name, key in (("patient_detail", visit.patient_id), ("course_detail", visit.reviewed_id)):
        assert record in client_for(priya).get(reverse(name, args=[key])).content.decode()
        assert record not in client_for(rosa).get(reverse(name, args=[key])).content.decode()
    assert record in client_for(priya).get(reverse("today")).content.decode()
    assert record not in client_for(rosa).get(reverse("today")).content.decode()


def test_the_database_ties_a_review_its_course_and_its_photos_to_one_patient(visit, priya, site, rosa):
    review, bea = start(visit, priya), making.make_patient(rosa)
    making.screen(bea, site, rosa)
    photo = photos.add_photo(review, moment="review", view="face", data=picture(), by=priya)
    afternoon = making.slots_at(site, making.every(35), dt.time(14))
    other = finish(bea, site, rosa, slots=afternoon)
    changes = (
        lambda: Appointment.objects.filter(pk=visit.pk).update(reviewed=other),
        lambda: CourseReview.objects.filter(pk=review.pk).update(patient=bea),
        lambda: Photo.objects.create(
            appointment=visit,
            patient=bea,
            moment="review",
            view="face",
            file=photo.file,
            taken_at=visit.start,
            taken_by=priya,
        ),
    )
    for change in changes:
        with pytest.raises(DatabaseError, match="same_patient|only in a merge"), transaction.atomic():
            change()
            connection.check_constraints()
