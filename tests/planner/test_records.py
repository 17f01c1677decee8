"""Keeping a record: start, numbing, treatment, finish; every refusal in its words."""

import datetime as dt
from decimal import Decimal

import pytest

from clinic.models import CartridgeUnit, Device
from clinic.refusals import Refusal
from patients import consents
from patients.screenings import decide_finding
from planner import booking, records
from planner.models import (
    Appointment,
    AppointmentEvent,
    SessionArea,
    SessionCartridge,
    TreatmentSession,
)
from planner.queries.record import last_time, numbing_warnings
from planner.treatment import AreaEntry, Needling
from tests import people
from tests.kept import kept
from tests.patients.screening.samples import NOT_SURE, yes
from tests.planner import making, treating
from tests.planner.treating import (
    ARRIVAL,
    CREAM_OFF,
    CREAM_ON,
    ENDED,
    FINISHED,
    MINUTE,
    NEEDLING,
    STARTED,
    entries,
    finish,
    numb,
    start,
    supplies,
    treat,
)


@kept
def stock(site):
    return treating.make_stock(site.location)


@kept
def visit(ana, site, rosa):
    """Ana is here, not screened today, no consent."""
    return treating.arrive(ana, site, rosa)


@kept
def ready(visit, site, priya, rosa):
    """Ana is here, screened today, consent signed."""
    treating.consent(visit.patient, site, rosa)
    treating.screen_today(visit, priya)
    return visit


@kept
def session(ready, priya):
    """The record is open."""
    return start(ready, priya)


def refused(command, *args, **how):
    """Call a command that must refuse; return what it said and see that nothing was written."""
    before = written()
    with pytest.raises(Refusal) as caught:
        command(*args, **how)
    assert written() == before
    return caught.value


def written():
    """Every row of the records, and what signing changes beside them."""
    tables = (
        TreatmentSession,
        SessionArea,
        SessionCartridge,
        CartridgeUnit,
        Appointment,
        AppointmentEvent,
    )
    return [list(model.objects.order_by("pk").values_list()) for model in tables]


# Start


def test_start_session_opens_the_record_with_that_days_screening_and_consent(ready, priya):
    session = start(ready, priya)
    facts = TreatmentSession.objects.values(
        "appointment", "patient", "practitioner", "screening", "consent", "version", "signed_at"
    ).get()
    assert facts == {
        "appointment": ready.pk,
        "patient": ready.patient_id,
        "practitioner": priya.practitioner.pk,
        "screening": ready.patient.screenings.filter(stage="visit").get().pk,
        "consent": ready.patient.consents.get().pk,
        "version": 1,
        "signed_at": None,
    }
    assert {session.identity_checked_at, session.consent_read_at, session.started_at} == {STARTED}
    assert list(ready.events.values_list("kind", "by"))[-1] == ("started", priya.pk)


def test_start_session_twice_opens_the_same_record(ready, priya):
    first = start(ready, priya)
    assert start(ready, priya, at=STARTED + MINUTE) == first
    assert TreatmentSession.objects.count() == 1
    assert ready.events.filter(kind="started").count() == 1


@pytest.mark.parametrize("who", ["rosa", "mona", "otto"])
def test_start_session_is_for_practitioners(ready, who, request):
    no = refused(start, ready, request.getfixturevalue(who))
    assert (no.code, str(no)) == ("role", "Only practitioners keep treatment records. Ask one of them.")


def test_start_session_is_not_for_an_account_without_a_practitioner(ready, location):
    assert refused(start, ready, people.make_user("New Nurse", "practitioner", location)).code == "role"


@pytest.mark.parametrize(
    ("left_out", "sentence"),
    [
        ("identity_checked", "Ask the patient for the name first."),
        ("birth_date", "Ask the patient for the birth date and type it."),
        ("consent_read", "Read the consent again with the patient first."),
    ],
)
def test_start_session_needs_both_read_back(ready, priya, left_out, sentence):
    no = refused(start, ready, priya, **{left_out: None})
    assert (no.sentence, no.field) == (sentence, left_out)


def test_start_session_needs_the_patient_checked_in(ready, priya, rosa):
    booking.undo_check_in(ready, by=rosa, at=ARRIVAL)
    no = refused(start, ready, priya)
    assert str(no) == "Only a visit of today that is checked in can start. Check in first."


