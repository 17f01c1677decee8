"""Two files of one person become one, hold each other's safety, and part again."""

import datetime as dt

import pytest
from django.db import DatabaseError, IntegrityError, transaction

from clinic.refusals import Refusal
from patients import intake, links, questionnaires
from patients.gates import booking_gate_for, safety_of
from patients.models import Consent, Patient, PatientLink, PatientMerge, Screening
from patients.queries import search_patients
from planner.merging import merge_patients, undo_merge
from planner.models import Appointment, TreatmentCourse
from planner.queries.merging import chosen_details, differences_of, newer_than
from planner.queries.merging_visits import obstacles_of
from planner.queries.record import hash_of
from tests.kept import kept
from tests.patients.screening.samples import yes
from tests.planner import making, treating
from tests.planner.making import MONDAY, NOW
from tests.planner.merges import held, merge_two
from tests.refusing import refusing

HOUR, DAY = dt.timedelta(hours=1), dt.timedelta(days=1)
refused = refusing(Patient, PatientMerge, PatientLink, Screening, Consent, TreatmentCourse, Appointment)


@kept
def second(site, rosa):
    """The same person, registered anew and never seen."""
    return making.make_patient(rosa, given_name="Anna", phone="+447911123456", allergies="Latex")


@kept
def signed(ready, site, stock, priya):
    """Ana's first visit, signed."""
    treating.approve_texts(priya.practitioner)
    return treating.sign(treating.complete(treating.start(ready, priya), site, stock, priya), priya)


def merge(kept, merged, mona, at=NOW + HOUR, **picks):
    return merge_two(kept, merged, by=mona, at=at, **picks)


def test_all_that_a_file_holds_comes_over_and_goes_back(signed, second, mona):
    ana = signed.patient
    of_ana, at = held(ana), treating.SIGNED + HOUR
    done = merge(second, ana, mona, at=at)
    assert (held(second), held(ana)) == (of_ana, {})
    ana.refresh_from_db()
    assert (ana.merged_into, done.by, done.merged) == (second, mona, ana)
    undo_merge(done, by=mona, at=at + DAY)
    assert (held(second), held(ana)) == ({}, of_ana)
    ana.refresh_from_db()
    assert ana.merged_into is None
    assert [one.pk for one in search_patients(ana.record_number)] == [ana.pk]


def test_a_signed_record_keeps_its_content_and_its_seal(signed, second, mona):
    sheet = bytes(signed.sheet.pdf)
    merge(second, signed.patient, mona, at=treating.SIGNED + HOUR)
    signed.refresh_from_db()
    assert signed.patient == second and hash_of(signed) == signed.content_hash
    signed.sheet.refresh_from_db()
    assert bytes(signed.sheet.pdf) == sheet
    with pytest.raises(DatabaseError), transaction.atomic():
        type(signed).objects.filter(pk=signed.pk).update(pain=1)


def test_nothing_changes_its_file_without_a_merge(ana, second):
    for table in (Screening, TreatmentCourse, PatientLink):
        row = table.objects.filter(patient=ana)
        if row.exists():
            with pytest.raises(DatabaseError, match="only in a merge"), transaction.atomic():
                row.update(patient=second)
    with pytest.raises(DatabaseError, match="with its record only"), transaction.atomic():
        Patient.objects.filter(pk=ana.pk).update(merged_into=second)


def test_a_merged_file_takes_nothing(site, ana, second, mona, rosa):
    merge(ana, second, mona)
    with pytest.raises(Refusal, match="merged into another one meanwhile"):
        links.create_link(second, purpose="plan", by=rosa)
    row = {"purpose": "plan", "created_at": NOW, "created_by": rosa, "expires_at": NOW + DAY}
    with pytest.raises(IntegrityError, match="takes nothing"), transaction.atomic():
        PatientLink.objects.create(patient=second, **row)


