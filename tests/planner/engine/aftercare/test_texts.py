"""The shipped texts: complete, in the same places, easy to read, free of claims."""

from dataclasses import replace

import pytest

from planner.engine.aftercare.blocks import Block, placeholders
from planner.engine.aftercare.checks import CLINICAL, BlockFault, Fault, faults, missing
from planner.engine.aftercare.claims import BANNED, claims_in
from planner.engine.aftercare.reading import measure
from planner.engine.aftercare.shipped import SHIPPED
from tests.planner.engine.aftercare.sessions import ABDOMEN, BREAST, RIGHT_CHEEK, THIGHS, lines, sheet

LANGUAGES = ("en", "es")
ALL = (*LANGUAGES, "ar")  # with the test language, which has no reading index


def changed(language, code, text):
    texts = dict(SHIPPED[language].texts)
    texts[code] = Block(code, text, texts[code].source)
    return replace(SHIPPED[language], texts=texts)


def test_english_and_spanish_are_shipped_as_unreviewed_drafts():
    assert {code: (blocks.name, blocks.approved_by) for code, blocks in SHIPPED.items()} == {
        "en": ("English", ""),
        "es": ("Español", ""),
        "ar": ("العربية", ""),
    }
    assert not any(SHIPPED[language].reviewed_by_native_clinician for language in ("es", "ar"))
    assert {code for code, blocks in SHIPPED.items() if blocks.direction == "rtl"} == {"ar"}
    assert {code for code, blocks in SHIPPED.items() if blocks.notice} == {"ar"}


@pytest.mark.parametrize("language", ALL)
def test_shipped_language_may_be_approved(language):
    assert missing(SHIPPED[language]) is None
    assert faults(SHIPPED[language]) == ()


def test_languages_agree_in_codes_places_and_sources():
    def shape(language):
        return {
            code: (placeholders(block.text), block.source) for code, block in SHIPPED[language].texts.items()
        }

    assert shape("en") == shape("es") == shape("ar")


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_clinical_block_is_easy_to_read(language):
    hard = {
        code: measure((SHIPPED[language].texts[code].text,), language).words
        for code in CLINICAL
        if not measure((SHIPPED[language].texts[code].text,), language).easy
    }

    assert hard == {}


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("areas", [(RIGHT_CHEEK,), (ABDOMEN, THIGHS), (BREAST, RIGHT_CHEEK)])
@pytest.mark.parametrize("phototype", [2, 5])
def test_whole_sheets_are_easy_to_read(language, areas, phototype):
    content = sheet(language=language, areas=areas, phototype=phototype, is_last=True)

    assert measure((line.text for line in lines(content)), language).easy


def test_english_grade_of_known_sentences():
    # 0.39 x words / sentences + 11.8 x syllables / words - 15.59, counted by hand: 6 words, 6 syllables.
    assert measure(("The cat sat on the mat.",), "en").score == pytest.approx(0.39 * 6 + 11.8 - 15.59)
    # 2 sentences, 8 words, 11 syllables: wash 1 it 1 with 1 water 2, do 1 not 1 scratch 1 afterwards 3.
    assert measure(("Wash it with water. Do not scratch afterwards.",), "en").score == pytest.approx(
        0.39 * 4 + 11.8 * 11 / 8 - 15.59
    )


def test_spanish_index_of_a_known_sentence():
    # 206.835 - 62.3 x syllables / words - words / sentences: la(1) piel(1) está(2) caliente(3) hoy(1).
    assert measure(("La piel está caliente hoy.",), "es").score == pytest.approx(206.835 - 62.3 * 8 / 5 - 5)


def test_hard_text_is_called_hard():
    hard = "Discontinue exfoliating preparations preceding subsequent dermatological interventions."
    difícil = "Interrumpa inmediatamente cualquier preparación exfoliante anteriormente administrada."

    assert not measure((hard,), "en").easy
    assert not measure((difícil,), "es").easy


def test_drug_names_and_figures_are_not_counted():
    assert measure(("Take paracetamol 500 now.",), "en") == measure(("Take now.",), "en")


# Typed from the clinical facts, rows 1.57 and 10.9 to 10.17.
CLAIMS = (
    "virtually invisible",
    "drastically",
    "proven",
    "painless",
    "safe for all skin types",
    "transformative",
)


@pytest.mark.parametrize("claim", CLAIMS)
def test_banned_claims_are_found_in_any_spelling(claim):
    assert claims_in(f"It is {claim.upper().replace(' ', '  ')} now", "en") != ()


def test_banned_claims_are_found_in_spanish_without_accents():
    assert claims_in("Cicatrices PRACTICAMENTE invisibles", "es") == ("prácticamente invisible",)
    assert set(BANNED) == set(ALL)


def test_banned_claims_are_found_in_arabic_without_vowel_marks():
    assert claims_in("العلاج بِلا أَلَم", "ar") == ("بلا ألم",)


@pytest.mark.parametrize("language", ALL)
def test_no_shipped_block_makes_a_claim(language):
    assert [code for code, block in SHIPPED[language].texts.items() if claims_in(block.text, language)] == []


def test_faults_name_what_is_wrong_with_a_block():
    assert faults(changed("en", "do.drink", "Painless: drink")) == (
        BlockFault("do.drink", Fault.CLAIM, "painless"),
    )
    assert faults(changed("en", "do_not.week_2", "No sunbed until {when}")) == (
        BlockFault("do_not.week_2", Fault.UNKNOWN_PLACE, "when"),
        BlockFault("do_not.week_2", Fault.LOST_PLACE, "day"),
    )
    assert faults(changed("en", "do.drink", " ")) == (BlockFault("do.drink", Fault.MISSING, ""),)
    assert [fault.fault for fault in faults(changed("en", "do.drink", "Drink {"))] == [Fault.MALFORMED]
    assert faults(changed("en", "do_not.week_2", "No sunbed until {day:>9}"))[0] == BlockFault(
        "do_not.week_2", Fault.UNKNOWN_PLACE, "day:>9"
    )
    assert [
        fault.fault for fault in faults(changed("en", "do.drink", "Adequate hydration facilitates recovery"))
    ] == [Fault.HARD_TO_READ]
