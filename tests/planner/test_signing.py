"""Signing: complete, hashed, frozen by the database; the visit and the course with it; corrections."""

import datetime as dt
from dataclasses import replace

import pytest
from django.db import DatabaseError, connection, transaction

from clinic.refusals import Refusal
from patients.models import Patient
from planner import records, signing
from planner.models import (
    AftercareSheet,
    Appointment,
    AppointmentEvent,
    SessionAmendment,
    SessionArea,
    SessionCartridge,
    TreatmentSession,
)
from planner.queries.record import gaps_of, hash_of, limits_passed
from planner.treatment import Needling
from tests import people
from tests.kept import kept
from tests.planner import making, treating
from tests.planner.treating import KEPT, MINUTE, SIGNED, complete, refused, sign, start, supplies, treat
from tests.refusing import at_once, rows


@kept
def stock(site):
    return treating.make_stock(site.location)


@kept
def texts(site, priya):
    treating.approve_texts(priya.practitioner)


@kept
def session(ana, site, priya, rosa, texts):
    """An open record of Ana's first of four visits."""
    return open_record(ana, site, priya, rosa)


@kept
def done(session, site, stock, priya):
    """Every step is saved."""
    return complete(session, site, stock, priya)


def open_record(patient, site, priya, rosa, **how):
    visit = treating.arrive(patient, site, rosa, **how)
    treating.consent(patient, site, rosa)
    treating.screen_today(visit, priya, at=visit.start + MINUTE)
    return start(visit, priya, at=visit.start + 5 * MINUTE)


def two_records(patient, site, priya, rosa):
    """Open records of two patients without a practitioner, room or device, so without a lock, in common."""
    other = making.make_patient(rosa)
    making.screen(other, site, rosa)
    later = making.slots_at(site, making.every(35), dt.time(14), practitioner=1, room=1)
    sessions = [open_record(patient, site, priya, rosa), open_record(other, site, priya, rosa, slots=later)]
    apart = {"device": None, "device_from": None, "device_until": None}
    Appointment.objects.filter(patient=other).update(**apart)
    return sessions


def test_gaps_of_an_empty_record_name_every_step(session):
    assert [(gap.step, gap.words) for gap in gaps_of(session)] == [
        ("numbing", "Say whether numbing cream was used."),
        ("numbing", "Say whether the patient put on a cream of their own."),
        ("treatment", "Skin preparation."),
        ("treatment", "Device."),
        ("treatment", "Cartridge."),
        ("treatment", "Glide gel."),
        ("treatment", "At least one treated area."),
        ("treatment", "When needling ended."),
        ("treatment", "Finishing cream."),
        ("finish", "Worst pain."),
        ("finish", "Redness and swelling."),
        ("finish", "Observed until when."),
        ("finish", "Fit to leave."),
        ("finish", "Sharps disposed of."),
        ("finish", "Why photos are missing."),
    ]


def test_gaps_of_a_numbed_record_ask_for_dose_area_and_times(session, priya):
    session = records.save_numbing(session, version=1, by=priya, numbing_used=True, at=treating.CREAM_ON)
    assert [gap.words for gap in gaps_of(session) if gap.step == "numbing"] == [
        "Numbing cream: product and lot.",
        "Numbing cream: amount and covered area.",
        "Numbing cream: on how many sites.",
        "Numbing cream: on and off times.",
        "Numbing cream: who put it on.",
        "Say whether the patient put on a cream of their own.",
    ]


@pytest.mark.parametrize(
    "left_out", [{"depth_mm": None}, {"passes": None}, {"technique": ""}, {"endpoint": ""}]
)
def test_gaps_of_a_record_name_an_area_that_is_half_recorded(done, site, stock, priya, left_out):
    whole, half = treating.entries(site)
    saved = treat(done, site, stock, priya, areas=[whole, replace(half, **left_out)])
    assert [gap.words for gap in gaps_of(saved)] == ["Depth, passes, technique and endpoint of every area."]


