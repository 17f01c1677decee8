"""The gates to booking and start as read from the rows, and what lists say."""

import datetime as dt

import pytest

from clinic import clock
from clinic.refusals import Refusal
from patients import consents, intake, screenings
from patients.gates import Safety
from tests import people
from tests.patients.conftest import AMARA, NOT_SURE, make_text, yes

DAY, MINUTE = dt.timedelta(days=1), dt.timedelta(minutes=1)
NBSP = "\u00a0"


@pytest.fixture
def gate(cheeks, chin, today):
    """The booking gate of both areas today."""

    def ask(patient, areas=None, on=None):
        return screenings.booking_gate_for(patient, areas=areas or [cheeks.pk, chin.pk], on=on or today)

    return ask


def test_booking_gate_of_a_patient_who_was_never_screened_is_closed(amara, gate, priya):
    closed = gate(amara)
    assert (closed.is_open, closed.screening_id, closed.earliest_on) == (False, None, None)
    assert closed.reasons == ("Not screened: cheeks and chin. Screen first.",)
    with pytest.raises(Refusal) as refused:
        screenings.refuse_closed_gate(closed, priya)
    assert refused.value.code == "screening_not_screened"


def test_booking_gate_opens_on_a_clear_screen(screen, amara, gate, today):
    saved = screen(amara)
    found = gate(amara)
    assert (found.is_open, found.screening_id, found.earliest_on) == (True, saved.pk, today)
    screenings.refuse_closed_gate(found, None)


def test_booking_gate_accepts_areas_as_rows_or_keys(screen, amara, gate, cheeks):
    screen(amara)
    assert gate(amara, areas=[cheeks]) == gate(amara, areas=[cheeks.pk])


def test_booking_gate_of_a_dated_deferral_is_its_earliest_day(screen, amara, gate, today):
    screen(amara, HAIR_REMOVAL_RECENT=yes(removed_on=today))
    assert (gate(amara).is_open, gate(amara).earliest_on) == (True, today + 7 * DAY)


@pytest.mark.parametrize(
    ("given", "code"),
    [
        ({"PREGNANT": yes()}, "stop"),
        ({"PREGNANT": NOT_SURE}, "not_sure"),
        ({"ACNE_ACTIVE": yes()}, "open_deferral"),
        ({"EPILEPSY": yes()}, "undecided"),
        ({"EPILEPSY": NOT_SURE}, "undecided"),
    ],
)
def test_booking_gate_closes_on(screen, amara, gate, given, code):
    screen(amara, **given)
    assert gate(amara).codes == (code,)
    with pytest.raises(Refusal) as refused:
        screenings.refuse_closed_gate(gate(amara), None)
    assert refused.value.code == f"screening_{code}"


def test_booking_gate_needs_every_review_decided(screen, amara, priya, gate):
    saved = screen(amara, EPILEPSY=yes(), WOUND_HEALING=yes())
    first, second = saved.findings.all()
    screenings.decide_finding(first, choice="accept", reason="Fine.", conditions="Sit\nWait", by=priya)
    assert gate(amara).codes == ("undecided",)
    screenings.decide_finding(second, choice="accept", reason="Fine.", by=priya)
    assert (gate(amara).is_open, gate(amara).conditions) == (True, ("Sit", "Wait"))


def test_booking_gate_after_a_decision_to_defer_or_decline(screen, amara, joanna, priya, gate, today):
    finding = screen(amara, EPILEPSY=yes()).findings.get()
    screenings.decide_finding(finding, choice="defer", reason="Later.", until=today + 9 * DAY, by=priya)
    finding = screen(joanna, EPILEPSY=yes()).findings.get()
    screenings.decide_finding(finding, choice="decline", reason="No.", by=priya)
    assert (gate(amara).is_open, gate(amara).earliest_on) == (True, today + 9 * DAY)
    assert gate(joanna).codes == ("declined",)


@pytest.mark.parametrize("choice", ["decline", "defer"])
def test_booking_gate_of_a_review_turned_down_stays_closed_after_another_answer(
    screen, amara, priya, gate, today, choice
):
    until = today + 9 * DAY if choice == "defer" else None
    finding = screen(amara, EPILEPSY=yes()).findings.get()
    screenings.decide_finding(finding, choice=choice, reason="Not now.", until=until, by=priya)
    again = screen(amara).findings.get()
    assert (again.code, again.outcome) == ("EPILEPSY", "review")
    assert gate(amara).codes == ("undecided",)
    screenings.decide_finding(again, choice="accept", reason="A letter came.", by=priya)
    assert gate(amara).is_open
    assert not screen(amara, at=clock.now() + 6 * MINUTE).findings.exists()


