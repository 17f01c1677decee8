"""Every question that a patient is asked has its Spanish and its test Arabic, beside its English."""

import pytest

from patients.screening.evaluate import questions
from patients.screening.table import SHIPPED, arabic, spanish
from patients.screening.table.translated import label_in, question_in
from patients.screening.terms import FollowUpKind


def test_every_question_is_translated():
    asked = {rule.code: rule.question for rule in questions(SHIPPED)}
    assert {code: english for code, (english, _) in spanish.QUESTIONS.items()} == asked
    assert set(arabic.QUESTIONS) == set(asked)


@pytest.mark.parametrize("labels", [spanish.LABELS, arabic.LABELS])
def test_every_label_is_translated(labels):
    items = [item for rule in questions(SHIPPED) for item in rule.follow_ups]
    used = {item.label for item in items if item.kind is not FollowUpKind.AREAS}
    used |= {option.label for item in items for option in item.options}
    assert used <= set(labels)


def test_a_changed_question_is_shown_as_it_stands():
    english = spanish.QUESTIONS["PREGNANT"][0]
    assert question_in("PREGNANT", "Are you expecting?", "es") == "Are you expecting?"
    assert question_in("PREGNANT", "Are you expecting?", "ar") == "Are you expecting?"
    assert question_in("PREGNANT", english, "es") == "¿Está embarazada o podría estarlo?"
    assert question_in("PREGNANT", english, "ar") == "هل يوجد حمل، أو هل هو ممكن؟"
    assert question_in("PREGNANT", english, "en") == english
    assert [label_in("Kind", language) for language in ("es", "en", "ar")] == ["Tipo", "Kind", "النوع"]
    assert label_in("Odd", "es") == "Odd"
