"""What PostgreSQL refuses of what is kept: frozen, append-only, of its own patient, sensible."""

import datetime as dt

import pytest
from django.db import DatabaseError, connection, transaction

from clinic.models import CartridgeUnit
from patients.consents import record_consent
from patients.models import ClinicalDecision, Consent
from patients.screening.terms import START_STAGES
from patients.screenings import record_screening
from planner.models import (
    AftercareSheet,
    Protocol,
    SessionAmendment,
    SessionArea,
    SessionCartridge,
    TreatmentCourse,
    TreatmentSession,
)
from tests import people
from tests.guards.writes import DAY, MINUTE, change, refused
from tests.patients.conftest import make_text
from tests.patients.screening.samples import yes
from tests.planner import making, treating
from tests.planner.making import MONDAY, NOW

KEPT = [
    ("screening", {"outcome": "clear"}),
    ("answer", {"given": "no"}),
    ("finding", {"outcome": "clear"}),
    ("decision", {"reason": "Another reason."}),
    ("clearing", {"note": "Another note."}),
    ("consent_text", {"body": "I agree to more."}),
    ("consent", {"signed_at": NOW - DAY}),
    ("rule_set", {"booking_valid_days": 365}),
    ("rule", {"code": "OTHER"}),
    ("protocol", {"gap_max_days": 60}),
    ("aftercare_text", {"notice": "x"}),
    ("sheet", {"sha256": "1" * 64}),
    ("amendment", {"text": "Nothing."}),
    ("event", {"reason": "Because."}),
]


@pytest.mark.parametrize(("kind", "values"), KEPT)
def test_what_is_kept_never_changes_and_never_goes(chart, kind, values):
    row = chart[kind]
    table = row._meta.db_table
    before = type(row).objects.filter(pk=row.pk).values().get()
    with pytest.raises(DatabaseError, match=FROZEN), transaction.atomic():
        change(row, **values)
    with pytest.raises(DatabaseError, match=FROZEN), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(f"DELETE FROM {table} WHERE id = %s", [row.pk])  # noqa: S608 - our own table names
    assert type(row).objects.filter(pk=row.pk).values().get() == before


FROZEN = "pgtrigger: Cannot (update|delete)|approved rules are frozen|a signed session is frozen"


def test_the_areas_of_an_answered_screening_stay_as_they_were(site, ana):
    screening = ana.screenings.get()
    areas = screening.areas.through.objects.filter(screening=screening)
    before = list(areas.values())
    with pytest.raises(DatabaseError, match=FROZEN), transaction.atomic():
        areas.update(treatmentarea=site.areas[0])
    with pytest.raises(DatabaseError, match=FROZEN), transaction.atomic():
        screening.areas.remove(site.areas[0])
    with pytest.raises(DatabaseError, match="takes no further area"), transaction.atomic():
        screening.areas.add(people.make_area("nose", "Nose", 3))
    assert list(areas.values()) == before


@pytest.mark.parametrize("reason", ["", " ", "  \n ", "x"])
def test_a_decision_has_a_reason(chart, site, rosa, reason):
    found = making.screen(making.make_patient(rosa), site, rosa, KELOID_TENDENCY=yes()).findings.get()
    fields = {"finding": found, "practitioner": site.practitioners[0], "decided_at": NOW}
    with refused("a_decision_has_a_reason"):
        ClinicalDecision.objects.create(**fields, choice="accept", reason=reason)
    with refused("a_deferral_and_only_a_deferral_has_a_date"):
        ClinicalDecision.objects.create(**fields, choice="defer", reason="Later.")
    with refused("a_deferral_and_only_a_deferral_has_a_date"):
        ClinicalDecision.objects.create(**fields, choice="accept", reason="Now.", until=MONDAY)


