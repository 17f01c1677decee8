"""What PostgreSQL itself refuses, tried by plain writes around every command.

`guards.txt` lists every guard of our tables with its definition; a guard that is dropped, weakened or added
without a line there fails the first test.
"""

import datetime as dt
import re
from contextlib import contextmanager
from pathlib import Path

import pytest
from django.db import DatabaseError, connection, transaction
from django.db.models import F

from clinic.constraints import violated
from clinic.models import CartridgeUnit, Lot, OutboxMessage, Product
from patients.consents import record_consent
from patients.models import ClearingEvent, ClinicalDecision, Consent, ConsentText
from patients.screening.terms import START_STAGES
from patients.screenings import record_screening
from planner.models import (
    AftercareSheet,
    AftercareText,
    Appointment,
    AppointmentArea,
    Protocol,
    SessionAmendment,
    SessionArea,
    SessionCartridge,
    TreatmentCourse,
    TreatmentSession,
)
from tests import people
from tests.kept import kept
from tests.patients.screening.samples import yes
from tests.planner import making
from tests.planner.making import MONDAY, NOW, every, slots_at

DAY, MINUTE = dt.timedelta(days=1), dt.timedelta(minutes=1)
LIST = Path(__file__).with_name("guards.txt")
INSTALLED = """
    SELECT conrelid::regclass || ' | ' || conname || ' | ' || pg_get_constraintdef(oid)
    FROM pg_constraint
    WHERE connamespace = 'public'::regnamespace AND contype IN ('c', 'u', 'x', 'f') AND convalidated
    AND conrelid::regclass::text ~ '^(clinic|patients|planner)_' AND conname !~ '_[0-9a-f]{8}_'
    UNION ALL
    SELECT tgrelid::regclass || ' | ' || regexp_replace(tgname, '_[0-9a-f]{5}$', '') || ' | '
        || CASE tgenabled WHEN 'O' THEN '' ELSE 'OFF ' END
        || regexp_replace(pg_get_triggerdef(pg_trigger.oid), '.*(BEFORE|AFTER|CONSTRAINT)', '\\1') || ' | '
        || regexp_replace(prosrc, '\\s+', ' ', 'g')
    FROM pg_trigger JOIN pg_proc ON pg_proc.oid = tgfoid WHERE NOT tgisinternal
    UNION ALL
    SELECT indrelid::regclass || ' | ' || indexrelid::regclass || ' | ' || pg_get_indexdef(indexrelid)
    FROM pg_index LEFT JOIN pg_constraint ON conindid = indexrelid
    WHERE indisunique AND indisvalid AND pg_constraint.oid IS NULL
    AND indrelid::regclass::text ~ '^(clinic|patients|planner)_'
"""


def installed():
    """Every guard of the database, one a line."""
    with connection.cursor() as cursor:
        cursor.execute(INSTALLED)
        return sorted(re.sub(r"_[0-9a-f]{5}\(\)", "()", row[0]).strip() for row in cursor.fetchall())


@pytest.mark.django_db
def test_the_guards_of_the_list_are_installed_and_no_others():
    assert installed() == LIST.read_text().splitlines()


@contextmanager
def refused(name):
    """The database refuses this write, and names the guard."""
    with pytest.raises(DatabaseError) as caught, transaction.atomic():
        yield
    assert violated(caught.value) == name or name in str(caught.value)


def change(row, **values):
    """Write around every command."""
    type(row).objects.filter(pk=row.pk).update(**values)


@kept
def site(location, acne_scars, cheeks, chin, priya, rule_set):
    """Two practitioners, two rooms, two pens."""
    return making.make_site(location, acne_scars, [cheeks, chin], priya.practitioner, devices=2)


@kept
def ana(site, rosa):
    """A screened patient."""
    patient = making.make_patient(rosa)
    making.screen(patient, site, rosa)
    return patient


@kept
def bea(site, rosa):
    """Another screened patient."""
    patient = making.make_patient(rosa)
    making.screen(patient, site, rosa)
    return patient


@kept
def course(site, ana, rosa):
    """Ana's course: 35 days apart at ten with the first of everything."""
    return making.book(ana, site, rosa)


@kept
def visit(course):
    """Ana's first visit."""
    return course.appointments.get(number=1)


@kept
def other(course, site, bea, rosa):
    """Bea's first visit: at the same times as Ana's, with the second of everything."""
    slots = slots_at(site, every(35), practitioner=1, room=1, device=1)
    return making.book(bea, site, rosa, slots=slots).appointments.get(number=1)


# One place at a time

PLACES = [
    ("practitioner", "practitioner_from", "practitioner_until"),
    ("room", "start", "room_until"),
    ("device", "device_from", "device_until"),
]