def test_start_session_is_refused_the_next_day(ready, priya):
    assert refused(start, ready, priya, at=STARTED + dt.timedelta(days=1)).code == "not_arrived"


def test_start_session_needs_that_days_screening(visit, site, priya, rosa):
    treating.consent(visit.patient, site, rosa)
    assert refused(start, visit, priya).code.startswith("screening_")
    treating.screen_today(visit, priya)
    assert start(visit, priya).pk


def test_that_day_is_the_day_where_the_visit_is_not_at_the_patients_home(site, rosa, priya):
    home = people.make_location("Auckland", "Pacific/Auckland")
    away = making.make_branch(site, "Honolulu", "Pacific/Honolulu")
    hal = people.make_user("Hal Desk", "front_desk", away.location)
    patient = making.make_patient(people.make_user("Sam Desk", "front_desk", home))
    priya.location = away.location
    priya.save()
    making.screen(patient, site, hal)
    tuesday = making.slots_at(away, making.every(35, first=making.MONDAY + dt.timedelta(days=1)))
    course = making.book(patient, away, hal, slots=tuesday)
    visit = course.appointments.order_by("start").first()
    booking.check_in(visit, by=hal, at=visit.start)
    treating.consent(patient, site, hal, at=visit.start)  # the day after in Auckland
    monday_afternoon = visit.start - dt.timedelta(hours=18)  # Tuesday already in Auckland
    treating.screen_today(visit, priya, at=monday_afternoon)
    assert refused(start, visit, priya, at=visit.start + MINUTE).code == "screening_not_today"
    treating.screen_today(visit, priya, at=visit.start + MINUTE)
    assert start(visit, priya, at=visit.start + 2 * MINUTE).screening.answered_on == visit.on


def test_start_session_needs_a_consent(visit, priya):
    treating.screen_today(visit, priya)
    assert refused(start, visit, priya).code == "screening_consent_missing"


def test_start_session_is_refused_after_the_consent_was_withdrawn(ready, priya):
    consents.withdraw_consent(ready.patient.consents.get(), by=priya, at=STARTED)
    assert refused(start, ready, priya, at=STARTED + MINUTE).code == "screening_consent_withdrawn"


@pytest.mark.parametrize(
    ("answers", "code"),
    [
        ({"PREGNANT": yes()}, "screening_stop"),
        ({"PREGNANT": NOT_SURE}, "screening_not_sure"),
        ({"ACNE_ACTIVE": yes()}, "screening_open_deferral"),
        ({"HAIR_REMOVAL_RECENT": yes(removed_on=making.MONDAY)}, "screening_deferred"),
        ({"EPILEPSY": yes()}, "screening_undecided"),
    ],
)
def test_start_session_is_closed_by_that_days_answers(visit, site, priya, rosa, answers, code):
    treating.consent(visit.patient, site, rosa)
    treating.screen_today(visit, priya, **answers)
    assert refused(start, visit, priya).code == code


def test_start_session_goes_on_once_the_review_is_decided(visit, site, priya, rosa):
    treating.consent(visit.patient, site, rosa)
    screening = treating.screen_today(visit, priya, EPILEPSY=yes())
    decide_finding(screening.findings.get(), choice="accept", reason="Stable.", by=priya, at=STARTED)
    assert start(visit, priya, at=STARTED + MINUTE).screening == screening


def test_start_session_by_another_trained_practitioner_makes_it_theirs(ready, site, location):
    kerry = people.make_user("Kerry Walsh", "practitioner", location)
    people.make_practitioner(kerry)
    no = refused(start, ready, kerry)
    assert str(no) == "Kerry Walsh is not trained for Acne scars here. Ask a colleague who is."
    kerry.practitioner.indications.add(site.indication)
    assert start(ready, kerry).practitioner == kerry.practitioner


def test_start_session_is_refused_to_a_practitioner_of_another_location(ready, site):
    elsewhere = people.make_user("Ines Roth", "practitioner", people.make_location("Far Street"))
    people.make_practitioner(elsewhere).indications.add(site.indication)
    assert refused(start, ready, elsewhere).code == "untrained"


# Numbing