@pytest.mark.parametrize(
    ("pain", "minutes", "said"),
    [
        (6, 15, []),
        (7, 15, ["Worst pain was 7 of 10."]),
        (3, 14, ["Needling to finish took 14 min; usual are 15 to 60."]),
        (3, 60, []),
        (3, 61, ["Needling to finish took 61 min; usual are 15 to 60."]),
    ],
)
def test_limits_passed_ask_for_one_reason(done, site, stock, priya, pain, minutes, said):
    fit = treating.NEEDLING + minutes * MINUTE
    short = Needling(treating.NEEDLING, treating.NEEDLING + 10 * MINUTE)
    saved = treat(done, site, stock, priya, needling=short)
    saved = treating.finish(saved, priya, at=fit, pain=pain)
    assert limits_passed(saved) == said
    assert [gap.words for gap in gaps_of(saved)] == (["Why outside the usual limits."] if said else [])
    explained = treating.finish(saved, priya, at=fit, pain=pain, limits_reason="Paused on request.")
    assert gaps_of(explained) == []


@pytest.mark.parametrize(("days", "warns"), [(27, True), (28, False), (84, False), (85, True)])
def test_limits_passed_name_the_days_since_an_area_was_treated(done, site, priya, days, warns):
    sign(done, priya)
    visit = done.appointment.course.appointments.get(number=2)
    screening = treating.screen_today(visit, priya, at=visit.start)
    visit.on = done.appointment.on + dt.timedelta(days=days)
    at = done.started_at + days * 1440 * MINUTE
    following = TreatmentSession.objects.create(
        appointment=visit,
        patient=visit.patient,
        practitioner=priya.practitioner,
        screening=screening,
        consent=done.consent,
        identity_checked_at=at,
        consent_read_at=at,
        started_at=at,
        saved_at=at,
    )
    assert limits_passed(following) == []  # nothing is recorded yet
    following.areas.create(area=site.areas[0], depth_mm="1.00")
    name = site.areas[0].name.lower()
    said = [f"Last treatment of {name} was {days} days ago; usual are 28 to 84."]
    assert limits_passed(following) == (said if warns else [])


def test_limits_passed_name_a_seventh_visit(done):
    done.appointment.number = 7
    assert limits_passed(done)[0] == "This is visit 7; a series has 6 at most."


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


def test_sign_session_of_the_last_visit_completes_the_course(ana, site, stock, priya, rosa, texts):
    done = complete(open_record(ana, site, priya, rosa), site, stock, priya)
    course = done.appointment.course
    course.appointments.exclude(pk=done.appointment_id).update(status="cancelled")
    type(course).objects.filter(pk=course.pk).update(sessions=1)
    course.refresh_from_db()
    version = course.version
    sign(done, priya)
    course.refresh_from_db()
    assert (course.status, course.version) == ("completed", version + 1)


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


def test_hash_of_a_record_is_the_same_when_it_is_read_again(done, priya):
    signed = sign(done, priya)
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


@pytest.mark.parametrize("statement", FORBIDDEN)
def test_a_signed_record_is_frozen_against_raw_sql(done, stock, priya, statement):
    signed = sign(done, priya)
    signing.amend_session(signed, text="Left cheek 1.25 mm.", fresh=True, by=priya, at=SIGNED + MINUTE)
    area = people.make_area("abdomen", "Abdomen", 3)
    unit = stock.cartridges.units.create(serial="FREE")
    frozen = pytest.raises(DatabaseError, match="frozen|Cannot (update|delete)")
    with frozen, transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(statement.format(area=area.pk, unit=unit.pk))


def test_the_database_refuses_a_signature_under_an_incomplete_record(session, priya):
    with pytest.raises(DatabaseError, match="a_signed_session_is_complete"), transaction.atomic():
        TreatmentSession.objects.update(signed_at=SIGNED, signed_by=priya, content_hash="0" * 64)


