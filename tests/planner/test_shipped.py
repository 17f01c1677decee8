"""The shipped defaults: loaded once, as drafts, with the numbers of a table typed by hand."""

from decimal import Decimal

import pytest
from django.core.management import call_command

from clinic.models import Indication, Product, TreatmentArea
from clinic.shipped.consents import INDICATIONS, consent_body
from patients.models import ConsentText, Rule, RuleSet
from patients.screening.rows import rule_from_row
from patients.screening.table import RULES
from planner.aftercare_texts import blocks_of
from planner.engine.aftercare.claims import claims_in
from planner.engine.aftercare.reading import measure
from planner.engine.aftercare.shipped import SHIPPED
from planner.models import AftercareText, Protocol
from planner.shipped import load_shipped
from tests.kept import kept

# Typed from the table of clinical facts, not from the code: code, usual mm, warn mm, region.
DEPTHS = """
forehead 0.50 0.75 face_neck
right_temple 0.25 0.50 face_neck
left_temple 0.25 0.50 face_neck
right_periorbital 0.25 0.50 face_neck
left_periorbital 0.25 0.50 face_neck
nose 0.25 0.50 face_neck
right_cheek 1.00 2.00 face_neck
left_cheek 1.00 2.00 face_neck
upper_lip 0.25 0.75 face_neck
right_jaw 0.50 1.00 face_neck
left_jaw 0.50 1.00 face_neck
chin 1.00 2.00 face_neck
neck 0.50 1.00 face_neck
chest 1.00 1.50 trunk_limbs
right_breast 1.00 1.50 breast
left_breast 1.00 1.50 breast
abdomen 1.50 2.50 abdomen
back 1.00 2.00 trunk_limbs
right_arm 1.00 2.00 trunk_limbs
left_arm 1.00 2.00 trunk_limbs
right_hip 1.50 2.00 hips_thighs
left_hip 1.50 2.00 hips_thighs
right_buttock 1.50 2.00 hips_thighs
left_buttock 1.50 2.00 hips_thighs
right_thigh 1.50 2.00 hips_thighs
left_thigh 1.50 2.00 hips_thighs
right_calf 1.00 2.00 trunk_limbs
left_calf 1.00 2.00 trunk_limbs
"""
# agent, min minutes, max minutes, most grams, most cm², offered
CREAMS = {
    ("lidocaine_prilocaine", 60, 300, Decimal("60.0"), 600, True),
    ("lidocaine", 30, 300, None, 900, True),
    ("lidocaine_tetracaine", 20, 60, Decimal("53.0"), 400, True),
    ("tetracaine", 30, 45, None, None, False),
}
# indication: fewest, usual, most visits; shortest, usual, longest gap
COURSES = {
    "ACNE_MIXED": (4, 5, 6, 28, 35, 42),
    "ACNE_ROLLING": (4, 5, 6, 28, 35, 42),
    "ACNE_BOXCAR": (4, 5, 6, 28, 35, 42),
    "ACNE_ICEPICK": (4, 5, 6, 28, 35, 42),
    "SCAR_SURG_TRAUMA": (4, 5, 6, 28, 42, 42),
    "STRIAE_RUBRAE": (4, 5, 6, 28, 35, 42),
    "STRIAE_ALBAE": (4, 5, 6, 28, 35, 42),
    "FINE_LINES_TEXTURE": (4, 4, 6, 28, 30, 42),
    "NECK_LINES": (4, 4, 6, 28, 30, 42),
}
SWITCHED_OFF = {"SCAR_EARLY_POSTOP", "SCAR_ABDO_HYPERTROPHIC", "MELASMA", "PORES", "DYSCHROMIA"}
KINDS = (Indication, TreatmentArea, Product, Protocol, RuleSet, Rule, ConsentText, AftercareText)


def everything():
    return {kind: list(kind.objects.order_by("pk").values()) for kind in KINDS}


@kept
def shipped(db):
    load_shipped()


def test_load_shipped_twice_leaves_the_same_rows(shipped):
    before = everything()
    assert all(before.values())
    assert load_shipped() == {}
    assert everything() == before


def test_load_shipped_keeps_what_the_clinic_changed(shipped):
    TreatmentArea.objects.filter(code="nose").update(start_mm="0.15", name="Bridge of the nose")
    Indication.objects.filter(code="MELASMA").update(is_active=True)
    Protocol.objects.filter(indication__code="ACNE_MIXED").update(sessions_target=6)
    before = everything()
    load_shipped()
    assert everything() == before