def test_save_numbing_writes_the_step_and_the_next_version(session, stock, priya):
    saved = numb(session, stock, priya)
    saved.refresh_from_db()
    fields = (*records.NUMBING_FIELDS, "own_cream")
    assert {name: getattr(saved, name) for name in fields} == treating.cream(stock)
    assert (saved.version, saved.saved_at) == (2, CREAM_OFF)


OWN = {
    "own_cream": True,
    "own_cream_product": "EMLA",
    "own_cream_strength": "5 %",
    "own_cream_grams": Decimal("10.0"),
    "own_cream_covered": True,
    "own_cream_on_at": ARRIVAL - 50 * MINUTE,
    "own_cream_off_at": CREAM_ON,
}


def test_save_numbing_keeps_a_cream_put_on_at_home_before_the_visit(session, stock, priya):
    saved = numb(session, stock, priya, **OWN)
    saved.refresh_from_db()
    assert {name: getattr(saved, name) for name in records.OWN_FIELDS} == OWN
    assert [level for level, _ in numbing_warnings(saved, CREAM_OFF)] == ["red"]


def test_save_numbing_forgets_an_own_cream_that_was_none(session, stock, priya):
    saved = numb(session, stock, priya, **OWN | {"own_cream": False})
    assert (saved.own_cream_product, saved.own_cream_grams, saved.own_cream_off_at) == ("", None, None)


def test_numbing_warnings_count_both_creams_together(session, stock, priya):
    dose = {"numbing_lot": stock.prilocaine, "numbing_grams": Decimal("55.0")}
    saved = numb(session, stock, priya, **OWN | dose)
    assert (
        "red",
        "With the own cream it is 65.0 g in all; Lidocaine and prilocaine cream allows 60.0 g.",
    ) in numbing_warnings(saved, CREAM_OFF)


@pytest.mark.parametrize(
    ("changed", "code", "field"),
    [
        ({"own_cream_grams": Decimal("-0.1")}, "negative", "own_cream_grams"),
        ({"numbing_grams": Decimal("-1.0")}, "negative", "numbing_grams"),
        ({"numbing_area_cm2": -1}, "negative", "numbing_area_cm2"),
        ({"own_cream_off_at": ARRIVAL - 51 * MINUTE}, "times_reversed", "own_cream_off_at"),
        ({"own_cream_off_at": CREAM_OFF + 2 * MINUTE}, "time_ahead", "own_cream_off_at"),
    ],
)
def test_save_numbing_refuses_amounts_and_times_of_the_own_cream(session, stock, priya, changed, code, field):
    no = refused(numb, session, stock, priya, **OWN | changed)
    assert (no.code, no.field) == (code, field)


def test_needling_waits_for_the_own_cream_to_be_off(session, site, stock, priya):
    saved = numb(session, stock, priya, **OWN | {"own_cream_off_at": None})
    no = refused(treat, saved, site, stock, priya, at=NEEDLING, started=True)
    assert no.sentence == "Needling starts after the patient's own cream is off and removed."


def test_start_session_refuses_the_birth_date_of_somebody_else(ready, priya):
    no = refused(start, ready, priya, birth_date=ready.patient.birth_date + dt.timedelta(days=1))
    assert (no.code, no.field) == ("identity", "birth_date")
    assert no.sentence == f"This is not the birth date of {ready.patient}."


@pytest.mark.parametrize(
    ("typed", "question"),
    [
        ("15", "Is 1.50 mm meant?"),
        ("150", "Is 1.50 mm meant?"),
        ("1500", "Is 1.50 mm meant?"),
        ("3.05", ""),
        ("0.05", ""),
    ],
)
def test_save_treatment_asks_about_a_lost_decimal_sign(session, site, stock, priya, typed, question):
    areas = [AreaEntry(site.areas[0].pk, depth_mm=Decimal(typed))]
    no = refused(treat, session, site, stock, priya, areas=areas)
    assert (no.code, no.next_step) == ("depth_range", question)


@pytest.mark.parametrize("speed", [0, 200])
def test_save_treatment_takes_a_speed_of_0_to_200_hz(session, site, stock, priya, speed):
    saved = treat(session, site, stock, priya, used=supplies(site, stock, speed_hz=speed))
    assert saved.speed_hz == speed


@pytest.mark.parametrize("speed", [-1, 201])
def test_save_treatment_refuses_another_speed(session, site, stock, priya, speed):
    no = refused(treat, session, site, stock, priya, used=supplies(site, stock, speed_hz=speed))
    assert (no.code, no.field) == ("speed_range", "speed_hz")


