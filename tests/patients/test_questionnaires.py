"""The questions on the phone: kept one by one, sent in once, confirmed at the visit."""

import datetime as dt

import pytest
from django.db import IntegrityError, connection, transaction

from clinic import clock
from clinic.refusals import Refusal
from patients import links, questionnaires, screenings
from patients.models import Questionnaire, Screening
from patients.screening.model import Answer
from patients.screening.terms import Reply
from tests import people
from tests.kept import kept
from tests.patients.conftest import NO, answers, yes
from tests.refusing import at_once

DAY = dt.timedelta(days=1)


@kept
def asked(amara, rosa, rule_set, acne_scars, cheeks, chin):
    """Questions that wait on Amara's phone."""
    return questionnaires.ask_by_link(amara, indication=acne_scars, areas=[cheeks, chin], by=rosa)


@pytest.fixture
def link(amara, rosa):
    """Her link."""
    return links.create_link(amara, purpose="screening", by=rosa)


def keep(asked, code, answer=NO, seen=0):
    """Keep one answer."""
    return questionnaires.keep_answer(asked, code=code, answer=answer, seen=seen)


def answer_all(asked, **given):
    """Answer every question."""
    for code, answer in answers(**given).items():
        keep(asked, code, answer)


def code_of(call, *args, **kwargs):
    with pytest.raises(Refusal) as caught:
        call(*args, **kwargs)
    return caught.value.code


def exam():
    """No to the whole examination."""
    booking = answers("booking")
    return {code: answer for code, answer in answers("visit").items() if code not in booking}


def test_ask_by_link_takes_earlier_questions_back(asked, amara, rosa, acne_scars, chin):
    keep(asked, "PREGNANT")
    newer = questionnaires.ask_by_link(amara, indication=acne_scars, areas=[chin], by=rosa)
    asked.refresh_from_db()
    assert (asked.dropped_at is not None, asked.answers, newer.answers) == (True, {}, {})
    assert code_of(keep, asked, "PREGNANT") == "taken_back"


def test_ask_by_link_refuses_the_manager_and_no_area(amara, rosa, mona, rule_set, acne_scars, chin):
    ask = questionnaires.ask_by_link
    assert code_of(ask, amara, indication=acne_scars, areas=[chin], by=mona) == "role"
    assert code_of(ask, amara, indication=acne_scars, areas=[], by=rosa) == "areas_missing"


def test_the_database_keeps_one_open_questionnaire_for_a_patient(asked, amara, rosa, rule_set, acne_scars):
    made = {"patient": amara, "rule_set": rule_set, "indication": acne_scars, "created_by": rosa}
    with pytest.raises(IntegrityError, match="a_patient_has_one_open_questionnaire"), transaction.atomic():
        Questionnaire.objects.create(**made, created_at=clock.now())


def test_keep_answer_is_there_when_the_patient_comes_back(asked):
    keep(asked, "SUNBURN", yes(["chin"], burnt_on=dt.date(2026, 11, 1)))
    again = Questionnaire.objects.get()
    assert questionnaires.answers_of(again) == {"SUNBURN": yes(["chin"], burnt_on=dt.date(2026, 11, 1))}


def test_keep_answer_of_two_people_at_once_keeps_the_first_and_says_so(asked):
    keep(asked, "PREGNANT", yes())
    assert code_of(keep, asked, "PREGNANT", NO) == "answered_elsewhere"
    asked.refresh_from_db()
    assert questionnaires.answers_of(asked) == {"PREGNANT": yes()}
    keep(asked, "PREGNANT", NO, seen=questionnaires.revision_of(asked, "PREGNANT"))


def test_two_people_may_answer_different_questions(asked):
    keep(asked, "PREGNANT")
    keep(asked, "EPILEPSY")
    asked.refresh_from_db()
    assert len(asked.answers) == 2


@pytest.mark.parametrize(
    ("code", "answer"),
    [
        ("ORBITAL_RIM", NO),
        ("AGE_UNDER_18", NO),
        ("NO_SUCH_RULE", NO),
        ("PREGNANT", yes(weeks="12")),
        ("SUNBURN", Answer(Reply.YES, {"burnt_on": "soon"})),
    ],
)
def test_keep_answer_takes_only_what_is_asked(asked, code, answer):
    assert code_of(keep, asked, code, answer) == "no_such_question"


def test_send_in_makes_the_screening_that_the_staff_would_make(asked, link, amara, screen):
    answer_all(asked, PREGNANT=yes())
    by_phone = questionnaires.send_in(asked, link=link)
    by_staff = screen(amara, PREGNANT=yes())
    for field in ("outcome", "earliest_on", "rule_set", "stage", "indication", "answered_on"):
        assert getattr(by_phone, field) == getattr(by_staff, field)
    found = [sorted(one.findings.values_list("code", "outcome")) for one in (by_phone, by_staff)]
    assert found[0] == found[1]
    assert (by_phone.answered_by, by_phone.link, by_phone.answered_with) == (
        None,
        link,
        "the patient’s phone",
    )