def test_booking_gate_of_a_review_deferred_opens_when_its_day_has_come(screen, amara, priya, gate, today):
    finding = screen(amara, EPILEPSY=yes()).findings.get()
    screenings.decide_finding(finding, choice="defer", reason="Later.", until=today + 9 * DAY, by=priya)
    later = clock.now() + 9 * DAY
    assert not screen(amara, at=later).findings.exists()


def test_booking_gate_of_a_cleared_stop_needs_a_decision(screen, amara, priya, gate, today):
    finding = screen(amara, PREGNANT=yes()).findings.get()
    screenings.clear_finding(finding, happened_on=today, note="Letter.", by=priya)
    assert gate(amara).codes == ("undecided",)
    screenings.decide_finding(finding, choice="accept", reason="Fine.", by=priya)
    assert gate(amara).is_open


def test_booking_gate_of_a_cleared_deferral_opens(screen, amara, priya, gate, today):
    finding = screen(amara, ACNE_ACTIVE=yes()).findings.get()
    screenings.clear_finding(finding, happened_on=today, note="Clear.", by=priya)
    assert gate(amara).is_open


def test_booking_gate_is_open_for_the_free_area_only(screen, amara, gate, cheeks, chin):
    screen(amara, ACNE_ACTIVE=yes(areas=["chin"]))
    assert (gate(amara, [cheeks]).is_open, gate(amara, [chin]).is_open) == (True, False)


def test_booking_gate_wants_one_newest_screen_of_all_areas(screen, amara, gate, cheeks, chin):
    screen(amara, areas=[cheeks, chin])
    screen(amara, areas=[cheeks])
    assert gate(amara).codes == ("area_not_screened",)


def test_booking_gate_counts_what_a_newer_screen_of_other_areas_says_of_the_person(
    screen, amara, gate, cheeks, chin
):
    screen(amara, areas=[cheeks])
    screen(amara, areas=[chin], EPILEPSY=yes(), PREGNANT=yes())
    assert set(gate(amara, [cheeks]).codes) == {"stop", "undecided"}


def test_booking_gate_keeps_what_was_said_of_an_area_when_another_area_is_screened(
    screen, amara, gate, cheeks, chin, today
):
    screen(amara, areas=[cheeks], BOTOX_RECENT=yes(injected_on=today))
    screen(amara, areas=[chin])
    assert gate(amara, [cheeks]).earliest_on == today + 14 * DAY


def test_booking_gate_takes_the_decision_from_where_the_answer_came(screen, amara, priya, gate, cheeks, chin):
    screen(amara, areas=[cheeks], EPILEPSY=yes())
    newer = screen(amara, areas=[chin], EPILEPSY=yes())
    screenings.decide_finding(newer.findings.get(), choice="accept", reason="Fine.", by=priya)
    assert gate(amara, [cheeks]).is_open


def test_booking_gate_closes_after_30_days(screen, amara, gate, today):
    screen(amara)
    assert gate(amara, on=today + 30 * DAY).is_open
    assert gate(amara, on=today + 31 * DAY).codes == ("too_old",)


def test_booking_gate_keeps_the_rules_a_screen_was_judged_by(screen, amara, priya, gate):
    screen(amara)
    people.make_rule_set(approved_by=priya.practitioner, number=2)
    assert gate(amara).is_open


@pytest.fixture
def start(acne_scars, cheeks, chin, today):
    """The start gate of both areas today."""

    def ask(patient, **kwargs):
        return screenings.start_gate_for(
            patient, indication=acne_scars, areas=[cheeks, chin], on=today, **kwargs
        )

    return ask


def test_start_gate_names_the_screening_and_the_consent(screen, amara, priya, consent_text, start, today):
    saved = screen(amara, stage="visit")
    signed = consents.record_consent(amara, text=consent_text, method="paper", by=priya)
    found = start(amara)
    assert (found.is_open, found.screening, found.consent) == (True, saved, signed)


def test_start_gate_of_yesterday_is_closed(screen, amara, priya, consent_text, start):
    screen(amara, stage="visit", at=clock.now() - DAY)
    consents.record_consent(amara, text=consent_text, method="paper", by=priya)
    assert start(amara).codes == ("not_today",)


def test_start_gate_of_a_screen_for_booking_is_closed(screen, amara, priya, consent_text, start):
    screen(amara)
    consents.record_consent(amara, text=consent_text, method="paper", by=priya)
    assert start(amara).codes == ("stage_missing",)


def test_start_gate_wants_the_skin_type_on_file_but_booking_does_not(
    screen, rosa, priya, consent_text, gate, start
):
    patient = intake.register_patient(details=AMARA | {"phototype": None}, by=rosa)
    screen(patient, stage="visit")
    consents.record_consent(patient, text=consent_text, method="paper", by=priya)
    assert (gate(patient).codes, start(patient).codes) == (("unanswered",), ("unanswered",))
    screen(patient, VASOVAGAL=yes())
    assert gate(patient).is_open
    intake.edit_patient(patient, details={"phototype": 2}, version=1, by=rosa)
    screen(patient, stage="visit")
    assert start(patient).is_open


