"""Finding patients, and who may be the same person."""

import datetime as dt

import pytest
from django.db import connection

from patients import duplicates, intake, queries
from tests.kept import kept
from tests.patients.conftest import AMARA


@kept
def people_on_file(rosa):
    """Five patients; two share a family name."""
    rows = [
        ("Amara", "Osei", dt.date(1992, 3, 14), "+442079460911"),
        ("Đặng Thị", "Łucja", dt.date(1980, 1, 1), ""),
        ("Joanna", "Petrenko", dt.date(1987, 1, 21), "+447911123456"),
        ("Joan", "Osei", dt.date(1960, 12, 7), ""),
        ("María José", "Núñez", dt.date(1999, 2, 2), ""),
    ]
    for given, family, born, phone in rows:
        details = {"given_name": given, "family_name": family, "birth_date": born, "phone": phone}
        intake.register_patient(details=details, by=rosa, passed_by=None)


@pytest.mark.parametrize(
    ("text", "names"),
    [
        ("osei", ["Osei Amara", "Osei Joan"]),
        ("OSEI amara", ["Osei Amara"]),
        ("ama ose", ["Osei Amara"]),
        ("dang", ["Łucja Đặng Thị"]),
        ("lucja thi", ["Łucja Đặng Thị"]),
        ("nunez maria", ["Núñez María José"]),
        ("oesi", ["Osei Amara", "Osei Joan"]),
        ("petrenco", ["Petrenko Joanna"]),
        ("pertenco joana", ["Petrenko Joanna"]),
        ("7946 0911", ["Osei Amara"]),
        ("020 7946 0911", ["Osei Amara"]),
        ("+44 7911 123456", ["Petrenko Joanna"]),
        ("07911-123456", ["Petrenko Joanna"]),
        ("14 Mar 1992", ["Osei Amara"]),
        ("14/03/1992", ["Osei Amara"]),
        ("14/3/92", ["Osei Amara"]),
        ("osei 7.12.60", ["Osei Joan"]),
        ("7/12/20", []),
        ("1992-03-14", ["Osei Amara"]),
        ("7 December 1960", ["Osei Joan"]),
        ("osei 7/12/1960", ["Osei Joan"]),
        ("amara 7/12/1960", []),
        ("smith", []),
        ("", []),
        ("   ", []),
        ("%", []),
        ("'; drop table", []),
        ("\x00", []),
        ("31/02/1990", []),
    ],
)
def test_search_patients_finds(people_on_file, text, names):
    found = queries.search_patients(text)
    assert [f"{one.family_name} {one.given_name}" for one in found] == names


@pytest.mark.parametrize(
    "name", ["Osei", "Amara", "Berger", "Petrova", "Petrenko", "Andersson", "Oglubergen"]
)
def test_search_patients_forgives_every_single_typing_error(rosa, name):
    patient = intake.register_patient(details=AMARA | {"family_name": name, "phone": ""}, by=rosa)
    word = name.lower()
    wrong = {word[:place] + word[place + 1 :] for place in range(len(word))}
    wrong |= {word[:place] + "x" + word[place:] for place in range(len(word) + 1)}
    wrong |= {word[:place] + "x" + word[place + 1 :] for place in range(len(word))}
    wrong |= {
        word[:place] + word[place + 1] + word[place] + word[place + 2 :] for place in range(len(word) - 1)
    }
    assert [typed for typed in sorted(wrong) if patient not in queries.search_patients(typed)] == []


@pytest.mark.parametrize(
    ("text", "near"),
    [
        ("osei", False),
        ("oesi", True),
        ("pertenco joana", True),
        ("osei 7.12.60", False),
        ("020 7946 0911", False),
        ("smith", False),
        ("  ", False),
    ],
)
def test_find_patients_says_when_they_fit_only_nearly(people_on_file, text, near):
    found = queries.find_patients(text)
    assert (found.near, found.patients) == (near, queries.search_patients(text))


def test_search_patients_finds_a_record_number(amara):
    assert queries.search_patients(amara.record_number.lower()) == [amara]


def test_search_patients_shows_20_at_most(rosa):
    for number in range(22):
        details = AMARA | {"family_name": "Osei" + "abcdefghijklmnopqrstuvw"[number], "phone": ""}
        intake.register_patient(details=details, by=rosa, passed_by=None)
    assert len(queries.search_patients("osei")) == 20


def test_search_patients_can_use_the_trigram_index(amara):
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL enable_seqscan = off")
        cursor.execute("EXPLAIN SELECT id FROM patients_patient WHERE search_text LIKE '%osei%'")
        plan = "\n".join(row[0] for row in cursor.fetchall())
    assert "patient_search" in plan


@pytest.mark.parametrize(
    ("changed", "why"),
    [
        ({}, "same name, same birth date, same phone"),
        ({"phone": ""}, "same name, same birth date"),
        ({"phone": "", "birth_date": dt.date(1950, 1, 1)}, "same name"),
        ({"given_name": "Osei", "family_name": "Amara", "phone": ""}, "same name, same birth date"),
        ({"family_name": "Osie", "phone": ""}, "similar name, same birth date"),
        ({"given_name": "Someone", "family_name": "Else", "birth_date": dt.date(1950, 1, 1)}, "same phone"),
    ],
)
def test_possible_duplicates_say_why(amara, changed, why):
    assert [(one.patient, one.why) for one in duplicates.possible_duplicates(AMARA | changed)] == [
        (amara, why)
    ]


@pytest.mark.parametrize(
    "changed",
    [
        {"given_name": "Someone", "family_name": "Else", "phone": ""},
        {"family_name": "Osie", "phone": "", "birth_date": dt.date(1950, 1, 1)},
    ],
)
def test_possible_duplicates_leave_strangers_out(amara, changed):
    assert duplicates.possible_duplicates(AMARA | changed) == []


def test_possible_duplicates_leave_the_patient_out(amara):
    assert duplicates.possible_duplicates(AMARA, other_than=amara.pk) == []