def test_save_treatment_takes_more_than_three_cartridges(session, site, stock, priya):
    further = tuple((stock.cartridges, f"S-{number}") for number in range(2, 6))
    saved = treat(session, site, stock, priya, used=supplies(site, stock, serial="S-1", further=further))
    serials = [use.unit.serial for use in saved.cartridges.order_by("pk")]
    assert serials == ["S-1", "S-2", "S-3", "S-4", "S-5"]


def test_save_numbing_without_cream_forgets_what_was_typed(session, stock, priya):
    saved = numb(session, stock, priya)
    saved = numb(saved, stock, priya, numbing_used=False)
    saved.refresh_from_db()
    empty = dict.fromkeys(records.NUMBING_FIELDS)
    empty |= {"numbing_used": False, "numbing_covered": False, "numbing_applied_by": ""}
    assert {name: getattr(saved, name) for name in records.NUMBING_FIELDS} == empty


@pytest.mark.parametrize(
    ("changed", "code", "sentence"),
    [
        (
            {"numbing_grams": Decimal("60.1")},
            "too_many_grams",
            "Lidocaine and prilocaine cream allows 60.0 g per visit. Use less.",
        ),
        (
            {"numbing_area_cm2": 601},
            "too_large_area",
            "Lidocaine and prilocaine cream allows 600 cm² per visit. Treat part of it at another visit.",
        ),
        (
            {"numbing_off_at": CREAM_ON - MINUTE},
            "times_reversed",
            "The cream came off after it went on.",
        ),
        ({"numbing_on_at": None}, "on_missing", "Write when the cream went on."),
        ({"numbing_off_at": CREAM_OFF + 2 * MINUTE}, "time_ahead", "This time has not come yet."),
        (
            {"numbing_on_at": STARTED - 2 * MINUTE},
            "before_start",
            "The cream goes on after the visit has started.",
        ),
    ],
)
def test_save_numbing_refuses(session, stock, priya, changed, code, sentence):
    no = refused(numb, session, stock, priya, **{"numbing_lot": stock.prilocaine} | changed)
    assert (no.code, str(no)) == (code, sentence)


def test_save_numbing_allows_the_very_limit(session, stock, priya):
    limits = {"numbing_grams": Decimal("60.0"), "numbing_area_cm2": 600}
    assert numb(session, stock, priya, numbing_lot=stock.prilocaine, **limits).numbing_area_cm2 == 600


def test_save_numbing_refuses_an_expired_lot_from_the_day_after(session, stock, priya):
    last_day = treating.make_lot(session.appointment.location, "Lidocaine 4% cream", "numbing", "OLD")
    last_day.expires_on = making.MONDAY
    last_day.save()
    assert numb(session, stock, priya, numbing_lot=last_day).numbing_lot == last_day
    last_day.expires_on -= dt.timedelta(days=1)
    last_day.save()
    session.refresh_from_db()
    no = refused(numb, session, stock, priya, numbing_lot=last_day)
    assert (str(no), no.field) == ("Lot OLD has expired. Take another one.", "numbing_lot")


def test_save_numbing_refuses_a_lot_of_another_kind_or_location(session, stock, priya):
    far = people.make_location("Far Street")
    elsewhere = treating.make_lot(far, "Lidocaine 4% cream", "numbing", "FAR")
    for lot in (stock.gel, elsewhere):
        assert refused(numb, session, stock, priya, numbing_lot=lot).code == "wrong_lot"


def test_save_numbing_refuses_an_agent_that_the_screening_rules_out(visit, site, stock, priya, rosa):
    treating.consent(visit.patient, site, rosa)
    screening = treating.screen_today(visit, priya, METHAEMOGLOBIN_G6PD=yes())
    for finding in screening.findings.filter(outcome="review"):
        decide_finding(finding, choice="accept", reason="No prilocaine.", by=priya, at=STARTED)
    session = start(visit, priya, at=STARTED + MINUTE)
    no = refused(numb, session, stock, priya, numbing_lot=stock.prilocaine)
    assert str(no) == "The screening rules out prilocaine for this patient. Pick another cream, or none."
    assert numb(session, stock, priya).numbing_lot == stock.cream