@pytest.mark.parametrize(
    ("guard", "values"),
    [
        ("phototype_is_1_to_6", {"phototype": 7}),
        ("phototype_is_1_to_6", {"phototype": 0}),
        ("birth_date_is_after_1900", {"birth_date": dt.date(1899, 12, 31)}),
        ("patients_patient_record_number_key", {"record_number": "taken"}),
    ],
)
def test_a_patient_makes_sense(ana, bea, guard, values):
    change(bea, record_number="taken")
    with refused(guard):
        change(ana, **values)


def test_a_draft_may_change_until_it_is_approved(chart, site):
    draft = making.make_protocol(site.indication, 2)
    change(draft, gap_max_days=49)
    draft.refresh_from_db()
    making.approve_protocol(draft, site.practitioners[0])
    with pytest.raises(DatabaseError, match=FROZEN), transaction.atomic():
        change(draft, approved_at=None, approved_by=None)
    assert Protocol.objects.get(pk=draft.pk).gap_max_days == 49


def test_a_consent_may_be_withdrawn_and_nothing_else(chart):
    TreatmentCourse.objects.update(status="stopped")  # with one that runs, the database refuses it
    change(chart["consent"], withdrawn_at=NOW)
    assert Consent.objects.get(pk=chart["consent"].pk).withdrawn_at == NOW


def test_no_rule_is_added_to_an_approved_set(chart):
    with pytest.raises(DatabaseError, match=FROZEN), transaction.atomic():
        chart["rule_set"].rules.create(position=999, code="NEW", row={})


@pytest.mark.parametrize("other", ["screening", "consent"])
def test_a_session_rests_on_papers_of_its_own_patient(chart, bea, rosa, other):
    foreign = {
        "screening": lambda: bea.screenings.get(),
        "consent": lambda: record_consent(bea, text=chart["consent_text"], method="paper", by=rosa, at=NOW),
    }[other]()
    with refused(f"treatmentsession_{other}_same_patient"):
        change(chart["session"], **{other: foreign})


def test_a_sheet_belongs_to_the_patient_of_its_session(chart, bea, other, rosa, site, priya):
    consent = record_consent(bea, text=chart["consent_text"], method="paper", by=rosa, at=NOW)
    own = {"id": None, "appointment_id": other.pk, "patient_id": bea.pk, "consent_id": consent.pk}
    with refused("treatmentsession_screening_same_patient"):
        TreatmentSession(**_fields(chart["session"], **own)).save()
    asked = making.all_no(START_STAGES)
    own["screening_id"] = record_screening(
        bea, stage="visit", indication=site.indication, areas=site.areas, answers=asked, by=priya, at=NOW
    ).pk
    session = TreatmentSession(**_fields(chart["session"], **own))
    session.save()
    with refused("aftercaresheet_session_same_patient"):
        AftercareSheet(**_fields(chart["sheet"], id=None, session_id=session.pk)).save()


def _fields(row, **changed):
    return {one.attname: getattr(row, one.attname) for one in row._meta.concrete_fields} | changed


def test_a_cartridge_is_used_once(chart, other, bea):
    with refused("planner_sessioncartridge_unit_id_key"):
        SessionCartridge.objects.create(session=chart["session"], unit=chart["cartridge"].unit)


@pytest.mark.parametrize(
    ("kind", "guard", "values"),
    [
        ("area", "depth_is_between_0_10_and_3_mm", {"depth_mm": "0.05"}),
        ("area", "depth_is_between_0_10_and_3_mm", {"depth_mm": "3.05"}),
        ("area", "passes_are_1_to_12", {"passes": 0}),
        ("area", "passes_are_1_to_12", {"passes": 13}),
        ("session", "pain_is_0_to_10", {"pain": 11}),
        ("session", "redness_and_swelling_are_0_to_3", {"redness": 4}),
        ("session", "redness_and_swelling_are_0_to_3", {"swelling": 4}),
        ("session", "numbing_comes_off_after_it_went_on", {"numbing_off_at": NOW}),
        ("session", "needling_ends_after_it_starts", {"needling_ended_at": NOW}),
        ("session", "a_signed_session_is_complete", {"signed_at": NOW}),
    ],
)
def test_a_record_makes_sense(chart, kind, guard, values):
    with refused(guard):
        change(chart[kind], **values)