@pytest.mark.parametrize(("what", "begin", "end"), PLACES)
def test_two_visits_never_share_a_place_at_one_time(visit, other, what, begin, end):
    with refused(f"{what}_is_in_one_place_at_a_time"):
        change(other, **{what: getattr(visit, what)})


@pytest.mark.parametrize(("what", "begin", "end"), PLACES)
def test_visits_may_touch_but_not_by_a_minute_overlap(visit, other, what, begin, end):
    later = getattr(visit, end) - getattr(other, begin)

    def move(by):
        times = {field: getattr(other, field) + by for field in TIMES}
        change(other, **{what: getattr(visit, what)}, **times)

    with refused(f"{what}_is_in_one_place_at_a_time"):
        move(later - MINUTE)
    move(later)


TIMES = (
    "start",
    "treatment_start",
    "end",
    "room_until",
    "practitioner_from",
    "practitioner_until",
    "device_from",
    "device_until",
)


@pytest.mark.parametrize(("what", "begin", "end"), PLACES)
@pytest.mark.parametrize("status", ["cancelled", "noshow"])
def test_what_is_over_blocks_nothing_and_cannot_come_back(visit, other, what, begin, end, status):
    change(visit, status=status)
    change(other, **{what: getattr(visit, what)})
    with refused(f"{what}_is_in_one_place_at_a_time"):
        change(visit, status="booked")


def consultation(of, **changed):
    """A visit outside any course, at the times of another."""
    names = (*TIMES, "on", "location", "practitioner", "room", "device", "patient")
    fields = {name: getattr(of, name) for name in names}
    return Appointment(kind="consultation", **fields | changed)


def test_a_patient_is_never_in_two_places(visit, other, ana):
    change(other, status="cancelled")
    free = consultation(other, patient=ana)
    with refused("patient_is_in_one_place_at_a_time"):
        free.save()
    shift = visit.end - visit.start
    consultation(other, patient=ana, **{field: getattr(other, field) + shift for field in TIMES}).save()


# Spacing


def last_of(course, days, **changed):
    """A fifth visit some days after the first, the other visits after it being cancelled."""
    course.appointments.filter(number__gt=1).update(status="cancelled")
    first = course.appointments.get(number=1)
    fields = {field.attname: getattr(first, field.attname) for field in Appointment._meta.concrete_fields}
    fields |= {name: fields[name] + days * DAY for name in (*TIMES, "on", "next_earliest_on")}
    fields |= {"id": None, "number": 5} | changed
    return Appointment(**fields)


def areas_of(visit, areas):
    """The rows that keep the spacing of each area."""
    return [
        AppointmentArea(
            appointment=visit,
            area=area,
            patient_id=visit.patient_id,
            on=visit.on,
            next_earliest_on=visit.next_earliest_on,
            status=visit.status,
        )
        for area in areas
    ]


def test_a_visit_of_a_course_on_day_27_is_refused_and_on_day_28_accepted(course):
    with refused("visits_of_a_course_keep_their_gap"):
        last_of(course, 27).save()
    last_of(course, 28).save()


def moved(visit, first, days):
    """The dates of a visit moved to some days after another."""
    on = first.on + days * DAY
    times = {name: getattr(visit, name) + (on - visit.on) for name in TIMES if getattr(visit, name)}
    return times | {"on": on, "next_earliest_on": on + visit.gap_days * DAY}


def test_a_visit_never_moves_to_day_27(course):
    first, second, *_ = course.appointments.order_by("number")
    AppointmentArea.objects.filter(appointment=second).delete()
    with refused("visits_of_a_course_keep_their_gap"):
        change(second, **moved(second, first, 27))
    change(second, **moved(second, first, 28))


def test_two_courses_of_one_patient_never_crowd_one_area(course, site, ana, rosa):
    """The second course treats the chin in between; the cheeks may not be slipped in, nor moved close."""
    course.appointments.filter(number__gt=1).update(status="cancelled")
    cheeks, chin = site.areas
    AppointmentArea.objects.filter(area=chin).delete()
    slots = slots_at(site, every(35, first=MONDAY + 7 * DAY))
    request = making.asking(site, area_ids=(chin.pk,), start_from=MONDAY + 7 * DAY)
    second = making.book(ana, site, rosa, slots=slots, request=request)
    visit = second.appointments.get(number=1)
    with refused("an_area_of_a_patient_keeps_its_gap"):
        areas_of(visit, [cheeks])[0].save()
    later = second.appointments.get(number=2)
    areas_of(later, [cheeks])[0].save()
    change(visit, status="cancelled")
    first = course.appointments.get(number=1)
    with refused("an_area_of_a_patient_keeps_its_gap"):
        change(later, **moved(later, first, 27))
    change(later, **moved(later, first, 28))


REASON = "Healed early, seen by me today."