def test_saves_after_the_signature_are_refused_in_words(done, site, stock, priya):
    signed = sign(done, priya)
    for save in (
        lambda: treating.numb(signed, stock, priya, at=SIGNED),
        lambda: treat(signed, site, stock, priya, at=SIGNED),
        lambda: treating.finish(signed, priya, at=SIGNED),
    ):
        no = refused(save)
        assert (str(no), no.status) == ("This record is signed. Add a dated correction instead.", 409)


# Corrections


def test_amend_session_adds_a_dated_correction(done, priya):
    signed = sign(done, priya)
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
def test_amend_session_refuses(done, priya, rosa, how, code):
    signed = sign(done, priya)
    asked = {"text": "Word.", "fresh": True, "by": "priya"} | how
    asked["by"] = {"priya": priya, "rosa": rosa}[asked["by"]]
    assert refused(signing.amend_session, signed, **asked, at=SIGNED).code == code


def test_amend_session_is_refused_while_the_record_is_open(done, priya):
    no = refused(signing.amend_session, done, text="Word.", fresh=True, by=priya, at=SIGNED)
    assert str(no) == "This record is still open. Change it directly."


# Two at once


def told_at_once(*calls):
    """What each of the calls gave, or the code of its refusal."""
    return [one.code if isinstance(one, Refusal) else one for one in at_once(*calls)]


@pytest.mark.django_db(transaction=True)
def test_two_signatures_at_once_sign_once(ana, site, stock, priya, rosa, texts):
    done = complete(open_record(ana, site, priya, rosa), site, stock, priya)
    told = told_at_once(*[lambda: sign(done, priya).signed_at] * 4)
    assert told == [SIGNED] * 4
    assert AftercareSheet.objects.count() == 1
    assert AppointmentEvent.objects.filter(kind="fulfilled").count() == 1


@pytest.mark.django_db(transaction=True)
def test_two_saves_of_one_version_at_once_keep_one(ana, site, stock, priya, rosa, texts):
    session = open_record(ana, site, priya, rosa)
    pains = [lambda pain=pain: treating.finish(session, priya, pain=pain).pain for pain in (2, 7)]
    told = told_at_once(*pains)
    assert sorted(map(str, told)) in (["2", "stale_record"], ["7", "stale_record"])
    assert TreatmentSession.objects.get().pain in told


@pytest.mark.django_db(transaction=True)
def test_one_cartridge_for_two_patients_at_once_goes_to_one(ana, site, stock, priya, rosa, texts):
    sessions = two_records(ana, site, priya, rosa)
    used = supplies(site, stock, serial="S-1")
    told = told_at_once(
        *[lambda one=one: treat(one, site, stock, priya, used=used, at=SIGNED).pk for one in sessions]
    )
    assert "cartridge_used" in told
    assert SessionCartridge.objects.get().session_id in told
    assert SessionArea.objects.exclude(session__in=[pk for pk in told if pk != "cartridge_used"]).count() == 0


@pytest.mark.django_db(transaction=True)
def test_our_own_numbers_for_two_patients_at_once_differ(ana, site, stock, priya, rosa, texts):
    sessions = two_records(ana, site, priya, rosa)
    told = told_at_once(*[lambda one=one: treat(one, site, stock, priya, at=SIGNED).pk for one in sessions])
    assert told == [one.pk for one in sessions]
    assert sorted(str(use.unit) for use in SessionCartridge.objects.all()) == ["N0001", "N0002"]


@pytest.mark.django_db(transaction=True)
def test_two_starts_at_once_open_one_record(ana, site, priya, rosa):
    visit = treating.arrive(ana, site, rosa)
    treating.consent(ana, site, rosa)
    treating.screen_today(visit, priya)
    told = told_at_once(*[lambda: start(visit, priya).pk] * 4)
    assert set(told) == {TreatmentSession.objects.get().pk}