def sign(chart, site, priya):
    """Complete and sign the record."""
    lots = chart["lots"]
    change(
        chart["session"],
        device=site.devices[0],
        glide_lot=lots["glide"],
        finishing_lot=lots["finishing"],
        needling_started_at=NOW,
        needling_ended_at=NOW + 20 * MINUTE,
        pain=3,
        redness=2,
        swelling=1,
        fit_to_leave_at=NOW + 40 * MINUTE,
        sharps_disposed=True,
        signed_at=NOW + 41 * MINUTE,
        signed_by=priya,
        content_hash="a" * 64,
    )


def test_a_signed_record_and_all_its_rows_are_frozen(chart, site, priya):
    sign(chart, site, priya)
    unit = CartridgeUnit.objects.create(lot=chart["lots"]["cartridge"], serial="S2")
    writes = [
        lambda: change(chart["session"], pain=0),
        lambda: change(chart["session"], signed_at=None, signed_by=None, content_hash=""),
        lambda: change(chart["area"], depth_mm="0.50"),
        lambda: SessionArea.objects.create(
            session=chart["session"],
            area=site.areas[1],
            depth_mm="1",
            passes=1,
            technique="glide",
            endpoint="none",
        ),
        lambda: SessionArea.objects.filter(pk=chart["area"].pk).delete(),
        lambda: SessionCartridge.objects.create(session=chart["session"], unit=unit),
        lambda: SessionCartridge.objects.filter(pk=chart["cartridge"].pk).delete(),
        lambda: TreatmentSession.objects.filter(pk=chart["session"].pk)._raw_delete("default"),
    ]
    for write in writes:
        with pytest.raises(DatabaseError, match=FROZEN), transaction.atomic():
            write()
    SessionAmendment.objects.create(session=chart["session"], text="A correction.", by=priya, at=NOW)


def test_a_record_is_never_deleted(chart):
    with (
        pytest.raises(DatabaseError, match="Cannot delete"),
        transaction.atomic(),
        connection.cursor() as cursor,
    ):
        cursor.execute("DELETE FROM planner_treatmentsession WHERE id = %s", [chart["session"].pk])


def test_a_record_rests_on_the_newest_consent_of_its_indication(visit, site, ana, rosa, priya):
    old = treating.consent(ana, site, rosa)
    other = people.make_indication("melasma", "Melasma")
    elsewhere = record_consent(ana, text=make_text(other, priya), method="paper", by=rosa, at=NOW)
    newest = record_consent(
        ana, text=make_text(site.indication, priya, number=2), method="paper", by=rosa, at=NOW + MINUTE
    )
    asked = making.all_no(START_STAGES)
    today = record_screening(
        ana, stage="visit", indication=site.indication, areas=site.areas, answers=asked, by=priya, at=NOW
    )
    moments = dict.fromkeys(("identity_checked_at", "consent_read_at", "started_at", "saved_at"), NOW)
    record = {"appointment": visit, "patient": ana, "practitioner": priya.practitioner, "screening": today}
    for consent in (old, elsewhere):
        with refused("a session rests on the newest consent of its indication"):
            TreatmentSession.objects.create(**record, **moments, consent=consent)
    TreatmentSession.objects.create(**record, **moments, consent=newest)


@pytest.mark.parametrize("field", ["numbing_on_at", "needling_started_at"])
def test_nothing_begins_once_the_consent_was_withdrawn(chart, course, field):
    change(course, status="stopped")
    change(chart["consent"], withdrawn_at=NOW)
    with refused("nothing begins on a withdrawn consent"):
        change(chart["session"], **{field: NOW + MINUTE})
    change(chart["session"], note="Went home.")