def test_load_shipped_command_says_what_it_added(db, capsys):
    call_command("load_shipped")
    call_command("load_shipped")
    first, second = capsys.readouterr().out.strip().split("\n")
    assert first == (
        f"Added 14 indications, 28 treatment areas, 4 numbing creams, 9 protocols, {len(RULES)} rules, "
        "18 consent texts, 2 aftercare texts."
    )
    assert second == "Everything shipped is there."


def test_shipped_depths_are_those_of_the_table(shipped):
    rows = TreatmentArea.objects.values_list("code", "start_mm", "warn_mm", "region")
    assert [" ".join(map(str, row)) for row in rows] == DEPTHS.split("\n")[1:-1]


def test_shipped_creams_are_those_of_the_table(shipped):
    rows = Product.objects.values_list(
        "agent", "min_minutes", "max_minutes", "max_grams", "max_area_cm2", "is_active"
    )
    assert set(rows) == CREAMS


def test_shipped_protocols_are_those_of_the_table(shipped):
    rows = Protocol.objects.values_list(
        "indication__code",
        "sessions_min",
        "sessions_target",
        "sessions_max",
        "gap_min_days",
        "gap_target_days",
        "gap_max_days",
    )
    assert {code: tuple(numbers) for code, *numbers in rows} == COURSES


def test_shipped_protocols_take_15_to_60_minutes(shipped):
    protocol = Protocol.objects.first()
    assert [protocol.treatment_minutes(areas) for areas in (1, 2, 4, 5, 6, 9)] == [15, 25, 45, 55, 60, 60]


def test_uncertain_indications_are_switched_off(shipped):
    off = Indication.objects.filter(is_active=False).values_list("code", flat=True)
    assert set(off) == SWITCHED_OFF
    assert set(Indication.objects.filter(is_active=True).values_list("code", flat=True)) == set(COURSES)


def test_shipped_indications_and_areas_have_a_spanish_name_of_their_own(shipped):
    for kind in (Indication, TreatmentArea):
        names = list(kind.objects.values_list("name_es", flat=True))
        assert "" not in names
        assert len(set(names)) == len(names)
    assert TreatmentArea.objects.get(code="left_cheek").name_in("es") == "Mejilla izquierda"
    assert Indication.objects.get(code="STRIAE_ALBAE").name_in("es") == "Estrías blancas"


def test_shipped_rows_name_their_source(shipped):
    for kind in (Indication, TreatmentArea, Product, Protocol):
        assert not kind.objects.filter(source="").exists()
    assert not TreatmentArea.objects.filter(confidence="").exists()
    unmapped = TreatmentArea.objects.filter(confidence="uncertain, D").values_list("code", flat=True)
    assert set(unmapped) == {"right_temple", "left_temple", "right_jaw", "left_jaw"}


def test_everything_versioned_ships_as_a_draft(shipped):
    for kind in (Protocol, RuleSet, ConsentText, AftercareText):
        assert set(kind.objects.values_list("number", "approved_by", "approved_at")) == {(1, None, None)}


def test_shipped_rules_are_stored_as_the_engine_reads_them(shipped):
    assert tuple(rule_from_row(rule.row) for rule in Rule.objects.all()) == RULES


def test_shipped_aftercare_is_stored_as_the_engine_reads_it(shipped):
    assert {text.language: blocks_of(text) for text in AftercareText.objects.all()} == {
        language: SHIPPED[language] for language in ("en", "es")
    }
    assert dict(AftercareText.objects.values_list("language", "notice")) == {
        "en": "",
        "es": "Not reviewed by a native clinician",
    }


@pytest.mark.parametrize("language", ["en", "es"])
@pytest.mark.parametrize("code", INDICATIONS)
def test_consent_texts_are_easy_to_read_and_claim_nothing(code, language):
    body = consent_body(code, language)
    reading = measure(body.split("\n"), language)
    assert reading.easy, reading.words
    assert claims_in(body, language) == ()


@pytest.mark.parametrize("code", INDICATIONS)
def test_consent_texts_say_the_same_in_both_languages(code):
    shapes = {
        language: [len(part.split("\n")) for part in consent_body(code, language).split("\n\n")]
        for language in ("en", "es")
    }
    assert shapes["en"] == shapes["es"][:-1]
    assert "no revisado" in consent_body(code, "es").split("\n\n")[-1]
