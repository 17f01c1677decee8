"""Every question that a patient is asked has its Spanish, beside the very English it translates."""

from patients.screening.evaluate import questions
from patients.screening.table import SHIPPED
from patients.screening.table.spanish import LABELS, QUESTIONS, label_in, question_in
from patients.screening.terms import FollowUpKind


def test_every_question_has_its_spanish():
    asked = {rule.code: rule.question for rule in questions(SHIPPED)}
    assert {code: english for code, (english, _) in QUESTIONS.items()} == asked


def test_every_label_has_its_spanish():
    items = [item for rule in questions(SHIPPED) for item in rule.follow_ups]
    used = {item.label for item in items if item.kind is not FollowUpKind.AREAS}
    used |= {option.label for item in items for option in item.options}
    assert used <= set(LABELS)


def test_a_changed_question_is_shown_as_it_stands():
    assert question_in("PREGNANT", "Are you expecting?", "es") == "Are you expecting?"
    assert question_in("PREGNANT", QUESTIONS["PREGNANT"][0], "es") == "¿Está embarazada o podría estarlo?"
    assert (label_in("Kind", "es"), label_in("Kind", "en"), label_in("Odd", "es")) == ("Tipo", "Kind", "Odd")