def test_a_shorter_gap_needs_its_reason_in_words(course):
    first, second, *_ = course.appointments.order_by("number")
    shorter = {"gap_days": 21, "next_earliest_on": first.on + 21 * DAY}
    for reason in ("", "too short", " " * 40, "a b c d e f g h i"):
        with refused("a_shorter_gap_has_its_reason_in_20_characters"):
            change(first, short_gap_reason=reason, **shorter)
    change(first, short_gap_reason=REASON, **shorter)
    with refused("_gap"):
        change(second, **moved(second, first, 20))
    change(second, **moved(second, first, 21))


def test_the_next_earliest_day_cannot_be_forged(visit):
    with refused("next_earliest_day_is_the_day_plus_the_gap"):
        change(visit, next_earliest_on=visit.on + DAY)
    with refused("a_shorter_gap_has_its_reason_in_20_characters"):
        change(visit, course_gap_days=7, gap_days=7, next_earliest_on=visit.on + 7 * DAY)


# Children follow their parents


def test_area_rows_follow_the_date_and_state_of_their_visit(visit):
    change(visit, **moved(visit, visit, -1), status="cancelled")
    assert set(visit.areas.values_list("on", "next_earliest_on", "status")) == {
        (MONDAY - DAY, MONDAY + 27 * DAY, "cancelled")
    }


def test_area_rows_never_say_something_else_than_their_visit(visit, bea):
    row = visit.areas.first()
    for values in (
        {"on": row.on - DAY},
        {"status": "cancelled"},
        {"patient": bea},
        {"next_earliest_on": row.on},
    ):
        with refused("appointmentarea_appointment_same_patient"):
            change(row, **values)


def test_a_visit_belongs_to_the_patient_of_its_course(other, course):
    with refused("appointment_course_same_patient"):
        change(other, course=course, number=9)


def test_a_course_rests_on_a_screening_of_its_own_patient(course, bea):
    with refused("treatmentcourse_screening_same_patient"):
        change(course, screening=bea.screenings.get())


def test_one_live_visit_per_number(course):
    again = last_of(course, 35, number=1)
    with refused("one_live_appointment_per_visit_number"):
        again.save()
    course.appointments.filter(number=1).update(status="cancelled")
    again.save()


def test_one_course_per_booking_key(course, site, bea, rosa):
    with refused("planner_treatmentcourse_booking_key_key"):
        fields = {one.attname: getattr(course, one.attname) for one in TreatmentCourse._meta.concrete_fields}
        TreatmentCourse(**fields | {"id": None}).save()


# Sensible rows


@pytest.mark.parametrize(
    ("guard", "values"),
    [
        ("appointment_times_are_in_order", {"end": F("treatment_start")}),
        ("appointment_times_are_in_order", {"start": F("end")}),
        ("appointment_times_are_in_order", {"room_until": F("start")}),
        ("practitioner_is_there_for_the_whole_treatment", {"practitioner_from": F("end")}),
        ("practitioner_is_there_for_the_whole_treatment", {"practitioner_until": F("treatment_start")}),
        ("device_is_there_for_the_whole_treatment", {"device_until": F("treatment_start")}),
        ("device_is_there_for_the_whole_treatment", {"device_from": None}),
        ("a_treatment_and_only_a_treatment_is_a_visit_of_a_course", {"course": None}),
        ("a_treatment_and_only_a_treatment_is_a_visit_of_a_course", {"number": None}),
        ("a_treatment_and_only_a_treatment_is_a_visit_of_a_course", {"kind": "review"}),
    ],
)
def test_a_visit_makes_sense(visit, guard, values):
    with refused(guard):
        change(visit, **values)


@pytest.mark.parametrize(
    ("guard", "values"),
    [
        ("course_gaps_are_in_order_and_at_least_28_days", {"gap_min_days": 27}),
        ("course_gaps_are_in_order_and_at_least_28_days", {"gap_target_days": 43}),
        ("course_has_1_to_12_visits", {"sessions": 0}),
        ("course_has_1_to_12_visits", {"sessions": 13}),
    ],
)
def test_a_course_makes_sense(course, guard, values):
    with refused(guard):
        change(course, **values)


@pytest.mark.parametrize(
    ("guard", "values"),
    [
        ("protocol_gaps_are_in_order_and_at_least_28_days", {"gap_min_days": 27}),
        ("protocol_gaps_are_in_order_and_at_least_28_days", {"gap_target_days": 43}),
        ("protocol_gaps_are_in_order_and_at_least_28_days", {"gap_max_days": 91}),
        ("protocol_sessions_are_in_order", {"sessions_min": 6}),
        ("protocol_sessions_are_in_order", {"sessions_max": 13}),
        ("protocol_minutes_are_plausible", {"first_area_minutes": 4}),
        ("protocol_minutes_are_plausible", {"most_minutes": 121}),
        ("protocol_minutes_are_plausible", {"numbing_minutes": 121}),
    ],
)
def test_a_protocol_makes_sense(site, guard, values):
    with refused(guard):
        making.make_protocol(site.indication, 2, **values)


