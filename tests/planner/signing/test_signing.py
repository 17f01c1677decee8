"""Signing: complete, hashed, frozen by the database; the visit and the course with it; corrections."""

import pytest
from django.db import DatabaseError, connection, transaction

from patients.models import Patient
from planner import signing
from planner.models import AftercareSheet, SessionAmendment, TreatmentSession
from planner.queries.record import hash_of
from tests import people
from tests.kept import kept
from tests.planner import treating
from tests.planner.signing.opening import open_record
from tests.planner.treating import KEPT, MINUTE, SIGNED, complete, refused, sign, supplies, treat
from tests.refusing import rows


def test_sign_session_freezes_the_record_and_completes_the_visit(done, priya):
    signed = sign(done, priya)
    signed.refresh_from_db()
    assert (signed.signed_at, signed.signed_by, signed.saved_at) == (SIGNED, priya, SIGNED)
    assert signed.content_hash == hash_of(signed)
    visit = signed.appointment
    assert (visit.status, visit.events.last().kind, visit.events.last().by) == (
        "fulfilled",
        "fulfilled",
        priya,
    )
    assert visit.course.status == "active"
    assert AftercareSheet.objects.get().session == signed


def test_sign_session_twice_changes_nothing(done, priya):
    first = sign(done, priya)
    before = rows(*KEPT)
    again = signing.sign_session(done, version=done.version, fresh=True, by=priya, at=SIGNED + MINUTE)
    assert (again, again.signed_at) == (first, SIGNED)
    assert rows(*KEPT) == before


@pytest.mark.parametrize(
    ("was", "is_then", "changes"), [("active", "completed", 1), ("stopped", "stopped", 0)]
)
def test_sign_session_of_the_last_visit_completes_a_course_that_runs(done, priya, was, is_then, changes):
    course = done.appointment.course
    course.appointments.exclude(pk=done.appointment_id).update(status="cancelled")
    type(course).objects.filter(pk=course.pk).update(sessions=1, status=was, status_reason="Moving away")
    course.refresh_from_db()
    version = course.version
    sign(done, priya)
    course.refresh_from_db()
    assert (course.status, course.version) == (is_then, version + changes)


def test_sign_session_needs_the_password(done, priya):
    no = refused(sign, done, priya, fresh=False)
    assert (str(no), no.field) == ("Type your password to sign.", "password")


def test_sign_session_says_what_is_missing(session, site, stock, priya):
    half = treat(session, site, stock, priya)
    no = refused(sign, half, priya)
    assert str(no) == (
        "The record is not complete yet. Say whether numbing cream was used. "
        "Say whether the patient put on a cream of their own. When needling ended. "
        "Worst pain. Redness and swelling. Observed until when. Fit to leave. Sharps disposed of. "
        "Why photos are missing."
    )


def test_sign_session_is_for_the_records_own_practitioner(done, site, location):
    kerry = people.make_user("Kerry Walsh", "practitioner", location)
    people.make_practitioner(kerry)
    no = refused(sign, done, kerry)
    assert str(no) == "This record is Priya Nair's to sign."


@pytest.mark.parametrize("who", ["rosa", "mona", "otto"])
def test_sign_session_is_for_practitioners(done, who, request):
    assert refused(sign, done, request.getfixturevalue(who)).code == "role"


def test_sign_session_refuses_an_older_page(done, priya):
    no = refused(signing.sign_session, done, version=done.version - 1, fresh=True, by=priya, at=SIGNED)
    assert (no.code, no.status) == ("stale_record", 409)


def test_sign_session_without_a_text_in_the_patients_language_offers_another(ana, site, stock, priya, rosa):
    treating.approve_texts(priya.practitioner, languages=["en"])
    Patient.objects.filter(pk=ana.pk).update(language="es")
    done = complete(open_record(ana, site, priya, rosa), site, stock, priya)
    no = refused(sign, done, priya)
    assert (str(no), no.field) == (
        "There is no approved aftercare text in Español. Choose another language for the sheet.",
        "language",
    )
    assert sign(done, priya, language="en").sheet.text.language == "en"


# The hash


def test_hash_of_a_record_changes_with_anything_it_holds(done, site, stock, priya):
    def hashed():
        done.refresh_from_db()
        done.version = 1  # it counts too; here the other values have to tell
        return hash_of(done)

    hashes = [hashed()]
    for changed in ({"depth": "1.25"}, {"passes": 5}, {"technique": "stamp"}, {"endpoint": "more"}):
        done.refresh_from_db()
        treat(done, site, stock, priya, areas=treating.entries(site, **changed))
        hashes.append(hashed())
    done.refresh_from_db()
    treat(done, site, stock, priya, used=supplies(site, stock, serial="S-9"))
    hashes.append(hashed())
    done.refresh_from_db()
    treating.finish(done, priya, note="A word.")
    hashes.append(hashed())
    assert len(set(hashes)) == len(hashes)