def test_details_are_chosen_one_by_one(ana, second, mona):
    ana.allergies = "Nickel"
    ana.save()
    names = [(one.name, one.default) for one in differences_of(ana, second)]
    assert names == [
        ("given_name", "kept"),
        ("family_name", "kept"),
        ("phone", "merged"),
        ("email", "kept"),
        ("allergies", "both"),
    ]
    done = merge(ana, second, mona, given_name="merged", allergies="merged")
    ana.refresh_from_db()
    assert (ana.given_name, ana.family_name, ana.allergies) == (
        "Anna",
        done.kept.family_name,
        "Nickel; Latex",
    )
    assert str(ana.phone) == "+447911123456"
    intake.edit_patient(ana, details={"phone": ""}, version=ana.version, by=mona)
    undo_merge(done, by=mona, at=NOW + DAY)
    ana.refresh_from_db()
    assert (ana.given_name, str(ana.phone), ana.allergies) == ("Ana", "", "Nickel")


def test_the_kept_file_is_found_by_the_old_number_and_name(ana, second, mona):
    merge(ana, second, mona)
    for text in (second.record_number, f"Anna {second.family_name}"):
        assert [one.pk for one in search_patients(text)] == [ana.pk]
    assert second.pk not in [one.pk for one in search_patients("21 Jan 1987")]


def test_links_and_questions_of_the_merged_file_end(site, ana, second, mona, rosa):
    link = links.create_link(second, purpose="screening", by=rosa, at=NOW)
    asked = questionnaires.ask_by_link(second, indication=site.indication, areas=site.areas, by=rosa, at=NOW)
    own = links.create_link(ana, purpose="plan", by=rosa, at=NOW)
    merge(ana, second, mona)
    for row in (link, asked, own):
        row.refresh_from_db()
    assert (link.revoked_by, asked.dropped_at, own.revoked_at) == (mona, NOW + HOUR, None)


# Safety


def test_a_stop_of_either_file_holds_and_a_new_screen_is_asked_for(site, ana, second, mona, rosa):
    making.screen(second, site, rosa, at=NOW - DAY, PREGNANT=yes())
    merge(ana, second, mona)
    gate = booking_gate_for(ana, areas=site.areas, on=MONDAY)
    assert {"stop", "files_joined"} <= set(gate.codes)
    making.screen(ana, site, rosa, at=NOW + 2 * HOUR)
    assert booking_gate_for(ana, areas=site.areas, on=MONDAY).codes == ("stop",)


def test_a_dated_deferral_of_either_file_holds_until_its_day(site, ana, second, mona, rosa):
    taken = yes(last_dose_on=MONDAY - 30 * DAY)
    making.screen(second, site, rosa, at=NOW - DAY, ISOTRETINOIN_RECENT=taken)
    until = safety_of([second.pk], MONDAY)[second.pk].until
    done = merge(ana, second, mona)
    making.screen(ana, site, rosa, at=NOW + 2 * HOUR)
    assert booking_gate_for(ana, areas=site.areas, on=MONDAY).earliest_on == until > MONDAY
    undo_merge(done, by=mona, at=NOW + 3 * HOUR)
    assert booking_gate_for(ana, areas=site.areas, on=MONDAY).earliest_on == MONDAY


def test_clear_files_wait_for_a_new_screen(site, ana, second, mona, rosa):
    done = merge(ana, second, mona)
    gate = booking_gate_for(ana, areas=site.areas, on=MONDAY)
    said = "Two files of this patient became one on Mon 7 Sep 2026. Screen again."
    assert gate.reasons[0].replace("\xa0", " ") == said
    undo_merge(done, by=mona, at=NOW + 2 * HOUR)
    assert booking_gate_for(ana, areas=site.areas, on=MONDAY).is_open


def test_a_pregnancy_in_one_file_holds_the_course_of_the_other(site, ana, second, mona, rosa):
    course = making.book(ana, site, rosa)
    making.screen(second, site, rosa, at=NOW - DAY, PREGNANT=yes())
    merge(ana, second, mona, at=NOW)
    course.refresh_from_db()
    assert course.status == "on_hold"
    assert set(course.appointments.values_list("status", flat=True)) == {"cancelled"}