def test_save_numbing_is_closed_once_needling_has_begun(session, site, stock, priya):
    saved = treat(numb(session, stock, priya), site, stock, priya, at=NEEDLING, started=True)
    no = refused(numb, saved, stock, priya, at=NEEDLING + MINUTE, numbing_area_cm2=201)
    assert str(no) == "Numbing cannot change once needling has begun."
    assert numb(saved, stock, priya, at=NEEDLING + MINUTE).numbing_area_cm2 == 200


def test_numbing_warnings_are_amber_below_the_minimum_and_red_above_the_maximum(session, stock, priya):
    on = numb(session, stock, priya, at=CREAM_ON, numbing_off_at=None)
    assert numbing_warnings(on, CREAM_ON + 5 * MINUTE) == []
    assert numbing_warnings(on, CREAM_ON + 60 * MINUTE) == []
    assert numbing_warnings(on, CREAM_ON + 61 * MINUTE) == [
        ("red", "On for 61 min: Lidocaine 4% cream comes off after 60 min at most.")
    ]
    off = numb(on, stock, priya, numbing_off_at=CREAM_ON + 29 * MINUTE)
    assert numbing_warnings(off, FINISHED) == [
        ("amber", "Off after 29 min: Lidocaine 4% cream works after 30 min.")
    ]


# Treatment


def test_save_treatment_writes_areas_supplies_and_one_cartridge(session, site, stock, priya, cheeks, chin):
    saved = treat(numb(session, stock, priya), site, stock, priya, at=NEEDLING, started=True)
    saved.refresh_from_db()
    areas = saved.areas.values_list("area", "depth_mm", "passes", "technique", "endpoint")
    assert list(areas) == [
        (cheeks.pk, Decimal("1.50"), 4, "glide", "pinpoint"),
        (chin.pk, Decimal("1.50"), 4, "glide", "pinpoint"),
    ]
    assert [str(use.unit) for use in saved.cartridges.all()] == ["N0001"]
    assert (saved.device, saved.glide_lot, saved.finishing_lot, saved.skin_prep) == (
        site.devices[0],
        stock.gel,
        stock.balm,
        "Chlorhexidine wipe",
    )
    assert (saved.needling_started_at, saved.needling_ended_at) == (NEEDLING, None)


def test_save_treatment_stamps_each_time_once(session, site, stock, priya):
    saved = treat(numb(session, stock, priya), site, stock, priya, at=NEEDLING, started=True)
    saved = treat(saved, site, stock, priya, at=NEEDLING + MINUTE, started=True)
    saved = treat(saved, site, stock, priya, at=ENDED, ended=True)
    saved = treat(saved, site, stock, priya, at=FINISHED, ended=True)
    assert (saved.needling_started_at, saved.needling_ended_at) == (NEEDLING, ENDED)


def test_save_treatment_takes_an_area_out_again(session, site, stock, priya, chin):
    saved = treat(session, site, stock, priya)
    saved = treat(saved, site, stock, priya, areas=entries(site)[1:])
    assert list(saved.areas.values_list("area", flat=True)) == [chin.pk]


def test_save_treatment_keeps_what_is_not_known_yet_empty(session, site, stock, priya):
    unknown = [AreaEntry(area.pk) for area in site.areas]
    saved = treat(session, site, stock, priya, areas=unknown)
    assert set(saved.areas.values_list("depth_mm", "passes", "technique", "endpoint")) == {
        (None, None, "", "")
    }


@pytest.mark.parametrize("depth", ["0.05", "3.05", "1.52", "0.00"])
def test_save_treatment_refuses_a_depth_outside_its_range_or_steps(
    session, site, stock, priya, cheeks, depth
):
    no = refused(treat, session, site, stock, priya, areas=entries(site, depth))
    assert (no.sentence, no.field) == (
        "A depth runs from 0.10 to 3.00 mm in steps of 0.05.",
        f"depth-{cheeks.pk}",
    )


def test_save_treatment_asks_why_above_the_areas_warning(session, site, stock, priya):
    assert treat(session, site, stock, priya, areas=entries(site, "2.00")).pk
    session.refresh_from_db()
    no = refused(treat, session, site, stock, priya, areas=entries(site, "2.05"))
    assert (str(no), no.field) == (
        "Cheeks: 2.05 mm is deeper than usual (over 2.00 mm). Write why, or go less deep.",
        "depth_reason",
    )
    why = supplies(site, stock, depth_reason="Deep rolling scars, tolerated 2 mm well.")
    assert treat(session, site, stock, priya, areas=entries(site, "2.05"), used=why).depth_reason