def test_start_gate_without_a_screen_or_consent_is_closed(screen, amara, start):
    assert start(amara).codes == ("not_screened",)
    screen(amara, stage="visit")
    assert start(amara).codes == ("consent_missing",)


def test_start_gate_wants_an_earlier_consent_read_again(screen, amara, priya, consent_text, start, today):
    screen(amara, stage="visit")
    consents.record_consent(amara, text=consent_text, method="paper", by=priya, at=clock.now() - 40 * DAY)
    assert start(amara).codes == ("consent_not_read",)
    assert start(amara, consent_read_on=today).is_open


def test_start_gate_closes_on_a_withdrawn_consent_and_on_an_old_text(
    screen, amara, joanna, priya, acne_scars, consent_text, start
):
    screen(amara, stage="visit")
    screen(joanna, stage="visit")
    for patient in (amara, joanna):
        consents.record_consent(patient, text=consent_text, method="paper", by=priya)
    consents.withdraw_consent(consents.current_consent(amara, acne_scars), by=priya)
    make_text(acne_scars, priya, number=2)
    assert start(amara).codes == ("consent_withdrawn",)
    assert start(joanna).codes == ("consent_old_text",)


def test_start_gate_closes_on_a_deferral_beyond_today_and_a_blocked_agent(
    screen, amara, priya, consent_text, start, today
):
    saved = screen(
        amara,
        stage="visit",
        HAIR_REMOVAL_RECENT=yes(removed_on=today),
        ALLERGY_ANAESTHETIC=yes(agent="lidocaine"),
    )
    finding = saved.findings.get(code="ALLERGY_ANAESTHETIC")
    screenings.decide_finding(finding, choice="accept", reason="Without numbing.", by=priya)
    consents.record_consent(amara, text=consent_text, method="paper", by=priya)
    assert start(amara).codes == ("deferred",)
    assert set(start(amara, agents=["lidocaine"]).codes) == {"deferred", "agent_blocked"}


def test_safety_of_says_one_state_and_line_per_patient(screen, amara, joanna, rosa, today):
    states = {}
    for number, given in enumerate(
        [
            {},
            {"LIVER_DISEASE": yes()},
            {"HAIR_REMOVAL_RECENT": yes(removed_on=today)},
            {"ACNE_ACTIVE": yes()},
            {"EPILEPSY": yes()},
            {"PREGNANT": yes(), "EPILEPSY": yes()},
        ]
    ):
        details = AMARA | {"family_name": "abcdef"[number] * 5, "phone": ""}
        patient = intake.register_patient(details=details, by=rosa, passed_by=None)
        screen(patient, **given)
        states[number] = patient.pk
    found = screenings.safety_of([*states.values(), joanna.pk], today)
    day = (today + 7 * DAY).strftime(f"%a{NBSP}{(today + 7 * DAY).day}{NBSP}%b{NBSP}%Y")
    assert {number: (found[pk].state, found[pk].words) for number, pk in states.items()} == {
        0: ("cleared", "Cleared"),
        1: ("cleared", "Cleared with changes"),
        2: ("deferred", f"Deferred until {day}"),
        3: (
            "deferred",
            "Deferred: active acne in the area (cheeks and chin). "
            "A practitioner examines the area and records it clear.",
        ),
        4: ("decision", "Needs decision: epilepsy or fits. A practitioner decides."),
        5: ("unsuitable", "Not suitable: pregnant. The end of the pregnancy is recorded."),
    }
    assert found[joanna.pk] == Safety("missing", "Not screened")


def test_safety_of_takes_as_many_queries_for_three_as_for_one(
    screen, amara, joanna, today, django_assert_max_num_queries
):
    screen(amara)
    screen(joanna, EPILEPSY=yes())
    with django_assert_max_num_queries(6):
        screenings.safety_of([amara.pk], today)
    with django_assert_max_num_queries(6):
        screenings.safety_of([amara.pk, joanna.pk, 0], today)


def test_safety_of_an_old_screen_is_missing_but_an_old_pregnancy_is_not(screen, amara, joanna, today):
    screen(amara)
    screen(joanna, PREGNANT=yes())
    later = screenings.safety_of([amara.pk, joanna.pk], today + 60 * DAY)
    assert (later[amara.pk].state, later[joanna.pk].state) == ("missing", "unsuitable")


def test_safety_why_leaves_the_state_out():
    assert Safety("unsuitable", "Not suitable: pregnant. It ends.").why == "Pregnant. It ends."
    assert Safety("missing", "Not screened").why == "Not screened"