# Refusals


@pytest.mark.parametrize("who", ["rosa", "otto"])
def test_other_roles_merge_nothing_and_take_nothing_back(ana, second, mona, who, request):
    by = request.getfixturevalue(who)
    assert refused(merge_two, ana, second, by=by).code == "role"
    done = merge(ana, second, mona)
    assert refused(undo_merge, done, by=by).code == "role"


def test_a_merge_needs_two_files_a_reason_and_a_fresh_look(ana, second, mona):
    how = {"details": {}, "versions": (1, 1), "by": mona, "at": NOW}
    assert refused(merge_patients, ana, ana, reason="x" * 10, **how).code == "same_file"
    assert refused(merge_patients, ana, second, reason="  same   ", **how).code == "reason_missing"
    how["versions"] = (1, 2)
    assert refused(merge_patients, ana, second, reason="x" * 10, **how).code == "patient_changed"


def test_visits_ahead_too_close_refuse_the_merge(site, ana, second, mona, rosa):
    making.screen(second, site, rosa)
    making.book(ana, site, rosa)
    other = making.book(second, site, rosa, slots=making.slots_at(site, making.every(35), dt.time(14)))
    refusal = refused(merge, ana, second, mona)
    assert refusal.code == "files_collide" and "treat one area" in refusal.sentence
    first = obstacles_of(ana, second)[0]
    assert first.may_move and first.words.endswith("to Mon\xa05\xa0Oct\xa02026 or later, or cancel it.")
    TreatmentCourse.objects.filter(pk=other.pk).update(status="stopped")
    other.appointments.update(status="cancelled")
    assert obstacles_of(ana, second) == []
    merge(ana, second, mona)


def test_a_record_that_is_not_signed_refuses_the_merge(ready, priya, second, mona):
    treating.start(ready, priya)
    refusal = refused(merge, second, ready.patient, mona)
    assert (refusal.code, "is not signed" in refusal.sentence) == ("files_collide", True)


def test_the_same_merge_and_undo_twice_are_one(ana, second, mona):
    done = merge(ana, second, mona)
    assert merge_two(ana, second, by=mona, at=NOW + HOUR) == done
    undone = undo_merge(done, by=mona, at=NOW + DAY)
    assert undo_merge(done, by=mona, at=NOW + 2 * DAY).undone_at == undone.undone_at
    assert PatientMerge.objects.count() == 1
    merge(ana, second, mona, at=NOW + 3 * DAY)


def test_an_undo_says_what_holds_the_files_together(site, ana, second, mona, rosa):
    making.screen(second, site, rosa)
    course = making.book(second, site, rosa)
    done = merge(ana, second, mona)
    screening = making.screen(ana, site, rosa, at=NOW + 2 * HOUR)
    assert newer_than(done) == []
    TreatmentCourse.objects.filter(pk=course.pk).update(screening=screening)
    refusal = refused(undo_merge, done, by=mona, at=NOW + DAY)
    assert (
        refusal.sentence == "Something newer belongs to both files: a course on a screening. The merge stays."
    )


def test_of_two_merges_the_later_is_taken_back_first(ana, second, mona, rosa):
    third = making.make_patient(rosa)
    first, later = merge(ana, second, mona), merge(ana, third, mona, at=NOW + 2 * HOUR)
    assert "later. Take that merge back first." in refused(undo_merge, first, by=mona).sentence
    undo_merge(later, by=mona, at=NOW + DAY)
    undo_merge(first, by=mona, at=NOW + DAY)
    ana.refresh_from_db()
    assert ana.joined_at is None


def test_a_merged_file_is_merged_no_further(ana, second, mona, rosa):
    third = making.make_patient(rosa)
    merge(ana, second, mona)
    refusal = refused(merge, third, second, mona)
    assert refusal.code == "merged_already"
    with pytest.raises(Refusal, match="merged into another file"):
        merge_patients(
            second,
            third,
            details=chosen_details(second, third, {}),
            versions=(2, 1),
            reason="x" * 10,
            by=mona,
        )
