"""One question on the patient's phone: the staff's form of one rule, in the patient's words and language."""

import datetime as dt
from collections.abc import Sequence

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from clinic.dates import DateField
from clinic.models import TreatmentArea
from patients.forms.screening import ScreeningForm
from patients.screening import model as engine
from patients.screening.table.translated import label_in, question_in
from patients.screening.terms import FollowUpKind, Reply, Stage

UNKNOWN = "unknown"  # the tick beside a day or text that the patient does not know


class PhoneDateField(DateField):
    """A day picked on the phone, or typed."""

    widget = forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")

    def to_python(self, value):
        """One sentence for whatever is wrong."""
        try:
            return super().to_python(value)
        except ValidationError:
            raise ValidationError(_("Write a day such as 7/12/2026."), code="invalid") from None


class QuestionForm(ScreeningForm):
    """No, Yes or Not sure to one question; what a Yes needs may be given as not known."""

    day_ahead = _("This day has not come yet.")

    def __init__(
        self, *args, rule: engine.Rule, areas: Sequence[TreatmentArea], today, language: str, **kwargs
    ):
        one = engine.RuleSet(version=1, rules=(rule,))
        super().__init__(*args, rules=one, stages=Stage, areas=areas, today=today, **kwargs)
        self.rule, self.language = rule, language
        self.reply = self.fields[rule.code]
        self.reply.label = question_in(rule.code, rule.question, language)
        self.reply.choices = [("no", _("No")), ("yes", _("Yes")), ("not_sure", _("Not sure"))]
        self.reply.error_messages["required"] = _("Pick one of the three.")
        for item in rule.follow_ups:
            self._say(item)

    def clean(self):
        """After a Yes, a needed day or text is there or ticked as not known."""
        data = super().clean()
        if data.get(self.rule.code) != Reply.YES:
            return data
        for item in self.rule.follow_ups:
            name = self.name_of(item)
            given = data.get(name) or data.get(f"{name}-{UNKNOWN}") or name in self.errors
            if f"{name}-{UNKNOWN}" in self.fields and not given:
                self.add_error(name, _("Fill this in, or tick that you do not know."))
        return data

    def answer(self) -> engine.Answer:
        """The checked answer for the engine."""
        return self.answers()[self.rule.code]

    def follow_ups(self) -> list[tuple[forms.BoundField, forms.BoundField | None]]:
        """The inputs after a Yes, each with its tick for "I do not know"."""
        found = []
        for item in self.rule.follow_ups:
            name = self.name_of(item)
            if name in self.fields:
                unknown = f"{name}-{UNKNOWN}"
                found.append((self[name], self[unknown] if unknown in self.fields else None))
        return found

    def name_of(self, item: engine.FollowUp) -> str:
        """The name of a follow-up's field."""
        return f"{self.rule.code}-{item.key}"

    def _say(self, item: engine.FollowUp) -> None:
        name = self.name_of(item)
        field = self.fields.get(name)
        if field is None:
            return
        field.label = label_in(item.label, self.language)
        match item.kind:
            case FollowUpKind.AREAS:
                field.label = _("Where? Tick nothing if it is everywhere.")
                field.choices = [(area.code, area.name_in(self.language)) for area in self.areas]
                return
            case FollowUpKind.CHOICE:
                options = [(option.value, label_in(option.label, self.language)) for option in item.options]
                field.choices = [("", _("Pick one")), *options]
                field.error_messages["required"] = _("Pick one.")
                field.widget.attrs["class"] = "form-select"
                return
            case FollowUpKind.DATE:
                self.fields[name] = field = PhoneDateField(label=field.label, required=item.required)
        field.widget.attrs["class"] = "form-control"
        if item.required:
            field.required = False
            self.fields[f"{name}-{UNKNOWN}"] = forms.BooleanField(label=_("I do not know"), required=False)


def initial_of(rule: engine.Rule, answer: engine.Answer | None) -> dict:
    """The draft as the form shows it: an answer of this very round, never one of last time."""
    if answer is None:
        return {}
    found: dict = {rule.code: str(answer.reply), f"{rule.code}-areas": list(answer.areas)}
    for item in rule.follow_ups:
        name = f"{rule.code}-{item.key}"
        if item.key in answer.details:
            found[name] = answer.details[item.key]
        elif answer.reply is Reply.YES and item.required:
            found[f"{name}-{UNKNOWN}"] = True
    return found


def detail_words(rule: engine.Rule, answer: engine.Answer, areas: Sequence[TreatmentArea], language: str):
    """The follow-ups of an answer as (label, value) pairs; days stay days."""
    names = {area.code: area.name_in(language) for area in areas}
    pairs: list[tuple[str, str | dt.date]] = []
    if answer.areas:
        pairs.append(("", str(_(", ")).join(names.get(code, code) for code in answer.areas)))
    for item in rule.follow_ups:
        if value := answer.details.get(item.key):
            options = {option.value: label_in(option.label, language) for option in item.options}
            said = value if isinstance(value, dt.date) else options.get(value, value)
            pairs.append((label_in(item.label, language), said))
    return pairs


class ConfirmForm(ScreeningForm):
    """The practitioner's own examination, and that the answers of the phone were gone through."""

    def __init__(self, *args, **kwargs):
        super().__init__(*args, stages=Stage, **kwargs)
        self.fields["confirmed"] = forms.BooleanField(
            widget=forms.CheckboxInput({"class": "form-check-input"}),
            label="I went through these answers with the patient today. They are still right.",
            error_messages={"required": "Go through the answers with the patient first."},
        )