def test_save_treatment_asks_why_above_the_devices_label(session, site, stock, priya):
    pen = site.devices[0]
    pen.label_max_mm = Decimal("1.00")
    pen.save()
    no = refused(treat, session, site, stock, priya, areas=entries(site, "1.05"))
    assert no.sentence == "Cheeks: 1.05 mm is deeper than usual (over 1.00 mm)."


@pytest.mark.parametrize(
    ("changed", "code"),
    [
        ({"passes": 0}, "passes_range"),
        ({"passes": 13}, "passes_range"),
        ({"technique": "hop"}, "unknown_choice"),
        ({"endpoint": "blood"}, "unknown_choice"),
    ],
)
def test_save_treatment_refuses_an_entry_that_cannot_be(session, site, stock, priya, changed, code):
    assert refused(treat, session, site, stock, priya, areas=entries(site, **changed)).code == code


def test_save_treatment_refuses_an_area_outside_the_visit(session, site, stock, priya):
    abdomen = people.make_area("abdomen", "Abdomen", 3)
    no = refused(treat, session, site, stock, priya, areas=[AreaEntry(abdomen.pk)])
    assert no.sentence == "Only the areas of this visit can be recorded."


def test_save_treatment_refuses_a_device_elsewhere_or_one_nobody_trained_for(session, site, stock, priya):
    far = make_pen(people.make_location("Far Street"), "Pen 9")
    new = make_pen(site.location, "Pen 2")
    assert refused(treat, session, site, stock, priya, used=supplies(site, stock, device=far)).code == (
        "device_elsewhere"
    )
    no = refused(treat, session, site, stock, priya, used=supplies(site, stock, device=new))
    assert str(no) == "Priya Nair is not trained on Pen 2. Pick another."


def make_pen(location, name):
    pen = Device.objects.create(location=location, name=name, model_name="Fine 3")
    pen.refresh_from_db()
    return pen


@pytest.mark.parametrize("field", ["cartridge_lot", "glide_lot", "finishing_lot"])
def test_save_treatment_refuses_expired_and_wrong_lots(session, site, stock, priya, field):
    assert refused(
        treat, session, site, stock, priya, used=supplies(site, stock, **{field: stock.cream})
    ).field == (field)
    lot = getattr(supplies(site, stock), field)
    lot.expires_on = making.MONDAY
    lot.save()
    session = treat(session, site, stock, priya)
    lot.expires_on -= dt.timedelta(days=1)
    lot.save()
    no = refused(treat, session, site, stock, priya)
    assert (no.code, no.field) == ("expired_lot", field)


def test_save_treatment_refuses_needling_under_the_cream(session, site, stock, priya):
    on = numb(session, stock, priya, at=CREAM_ON, numbing_off_at=None)
    no = refused(treat, on, site, stock, priya, at=NEEDLING, started=True)
    assert str(no) == "Needling starts after the cream is off and removed. Take it off first."


def test_save_treatment_refuses_needling_before_numbing_is_settled(session, site, stock, priya):
    no = refused(treat, session, site, stock, priya, at=NEEDLING, started=True)
    assert no.sentence == "Say first whether numbing cream was used."
    none = records.save_numbing(session, version=1, by=priya, at=CREAM_ON, numbing_used=False)
    assert treat(none, site, stock, priya, at=NEEDLING, started=True).needling_started_at == NEEDLING


def test_save_treatment_corrects_the_times_of_needling(session, site, stock, priya):
    saved = treat(numb(session, stock, priya), site, stock, priya, at=NEEDLING, started=True)
    typed = Needling(NEEDLING - MINUTE, ENDED - MINUTE)
    saved = treat(saved, site, stock, priya, needling=typed)
    assert (saved.needling_started_at, saved.needling_ended_at) == (NEEDLING - MINUTE, ENDED - MINUTE)
    saved = treat(saved, site, stock, priya, needling=Needling())
    assert (saved.needling_started_at, saved.needling_ended_at) == (None, None)
    assert numb(saved, stock, priya, numbing_off_at=CREAM_OFF - MINUTE).needling_started_at is None