def test_hash_of_a_record_is_the_same_when_it_is_read_again(signed):
    assert hash_of(TreatmentSession.objects.get()) == signed.content_hash


# Frozen, whoever tries


FORBIDDEN = [
    "UPDATE planner_treatmentsession SET pain = 0",
    "UPDATE planner_treatmentsession SET signed_at = NULL, signed_by_id = NULL, content_hash = ''",
    "DELETE FROM planner_treatmentsession",
    "UPDATE planner_sessionarea SET depth_mm = 0.5",
    "DELETE FROM planner_sessionarea",
    "INSERT INTO planner_sessionarea (session_id, area_id, depth_mm, passes, technique, endpoint) "
    "SELECT session_id, {area}, 1, 1, 'glide', 'none' FROM planner_sessionarea LIMIT 1",
    "UPDATE planner_sessioncartridge SET opened_today = false",
    "DELETE FROM planner_sessioncartridge",
    "INSERT INTO planner_sessioncartridge (session_id, unit_id, opened_today) "
    "SELECT id, {unit}, true FROM planner_treatmentsession",
    "UPDATE planner_aftercaresheet SET pdf = ''",
    "UPDATE planner_aftercaresheet SET content = '{{}}'",
    "DELETE FROM planner_aftercaresheet",
    "UPDATE planner_sessionamendment SET text = 'other'",
    "DELETE FROM planner_sessionamendment",
]


@kept
def spare(signed, stock, priya):
    """An area and a cartridge that the signed and corrected record does not have."""
    signing.amend_session(signed, text="Left cheek 1.25 mm.", fresh=True, by=priya, at=SIGNED + MINUTE)
    return people.make_area("abdomen", "Abdomen", 3), stock.cartridges.units.create(serial="FREE")


@pytest.mark.parametrize("statement", FORBIDDEN)
def test_a_signed_record_is_frozen_against_raw_sql(spare, statement):
    area, unit = spare
    frozen = pytest.raises(DatabaseError, match="frozen|Cannot (update|delete)")
    with frozen, transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(statement.format(area=area.pk, unit=unit.pk))


def test_the_database_refuses_a_signature_under_an_incomplete_record(session, priya):
    with pytest.raises(DatabaseError, match="a_signed_session_is_complete"), transaction.atomic():
        TreatmentSession.objects.update(signed_at=SIGNED, signed_by=priya, content_hash="0" * 64)


def test_saves_after_the_signature_are_refused_in_words(signed, site, stock, priya):
    for save in (
        lambda: treating.numb(signed, stock, priya, at=SIGNED),
        lambda: treat(signed, site, stock, priya, at=SIGNED),
        lambda: treating.finish(signed, priya, at=SIGNED),
    ):
        no = refused(save)
        assert (str(no), no.status) == ("This record is signed. Add a dated correction instead.", 409)


# Corrections


def test_amend_session_adds_a_dated_correction(signed, priya):
    made = signing.amend_session(
        signed, text="  Left cheek 1.25 mm, not 1.50. ", fresh=True, by=priya, at=SIGNED + MINUTE
    )
    assert SessionAmendment.objects.values("session", "text", "by", "at").get() == {
        "session": signed.pk,
        "text": "Left cheek 1.25 mm, not 1.50.",
        "by": priya.pk,
        "at": SIGNED + MINUTE,
    }
    assert hash_of(made.session) == signed.content_hash


@pytest.mark.parametrize(
    ("how", "code"),
    [({"fresh": False}, "not_fresh"), ({"text": "  "}, "text_missing"), ({"by": "rosa"}, "role")],
)
def test_amend_session_refuses(signed, priya, rosa, how, code):
    asked = {"text": "Word.", "fresh": True, "by": "priya"} | how
    asked["by"] = {"priya": priya, "rosa": rosa}[asked["by"]]
    assert refused(signing.amend_session, signed, **asked, at=SIGNED).code == code


def test_amend_session_is_refused_while_the_record_is_open(done, priya):
    no = refused(signing.amend_session, done, text="Word.", fresh=True, by=priya, at=SIGNED)
    assert str(no) == "This record is still open. Change it directly."