# Frozen and append-only rows


@kept
def chart(visit, site, ana, rosa, priya):
    """One row of every kind that is kept for ever; the session is not signed yet."""
    found = making.screen(making.make_patient(rosa), site, rosa, KELOID_TENDENCY=yes(), BREASTFEEDING=yes())
    review, deferral = found.findings.order_by("-code")
    me = priya.practitioner
    decision = ClinicalDecision.objects.create(
        finding=review, practitioner=me, choice="accept", reason="Seen.", decided_at=NOW
    )
    clearing = ClearingEvent.objects.create(
        finding=deferral, happened_on=MONDAY, note="Over.", recorded_by=me, recorded_at=NOW
    )
    text = ConsentText.objects.create(
        indication=site.indication, language="en", number=1, body="I agree.", approved_by=me, approved_at=NOW
    )
    consent = record_consent(ana, text=text, method="paper", by=rosa, at=NOW)
    kinds = ("cartridge", "glide", "finishing")
    lots = {
        kind: Lot.objects.create(
            product=Product.objects.create(name=kind, kind=kind),
            location=site.location,
            number="L1",
            expires_on=MONDAY + 90 * DAY,
        )
        for kind in kinds
    }
    asked = making.all_no(START_STAGES)
    today = record_screening(
        ana, stage="visit", indication=site.indication, areas=site.areas, answers=asked, by=priya, at=NOW
    )
    session = TreatmentSession.objects.create(
        appointment=visit,
        patient=ana,
        practitioner=me,
        screening=today,
        consent=consent,
        identity_checked_at=NOW,
        consent_read_at=NOW,
        started_at=NOW,
        saved_at=NOW,
    )
    area = SessionArea.objects.create(
        session=session, area=site.areas[0], depth_mm="1.50", passes=4, technique="glide", endpoint="redness"
    )
    unit = CartridgeUnit.objects.create(lot=lots["cartridge"], serial="S1")
    cartridge = SessionCartridge.objects.create(session=session, unit=unit)
    words = AftercareText.objects.create(language="en", number=1, blocks={}, approved_by=me, approved_at=NOW)
    sheet = AftercareSheet.objects.create(
        session=session,
        patient=ana,
        text=words,
        content={},
        pdf=b"x",
        sha256="0" * 64,
        issued_at=NOW,
        issued_by=priya,
    )
    amendment = SessionAmendment.objects.create(session=session, text="Added.", by=priya, at=NOW)
    return {
        "screening": found,
        "answer": found.answers.first(),
        "finding": review,
        "decision": decision,
        "clearing": clearing,
        "consent_text": text,
        "consent": consent,
        "rule_set": found.rule_set,
        "rule": found.rule_set.rules.first(),
        "protocol": site.protocol,
        "aftercare_text": words,
        "sheet": sheet,
        "amendment": amendment,
        "event": visit.events.first(),
        "session": session,
        "area": area,
        "cartridge": cartridge,
        "lots": lots,
    }


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


def test_a_message_is_sent_once_per_subject_kind_and_version(course):
    whose = {"patient_id": course.patient_id, "location_id": course.location_id}
    with refused("a_message_is_sent_once_per_subject_kind_and_version"):
        OutboxMessage.objects.create(kind="course_booked", subject_id=course.pk, due_at=NOW, **whose)


def test_a_message_goes_to_a_patient_and_is_never_deleted(course):
    with refused("a_message_goes_to_a_patient"):
        OutboxMessage.objects.update(patient_id=987_654_321)
        with connection.cursor() as cursor:
            cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
    with refused("Cannot delete rows from clinic_outboxmessage"):
        OutboxMessage.objects.all().delete()


def test_a_message_is_sent_given_up_or_dropped_and_says_so(course, rosa):
    message = OutboxMessage.objects.get()
    with refused("a_message_that_left_was_neither_dropped_nor_given_up"):
        change(message, sent_at=NOW, dropped_because="stopped")
    with refused("a_message_given_up_says_when_and_why"):
        change(message, failed_at=NOW)
    with refused("a_message_seen_to_names_who_and_when"):
        change(message, closed_by=rosa)
    change(message, sent_at=NOW, text="Hello")
    with refused("Cannot update rows from clinic_outboxmessage"):
        change(message, text="Goodbye")


def test_hours_to_write_in_end_after_they_start(location):
    with refused("hours_to_write_in_end_after_they_start"):
        change(location, write_until=dt.time(9))


def test_an_area_is_listed_once(visit, site):
    with refused("an_area_is_listed_once_per_appointment"):
        areas_of(visit, site.areas)[0].save()