def test_send_in_twice_is_one_screening(asked, link):
    answer_all(asked)
    first, second = (questionnaires.send_in(asked, link=link) for _ in range(2))
    assert (first, Screening.objects.count()) == (second, 1)
    assert code_of(keep, asked, "PREGNANT", yes()) == "sent_already"
    asked.refresh_from_db()
    assert asked.answers == {}  # they are in the screening now, where the rights of answers hold


def test_send_in_refuses_open_questions(asked, link):
    keep(asked, "PREGNANT")
    assert code_of(questionnaires.send_in, asked, link=link) == "unanswered"
    asked.refresh_from_db()
    assert (asked.screening, len(asked.answers)) == (None, 1)


def test_send_in_of_an_older_version_asks_to_look_again_and_keeps_what_fits(asked, link, priya):
    from dataclasses import replace

    from patients.screening.table import SHIPPED

    answer_all(asked)
    rules = tuple(
        replace(rule, question="Are you ill today?") if rule.code == "SYSTEMIC_ILLNESS" else rule
        for rule in SHIPPED.rules
    )
    newer = people.make_rule_set(priya.practitioner, number=2, rules=replace(SHIPPED, rules=rules))
    assert code_of(questionnaires.send_in, asked, link=link) == "older_version"
    asked.refresh_from_db()
    assert asked.rule_set == newer
    assert set(answers()) - set(asked.answers) == {"SYSTEMIC_ILLNESS"}
    keep(asked, "SYSTEMIC_ILLNESS")
    assert questionnaires.send_in(asked, link=link).rule_set == newer


def test_answers_from_the_phone_open_the_booking(asked, link, amara, cheeks, today):
    answer_all(asked)
    questionnaires.send_in(asked, link=link)
    assert screenings.booking_gate_for(amara, areas=[cheeks], on=today).is_open


def test_a_day_not_known_holds_the_booking(asked, link, amara, cheeks, today):
    answer_all(asked, BOTOX_RECENT=yes())
    questionnaires.send_in(asked, link=link)
    assert not screenings.booking_gate_for(amara, areas=[cheeks], on=today).is_open


def test_answers_from_the_phone_alone_start_nothing(asked, link, amara, acne_scars, cheeks, today):
    answer_all(asked)
    questionnaires.send_in(asked, link=link)
    gate = screenings.start_gate_for(amara, indication=acne_scars, areas=[cheeks], on=today)
    assert "stage_missing" in gate.codes


def test_confirm_screening_is_a_new_row_that_points_to_the_phone(asked, link, priya, today):
    answer_all(asked, MOLE_RAISED=yes())
    phone = questionnaires.send_in(asked, link=link)
    made = questionnaires.confirm_screening(phone, answers=exam(), by=priya)
    assert (made.confirms, made.stage, made.answered_by, made.link) == (phone, "visit", priya, None)
    assert (made.outcome, made.answered_on) == ("modify", today)
    assert made.answers.count() == phone.answers.count() + len(exam())


def test_confirm_screening_takes_answers_of_three_days_at_most(asked, link, priya):
    answer_all(asked)
    phone = questionnaires.send_in(asked, link=link)
    noon = clock.now().replace(hour=12)
    late = {"answers": exam(), "by": priya, "at": noon + 4 * DAY}
    assert code_of(questionnaires.confirm_screening, phone, **late) == "phone_too_old"
    assert questionnaires.confirm_screening(phone, answers=exam(), by=priya, at=noon + 3 * DAY)


def test_confirm_screening_refuses_the_desk_and_a_newer_screening(asked, link, amara, rosa, priya, screen):
    answer_all(asked)
    phone = questionnaires.send_in(asked, link=link)
    assert code_of(questionnaires.confirm_screening, phone, answers=exam(), by=rosa) == "role"
    staff = screen(amara, at=clock.now() + dt.timedelta(minutes=10))
    assert code_of(questionnaires.confirm_screening, phone, answers=exam(), by=priya) == "newer_screening"
    assert code_of(questionnaires.confirm_screening, staff, answers=exam(), by=priya) == "not_from_phone"


def test_the_database_ties_a_phone_screening_to_its_own_patient(asked, link, joanna, rule_set, acne_scars):
    at = clock.now()
    made = {"rule_set": rule_set, "indication": acne_scars, "stage": "booking", "outcome": "clear"}
    with pytest.raises(IntegrityError, match="screening_link_same_patient"), transaction.atomic():
        Screening.objects.create(patient=joanna, link=link, answered_at=at, answered_on=at.date(), **made)
        with connection.cursor() as cursor:
            cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
    with pytest.raises(IntegrityError, match="a_screening_is_answered_with_staff"), transaction.atomic():
        Screening.objects.create(patient=joanna, answered_at=at, answered_on=at.date(), **made)


@pytest.mark.django_db(transaction=True)
def test_sent_by_two_at_once_is_one_screening(asked, link):
    answer_all(asked)
    told = at_once(*[lambda: questionnaires.send_in(asked, link=link).pk] * 4)
    assert len(set(told)) == 1
