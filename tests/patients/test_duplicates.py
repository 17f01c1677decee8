"""How many second files are seen as they are typed, and how seldom somebody else is taken for one (H25)."""

import datetime as dt
import random

import pytest

from clinic import clock
from patients.duplicates import possible_duplicates, possible_pairs
from patients.folding import fold
from patients.intake import register_patient
from patients.likeness import likeness, nearby_days, person
from patients.models import PairNote, Patient, PatientMerge
from patients.pairs import compare_files
from planner.merging import note_pair
from tests.kept import kept
from tests.patients.likely import WAYS, somebody

PEOPLE = 1000


def invented(seed=25):
    """A thousand people."""
    dice = random.Random(seed)  # noqa: S311
    return [somebody(dice) for _ in range(PEOPLE)]


@kept
def on_file(rosa):
    """They are on file."""
    people = invented()
    Patient.objects.bulk_create(
        Patient(
            **one,
            record_number=f"NP-{number}",
            sort_name=fold(f"{one['family_name']} {one['given_name']}"),
            search_text=fold(f"{one['given_name']} {one['family_name']}"),
            location=rosa.location,
            created_by=rosa,
        )
        for number, one in enumerate(people)
    )


def twice():
    """Every person with the same one as typed a second time."""
    dice, people = random.Random(2025), invented()  # noqa: S311
    return [(who, WAYS[number % len(WAYS)](who, dice)) for number, who in enumerate(people)]


def test_of_a_thousand_second_files_nearly_all_look_like_the_first():
    missed = [other for one, other in twice() if not likeness(*(person(**who) for who in (one, other)))]
    assert len(missed) <= PEOPLE * 0.05


@pytest.mark.sweep
def test_second_files_are_found_among_a_thousand_and_none_is_merged(on_file):
    missed = []
    for number, (_, other) in list(enumerate(twice()))[::9]:  # 9 and the 7 ways have no common divisor
        found = [one.patient.record_number for one in possible_duplicates(other)]
        missed += [other] if f"NP-{number}" not in found else []
    assert len(missed) <= PEOPLE / 9 * 0.05
    assert Patient.objects.filter(merged_into=None).count() == PEOPLE
    assert not PatientMerge.objects.exists()


@pytest.mark.sweep
def test_somebody_else_is_seldom_taken_for_one_on_file(on_file):
    others = invented(seed=7)[:150]
    taken = [who for who in others if possible_duplicates(who)]
    assert len(taken) <= len(others) * 0.04


@pytest.mark.parametrize(
    ("one", "other", "why"),
    [
        (("Ana", "Ruiz"), ("ANA", "Rúiz"), ["same name"]),
        (("Ana", "Ruiz"), ("Ruiz", "Ana"), ["same name"]),
        (("Ana", "Ruiz"), ("Anna", "Ruiz"), ["similar name", "same birth date"]),
        (("Ana Lucia", "Ruiz"), ("Ana", "Ruiz"), ["similar name", "same birth date"]),
        (("Ana", "Ruiz"), ("Ana", "Berg"), ["same first name", "same birth date"]),
        (("Ana", "Ruiz"), ("Nita", "Ruiz"), ["same last name", "same birth date"]),
        (("Ana", "Ruiz"), ("Carl", "Berg"), []),
        (("", ""), ("", ""), ["same name"]),
    ],
)
def test_likeness_says_why(one, other, why):
    born = dt.date(1980, 5, 4)
    people = [person(*name, born, "", "") for name in (one, other)]
    said = likeness(*people)
    assert said == likeness(*reversed(people))
    assert said == (["same name", "same birth date"] if why == ["same name"] else why)


def test_nearby_days_are_one_slip_away():
    day = dt.date(1992, 3, 14)
    assert {dt.date(1992, 3, 4), dt.date(1929, 3, 14), dt.date(1992, 3, 15)} <= nearby_days(day)
    assert dt.date(1987, 6, 11) in nearby_days(dt.date(1987, 11, 6))
    assert day not in nearby_days(day) and dt.date(1985, 6, 20) not in nearby_days(day)


# The list of pairs


def test_pairs_are_listed_until_somebody_says_they_are_two_people(rosa, amara, joanna):
    assert possible_pairs() == []
    joanna.phone = amara.phone
    joanna.save()
    assert [(one.first, one.second, one.why) for one in possible_pairs()] == [(amara, joanna, "same phone")]
    note_pair(joanna, amara, said="different", by=rosa)
    assert possible_pairs() == []
    note_pair(amara, joanna, said="same", by=rosa)
    assert [(one.is_proposed, one.note.by) for one in possible_pairs()] == [(True, rosa)]
    assert PairNote.objects.count() == 1


def test_files_are_compared_at_night_and_new_ones_at_once(rosa, amara, joanna):
    Patient.objects.filter(pk=joanna.pk).update(phone="+447911123456")
    Patient.objects.filter(pk=amara.pk).update(phone="+447911123456")
    night = clock.now() + dt.timedelta(hours=1)
    assert compare_files(night) is True
    assert compare_files(night) is False  # once a day
    assert [(one.first, one.second, one.why) for one in possible_pairs()] == [(amara, joanna, "same phone")]
    Patient.objects.filter(pk=joanna.pk).update(phone="+447911123457")
    assert possible_pairs() == []  # a pair found at night is looked at again before it is shown
    details = {"given_name": "Rea", "family_name": "Bo", "birth_date": dt.date(1950, 2, 3)}
    fresh = register_patient(details=details | {"phone": "+447911123457"}, by=rosa, passed_by=None)
    assert [(one.first, one.second) for one in possible_pairs()] == [(joanna, fresh)]
    note_pair(joanna, fresh, said="different", by=rosa)
    assert possible_pairs() == []


def test_pairs_take_four_queries(on_file, django_assert_num_queries):
    with django_assert_num_queries(4):
        pairs = possible_pairs()
    assert len(pairs) > 3
