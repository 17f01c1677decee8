"""The invented visits of the preview: between them they print every sentence of a sheet."""

from dataclasses import replace

import pytest

from planner.engine.aftercare.checks import CLINICAL
from planner.engine.aftercare.examples import EXAMPLES, example_sheet, example_with, lines_of
from planner.engine.aftercare.shipped import SHIPPED

ENGLISH = SHIPPED["en"]
NOT_ON_A_SHEET = ("plan.", "before.", "tell.", "sign.", "advice.")


def test_the_examples_print_every_sentence_of_a_sheet():
    printed = {line.code for name in EXAMPLES for line in lines_of(example_sheet(ENGLISH, name))}
    sentences = {code for code in CLINICAL if not code.startswith(NOT_ON_A_SHEET)}
    assert sentences - printed == {"call.heading", "next.last_heading"}  # headings with a source


def test_the_first_example_that_prints_a_block_is_found():
    assert example_with(ENGLISH, "do_not.tight.abdomen") == "Abdomen and thighs, deep"
    assert example_with(ENGLISH, "normal.first_day.white") == "Face, white skin"
    assert example_with(ENGLISH, "sign.pus") == ""


def test_texts_that_lack_a_block_make_no_example():
    texts = {code: block for code, block in ENGLISH.texts.items() if code != "do.drink"}
    assert example_sheet(replace(ENGLISH, texts=texts), "Back") is None


@pytest.mark.parametrize(
    ("language", "hours"), [("es", "Todos los días, 08:00 a 20:00"), ("ar", "كل يوم، 08:00 إلى 20:00")]
)
def test_an_example_names_areas_and_hours_in_its_language(language, hours):
    for name in EXAMPLES:
        header = example_sheet(SHIPPED[language], name).header
        assert header.clinic.hours == hours
        assert not {"cheek", "breast", "thighs", "back"} & set(header.treated.replace(",", "").split())
