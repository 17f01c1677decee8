"""What the questions on the phone are made of: the open questionnaire in the reader's language."""

import datetime as dt
from dataclasses import dataclass
from functools import cached_property

from django.utils import translation
from django.utils.translation import gettext as _

from clinic import clock
from clinic.models import TreatmentArea
from patients import questionnaires
from patients.forms.question import QuestionForm, detail_words, initial_of
from patients.gates import safety_of_file
from patients.judgement import GIVEN, read_file
from patients.models import Questionnaire
from patients.results import own_last_answers
from patients.screening import model as engine
from patients.screening.table.translated import question_in
from patients.screening.terms import Outcome, Reply

HELD = {Outcome.STOP, Outcome.DEFER}  # a Yes may mean that the visit has to wait


@dataclass(frozen=True)
class Line:
    """One question with the answer so far, for the list before sending."""

    code: str
    question: str
    reply: str
    details: list
    differs: bool = False  # from the answer of the screening before


@dataclass(frozen=True)
class Asked:
    """An open questionnaire as one reader sees it."""

    row: Questionnaire
    rules: tuple[engine.Rule, ...]
    answers: dict[str, engine.Answer]
    language: str
    today: dt.date

    @classmethod
    def of(cls, request, row: Questionnaire | None) -> "Asked | None":
        """The questions of a questionnaire, in the language of the page; None for none."""
        if row is None:
            return None
        rules = questionnaires.phone_questions(row.rule_set)
        today = clock.local_date(clock.now(), request.link.patient.location.time_zone)
        language = (translation.get_language() or "en")[:2]
        return cls(row, rules, questionnaires.answers_of(row), language, today)

    @cached_property
    def areas(self) -> list[TreatmentArea]:
        """The areas the questions are about."""
        return list(self.row.areas.all())

    @property
    def codes(self) -> list[str]:
        """The questions in their order."""
        return [rule.code for rule in self.rules]

    @property
    def answered(self) -> int:
        """How many have an answer."""
        return len(self.answers)

    @property
    def total(self) -> int:
        """How many there are."""
        return len(self.rules)

    @property
    def percent(self) -> str:
        """How far it is, for the bar."""
        return f"{100 * self.answered / max(self.total, 1):.1f}"

    @property
    def next_open(self) -> str:
        """The first question without an answer, or nothing."""
        return next((code for code in self.codes if code not in self.answers), "")

    @property
    def area_names(self) -> str:
        """The areas in words."""
        return _(", ").join(area.name_in(self.language) for area in self.areas)

    @property
    def reason(self) -> str:
        """What the treatment is for."""
        return self.row.indication.name_in(self.language)

    def after(self, code: str) -> str | None:
        """The next question without an answer after this one, else the first open one, else none."""
        place = self.codes.index(code) + 1
        order = self.codes[place:] + self.codes[:place]
        return next((one for one in order if one not in self.answers and one != code), None)

    def form(self, code: str, data=None) -> QuestionForm:
        """The form of one question with its draft."""
        rule = self._rule(code)
        return QuestionForm(
            data,
            rule=rule,
            areas=self.areas,
            today=self.today,
            language=self.language,
            initial=initial_of(rule, self.answers.get(code)),
        )

    def question_context(self, code: str, form: QuestionForm) -> dict:
        """The page of one question."""
        place, rule = self.codes.index(code), self._rule(code)
        last = own_last_answers(read_file(self.row.patient_id)).get(code, "")
        return {
            "asked": self,
            "form": form,
            "reply": form[code],
            "number": place + 1,
            "width": f"{100 * (place + 1) / self.total:.1f}",
            "before": self.codes[place - 1] if place else "",
            "last": last,
            "seen": questionnaires.revision_of(self.row, code),
            "holds": bool({branch.outcome or rule.outcome for branch in rule.branches} & HELD),
        }

    @property
    def left(self) -> int:
        """How many are still to be answered."""
        return self.total - self.answered

    def lines(self) -> list[Line]:
        """Every question with its answer so far."""
        last = own_last_answers(read_file(self.row.patient_id))
        return [self._line(rule, last.get(rule.code, "")) for rule in self.rules]

    def _line(self, rule: engine.Rule, last: str) -> Line:
        answer = self.answers.get(rule.code)
        question = question_in(rule.code, rule.question, self.language)
        if answer is None:
            return Line(rule.code, question, "", [])
        details = detail_words(rule, answer, self.areas, self.language) if answer.reply is Reply.YES else []
        differs = bool(last) and last != GIVEN[answer.reply]
        return Line(rule.code, question, str(answer.reply), details, differs)

    def _rule(self, code: str) -> engine.Rule:
        return next(rule for rule in self.rules if rule.code == code)


def goes_on(sent: Questionnaire, today: dt.date) -> bool:
    """Whether nothing keeps the patient from coming, as the gates judge it today."""
    return safety_of_file(read_file(sent.patient_id), today).state == "cleared"