@pytest.mark.parametrize(
    ("times", "code", "field", "sentence"),
    [
        ((None, ENDED), "start_missing", "needling_started_at", "Write when needling started."),
        ((ENDED + 2 * MINUTE, None), "time_ahead", "needling_started_at", "This time has not come yet."),
        ((NEEDLING, ENDED + 2 * MINUTE), "time_ahead", "needling_ended_at", "This time has not come yet."),
        (
            (STARTED - 2 * MINUTE, ENDED),
            "before_start",
            "needling_started_at",
            "Needling starts after the visit has started.",
        ),
        (
            (CREAM_OFF - MINUTE, ENDED),
            "cream_on",
            "needling_started_at",
            "Needling starts after the cream is off and removed.",
        ),
        (
            (NEEDLING, NEEDLING - MINUTE),
            "times_reversed",
            "needling_ended_at",
            "Needling ends after it starts.",
        ),
    ],
)
def test_save_treatment_refuses_times_of_needling_that_cannot_be(
    session, site, stock, priya, times, code, field, sentence
):
    numbed = numb(session, stock, priya)
    no = refused(treat, numbed, site, stock, priya, at=ENDED, needling=Needling(*times))
    assert (no.code, no.field, no.sentence) == (code, field, sentence)


def test_needling_does_not_begin_once_the_gate_has_closed(session, site, stock, priya):
    numbed = numb(session, stock, priya)
    treating.screen_today(session.appointment, priya, at=CREAM_ON, PREGNANT=yes())
    no = refused(treat, numbed, site, stock, priya, at=NEEDLING, started=True)
    assert no.code == "screening_stop"
    no = refused(treat, numbed, site, stock, priya, at=ENDED, needling=Needling(NEEDLING, ENDED))
    assert no.code == "screening_stop"


def test_needling_does_not_begin_once_the_consent_is_withdrawn(session, site, stock, priya):
    numbed = numb(session, stock, priya)
    consents.withdraw_consent(session.consent, by=priya, at=CREAM_ON)
    no = refused(treat, numbed, site, stock, priya, at=NEEDLING, started=True)
    assert no.code == "screening_consent_withdrawn"


# Cartridges


def test_a_cartridge_keeps_its_number_when_the_step_is_saved_again(session, site, stock, priya):
    saved = treat(session, site, stock, priya)
    again = treat(saved, site, stock, priya, used=supplies(site, stock, serial="n0001"))
    assert [str(use.unit) for use in again.cartridges.all()] == ["N0001"]
    assert CartridgeUnit.objects.count() == 1


def test_several_cartridges_of_one_visit_are_all_recorded(session, site, stock, priya):
    more = supplies(site, stock, serial="S-7", further=((stock.cartridges, ""), (stock.cartridges, "S-8")))
    saved = treat(session, site, stock, priya, used=more)
    assert sorted(str(use.unit) for use in saved.cartridges.all()) == ["N0001", "S-7", "S-8"]


def test_another_cartridge_takes_the_place_of_a_mistyped_one(session, site, stock, priya):
    saved = treat(session, site, stock, priya, used=supplies(site, stock, serial="S-1"))
    saved = treat(saved, site, stock, priya, used=supplies(site, stock, serial="S-2"))
    assert [str(use.unit) for use in saved.cartridges.all()] == ["S-2"]
    assert list(CartridgeUnit.objects.values_list("serial", flat=True)) == ["S-2"]


def test_a_cartridge_used_on_another_patient_is_refused(session, site, stock, priya, rosa):
    treat(session, site, stock, priya, used=supplies(site, stock, serial="S-1"))
    other = other_session(site, priya, rosa)
    no = refused(treat, other, site, stock, priya, used=supplies(site, stock, serial="s-1"))
    assert (str(no), no.field) == (
        "Cartridge S-1 was already used. One cartridge is for one patient and one visit: open a new one.",
        "serial",
    )
    assert [str(use.unit) for use in treat(other, site, stock, priya).cartridges.all()] == ["N0001"]


def test_a_serial_of_more_than_40_characters_is_refused(session, site, stock, priya):
    no = refused(treat, session, site, stock, priya, used=supplies(site, stock, serial="9" * 41))
    assert no.sentence == "A serial has 40 characters at most."


