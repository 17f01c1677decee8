"""The screen as a form: one question per rule, follow-ups in place, nothing prefilled."""

import datetime as dt
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from django import forms
from django.core.exceptions import ValidationError

from clinic.dates import DateField
from clinic.models import Indication, TreatmentArea
from patients.models import Screening
from patients.screening import model as engine
from patients.screening.evaluate import questions
from patients.screening.terms import FollowUpKind, Outcome, Reply, Section, Test

REPLIES = [("no", "No"), ("yes", "Yes"), ("not_sure", "Not sure")]
TITLES = {
    Section.SKIN: "Skin today",
    Section.HEALTH: "Health",
    Section.MEDICINES: "Medicines",
    Section.TREATMENTS: "Treatments",
    Section.ALLERGIES: "Allergies",
    Section.EXAMINATION: "Your examination",
    Section.PROFILE: "Profile",
    Section.PLAN: "Plan",
}
CSS = {
    Outcome.STOP: "np-unsuitable",
    Outcome.DEFER: "np-deferred",
    Outcome.REVIEW: "np-decision",
    Outcome.MODIFY: "np-cleared",
    Outcome.CLEAR: "np-cleared",
}


class ScopeForm(forms.Form):
    """What the screen is for: asked before the first question."""

    indication = forms.ModelChoiceField(
        Indication.objects.none(), label="Reason for treatment", empty_label="Pick one"
    )
    areas = forms.ModelMultipleChoiceField(
        TreatmentArea.objects.none(), label="Areas", widget=forms.CheckboxSelectMultiple
    )
    stage = forms.ChoiceField(
        choices=Screening.Stage.choices,
        label="When",
        widget=forms.RadioSelect,
        initial=Screening.Stage.BOOKING,
        required=False,
    )

    def __init__(self, *args, may_visit: bool, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["indication"].queryset = Indication.objects.filter(is_active=True)
        self.fields["areas"].queryset = TreatmentArea.objects.filter(is_active=True)
        if not may_visit:
            del self.fields["stage"]
        elif not self.is_bound:
            self.fields["stage"].required = True  # shown as a choice; an address without it means booking

    def clean(self):
        """Without a choice the screen is for booking."""
        data = super().clean()
        data["stage"] = data.get("stage") or Screening.Stage.BOOKING.value
        return data


@dataclass(frozen=True)
class Question:
    """One question as the page shows it."""

    rule: engine.Rule
    field: forms.BoundField
    follow_ups: tuple[forms.BoundField, ...]
    css: str
    word: str


@dataclass(frozen=True)
class Part:
    """One heading with its questions."""

    key: str
    title: str
    questions: tuple[Question, ...]


class ScreeningForm(forms.Form):
    """The questions of one rule set and stage for some areas; `today` is the local day."""

    use_required_attribute = False
    day_ahead = "This day has not come yet."

    def __init__(
        self, *args, rules: engine.RuleSet, stages: Iterable, areas: Sequence[TreatmentArea], today, **kwargs
    ):
        super().__init__(*args, **kwargs)
        self.rules, self.areas, self.today = questions(rules, stages), areas, today
        for rule in self.rules:
            self.fields[rule.code] = forms.ChoiceField(
                choices=REPLIES,
                widget=forms.RadioSelect,
                label=rule.question,
                error_messages={"required": "Answer this question.", "invalid_choice": "Pick one of three."},
            )
            for item in rule.follow_ups:
                field = self._follow_up(item)
                if field:
                    self.fields[_name(rule, item)] = field

    def clean(self):
        """Follow-ups count after a Yes only; needed ones must then be there."""
        data = super().clean()
        for rule in self.rules:
            said_yes = data.get(rule.code) == Reply.YES
            for item in rule.follow_ups:
                name = _name(rule, item)
                if not said_yes:
                    self.errors.pop(name, None)
                elif isinstance(data.get(name), dt.date):
                    self._refuse_day_ahead(rule, item, data[name])
        return data

    def answers(self) -> dict[str, engine.Answer]:
        """What was answered so far, for the engine; a follow-up with a mistake counts as not known."""
        data = getattr(self, "cleaned_data", {})
        return {rule.code: self._answer(rule, data) for rule in self.rules if data.get(rule.code)}

    def mistakes(self) -> list[tuple[forms.BoundField, str]]:
        """The field and sentence of each mistake; of the questions left out only the first one."""
        left_out = [rule.code for rule in self.rules if self[rule.code].errors]
        names = [name for name in self.fields if name in self.errors and name not in left_out]
        found = [(self[name], f"{self[name].label}: {' '.join(self[name].errors)}") for name in names]
        if left_out:
            count = "1 question has" if len(left_out) == 1 else f"{len(left_out)} questions have"
            found.append((self[left_out[0]], f"{count} no answer yet. Go to the first one."))
        return found

    def parts(self) -> list[Part]:
        """The questions under their headings, in the order of the rule set."""
        sections = dict.fromkeys(rule.section for rule in self.rules)
        return [
            Part(
                section.value,
                TITLES[section],
                tuple(self._question(rule) for rule in self.rules if rule.section is section),
            )
            for section in sections
        ]

    def _question(self, rule: engine.Rule) -> Question:
        outcomes = {branch.outcome or rule.outcome for branch in rule.branches}
        sure = len(outcomes) == 1
        return Question(
            rule=rule,
            field=self[rule.code],
            follow_ups=tuple(
                self[_name(rule, item)] for item in rule.follow_ups if _name(rule, item) in self.fields
            ),
            css=CSS[rule.outcome] if sure else "np-missing",
            word=str(rule.outcome) if sure else "",
        )

    def _follow_up(self, item: engine.FollowUp) -> forms.Field | None:
        """The input of a follow-up; `clean` forgets its mistakes when the reply is not a Yes."""
        needed = {"required": item.required, "error_messages": {"required": "This is needed after a Yes."}}
        match item.kind:
            case FollowUpKind.DATE:
                return DateField(label=item.label, **needed)
            case FollowUpKind.CHOICE:
                options = [("", "Pick one"), *((option.value, option.label) for option in item.options)]
                return forms.ChoiceField(label=item.label, choices=options, **needed)
            case FollowUpKind.AREAS:
                if len(self.areas) < 2:
                    return None
                return forms.MultipleChoiceField(
                    label="Which areas? None ticked means all of them",
                    choices=[(area.code, area.name) for area in self.areas],
                    widget=forms.CheckboxSelectMultiple,
                    required=False,
                )
            case _:
                return forms.CharField(label=item.label, max_length=200, **needed)

    def _refuse_day_ahead(self, rule: engine.Rule, item: engine.FollowUp, day: dt.date) -> None:
        if day > self.today and not _may_be_ahead(rule, item):
            self.add_error(_name(rule, item), ValidationError(self.day_ahead, code="ahead"))

    def _answer(self, rule: engine.Rule, data: dict) -> engine.Answer:
        reply = Reply(data[rule.code])
        if reply is not Reply.YES:
            return engine.Answer(reply)
        values = {
            item.key: data[_name(rule, item)]
            for item in rule.follow_ups
            if item.kind is not FollowUpKind.AREAS and data.get(_name(rule, item))
        }
        return engine.Answer(reply, values, tuple(data.get(f"{rule.code}-areas") or ()))


def _name(rule: engine.Rule, item: engine.FollowUp) -> str:
    return f"{rule.code}-{item.key}"


def _may_be_ahead(rule: engine.Rule, item: engine.FollowUp) -> bool:
    """Only a planned start may lie ahead; everything else has happened."""
    return any(
        condition.key == item.key and condition.test is Test.STARTS_WITHIN_DAYS
        for branch in rule.branches
        for condition in branch.when
    )