def other_session(site, priya, rosa):
    """A second patient's record, open beside the first in the other room."""
    patient = making.make_patient(rosa)
    making.screen(patient, site, rosa)
    slots = making.slots_at(site, making.every(35), dt.time(14))
    visit = treating.arrive(patient, site, rosa, slots=slots)
    treating.consent(patient, site, rosa)
    treating.screen_today(visit, priya, at=visit.start)
    return start(visit, priya, at=visit.start + MINUTE)


# Finish, and every save


def test_save_finish_writes_the_step(session, priya):
    said = {"reactions": ["bruise", "hives"], "reaction_note": "Left cheek.", "note": "Calm."}
    saved = finish(session, priya, patient_note="Cool it tonight.", **said)
    saved.refresh_from_db()
    assert {name: getattr(saved, name) for name in records.FINISH_FIELDS} == {
        "pain": 3,
        "redness": 1,
        "swelling": 0,
        "fit_to_leave_at": FINISHED,
        "sharps_disposed": True,
        "patient_note": "Cool it tonight.",
        "limits_reason": "",
        "decision": "",
        "decision_reason": "",
        **said,
    }


@pytest.mark.parametrize(
    ("changed", "sentence"),
    [
        ({"pain": 11}, "Pain runs from 0 to 10."),
        ({"redness": 4}, "Redness and swelling run from 0 to 3."),
        ({"swelling": 4}, "Redness and swelling run from 0 to 3."),
    ],
)
def test_save_finish_refuses_numbers_out_of_range(session, priya, changed, sentence):
    assert refused(finish, session, priya, **changed).sentence == sentence


def test_save_finish_refuses_an_unknown_reaction_and_a_long_note(session, priya):
    assert refused(finish, session, priya, reactions=["glow"]).field == "reactions"
    assert refused(finish, session, priya, patient_note="x" * 201).field == "patient_note"


def test_a_save_from_an_older_page_is_refused_and_says_when_it_was_saved(session, priya):
    finish(session, priya, pain=7, reactions=["bruise"], note="x" * 41)
    no = refused(finish, session, priya, pain=3, patient_note="Cool it.", note="")
    assert (no.code, no.status, str(no)) == (
        "stale_record",
        409,
        "This record was saved elsewhere at 11:02:00. It says: worst pain (0–10): 7; reactions: bruise; "
        "note for the patient's sheet: nothing; note for the record. "
        "Nothing of yours is saved yet. Load the record and compare.",
    )


def test_a_late_save_of_another_step_has_nothing_that_differs(session, stock, priya):
    saved = numb(session, stock, priya)
    numb(saved, stock, priya)
    no = refused(records.save_numbing, saved, version=1, by=priya, at=CREAM_OFF, **treating.cream(stock))
    assert no.sentence == "This record was saved elsewhere at 10:40:00."


def test_a_late_save_of_the_treatment_names_supplies_and_areas(session, site, stock, priya):
    treat(session, site, stock, priya, areas=entries(site)[:1])
    other = supplies(site, stock, skin_prep="Soap", stopped_early=True)
    no = refused(treat, session, site, stock, priya, areas=entries(site, "1.25"), used=other)
    assert no.sentence == (
        "This record was saved elsewhere at 11:00:00. It says: skin preparation: Chlorhexidine wipe; "
        "stopped early: no; cheeks: 1.50 mm, 4 passes, glide, pinpoint bleeding; chin: nothing."
    )


@pytest.mark.parametrize("who", ["rosa", "mona"])
def test_saves_are_for_practitioners(session, site, stock, who, request):
    by = request.getfixturevalue(who)
    assert refused(numb, session, stock, by).code == "role"
    assert refused(treat, session, site, stock, by).code == "role"
    assert refused(finish, session, by).code == "role"


def test_last_time_finds_the_newest_signed_settings_of_each_area(session, site, stock, priya, cheeks, chin):
    treating.approve_texts(priya.practitioner)
    areas = [cheeks.pk, chin.pk]
    assert last_time(session.patient, areas, FINISHED).session is None
    signed = treating.sign(treating.complete(session, site, stock, priya), priya)
    later = last_time(session.patient, areas, FINISHED)
    assert later.session == signed
    assert {pk: link.depth_mm for pk, link in later.areas.items()} == dict.fromkeys(areas, Decimal("1.50"))
    assert last_time(session.patient, areas, signed.started_at).areas == {}
