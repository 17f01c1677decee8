"""What settings forms share: layout in rows, dates as people type them, constraints beside a field."""

import hashlib
from collections.abc import Iterable

from crispy_forms.helper import FormHelper
from crispy_forms.layout import Div, Field, Layout
from django import forms
from django.core.exceptions import NON_FIELD_ERRORS, ValidationError
from django.db import IntegrityError, models, transaction
from django.forms.models import model_to_dict

from clinic import limits
from clinic.constraints import violated
from clinic.dates import DateField, TimeField
from clinic.refusals import Refusal

CHANGED = "Somebody else changed this while you had it open."
SAVE_AGAIN = "Look at the list in another window, then save again to keep what stands here."
DELETED = (
    "Somebody else deleted this while you had it open. Nothing was saved; add it anew if it is still needed."
)
JUST_TAKEN = "Somebody saved the same at this moment. Look at the list and try again."


def typed_field(field: models.Field, **kwargs) -> forms.Field | None:
    """Choose the form field of a model field: dates and times are typed in words."""
    if isinstance(field, models.DateTimeField):
        return field.formfield(**kwargs)
    if isinstance(field, models.DateField):
        return field.formfield(form_class=DateField, **kwargs)
    if isinstance(field, models.TimeField):
        return field.formfield(form_class=TimeField, **kwargs)
    return field.formfield(**kwargs)


def _name_the_empty_choice(field: forms.Field) -> None:
    """Say "Pick one" or "None" where browsers would show dashes."""
    word = "Pick one" if field.required else "None"
    if isinstance(field, forms.ModelChoiceField):
        if field.empty_label is not None:
            field.empty_label = word
    elif isinstance(field, forms.ChoiceField):
        field.choices = [(value, word if value in ("", None) else label) for value, label in field.choices]


class SettingsForm(forms.ModelForm):
    """A form over one row of settings. `by` is the person who changes it.

    `rows` lays the fields out, one tuple per line; `beside` says which field shows which constraint.
    """

    rows: tuple[tuple[str, ...], ...] = ()
    beside: dict[str, str] = {}

    def __init__(self, *args, by, **kwargs):
        self.by, self.is_stale = by, False
        super().__init__(*args, **kwargs)
        # What the row held when the page was drawn comes back with it; a page shown again keeps that.
        self.was = self.data.get("was") or (
            "" if self.instance._state.adding else self._print_of(self.instance)
        )
        if "location" in self.fields and self.instance._state.adding:
            self.initial["location"] = by.location_id
        for field in self.fields.values():
            _name_the_empty_choice(field)
            if isinstance(field, forms.ModelMultipleChoiceField):
                field.widget = forms.CheckboxSelectMultiple(choices=field.choices)
            if isinstance(field, forms.CharField) and not isinstance(field.widget, forms.Textarea):
                field.widget.attrs.setdefault("autocomplete", "off")
        self.helper = FormHelper()
        self.helper.form_tag = False
        self.helper.disable_csrf = True
        self.helper.form_show_errors = False  # the page has its own summary
        self.lay_out(self.rows)

    def lay_out(self, rows: Iterable[tuple[str, ...]]) -> None:
        """Put the fields into these lines."""
        self.helper.layout = Layout(*(self._line(row) for row in rows))

    def _line(self, row: tuple[str, ...]):
        parts = [Field(name, template=self._look(name)) if self._look(name) else name for name in row]
        return Div(*parts, css_class=f"np-grid np-g-{len(row)}" if len(row) > 1 else "")

    def _look(self, name: str) -> str:
        field = self.fields.get(name)
        if name == "weekdays":
            return "components/_weekdays.html"
        return "components/_chips.html" if isinstance(field, forms.ModelMultipleChoiceField) else ""

    def _update_errors(self, errors: ValidationError) -> None:
        """Move what a constraint says to the field that can mend it."""
        if hasattr(errors, "error_dict") and NON_FIELD_ERRORS in errors.error_dict:
            rest = []
            for error in errors.error_dict.pop(NON_FIELD_ERRORS):
                field = self._field_of(error.message)
                if field:
                    errors.error_dict.setdefault(field, []).append(error)
                else:
                    rest.append(error)
            if rest:
                errors.error_dict[NON_FIELD_ERRORS] = rest
        super()._update_errors(errors)

    def _field_of(self, message: str) -> str | None:
        for constraint in self._meta.model._meta.constraints:
            if constraint.get_violation_error_message() == message:
                return self.beside.get(constraint.name)
        return None

    def after_saving(self) -> list[models.Model]:
        """The rows as they would be once this is saved."""
        return [self.instance]

    def _print_of(self, row: models.Model) -> str:
        """A fingerprint of what the form shows of a row."""
        return hashlib.sha256(repr(self._held(row)).encode()).hexdigest()

    def _held(self, row: models.Model) -> list:
        held = model_to_dict(row, fields=self._meta.fields)
        return [
            (name, sorted(one.pk for one in value) if isinstance(value, list) else str(value))
            for name, value in sorted(held.items())
        ]

    def _changed_meanwhile(self) -> bool:
        """Whether somebody else saved or deleted the row since the page was drawn; it stays locked."""
        if self.instance._state.adding or not self.data.get("was"):
            return False
        rows = type(self.instance)._default_manager.select_for_update(of=("self",), no_key=True)
        now = rows.filter(pk=self.instance.pk).first()
        if now is None:
            self.add_error(None, DELETED)
        elif self._print_of(now) != self.was:
            self.add_error(None, f"{CHANGED}{self._differing(now)} {SAVE_AGAIN}")
            self.was = self._print_of(now)
        else:
            return False
        self.is_stale = True
        return True

    def _differing(self, now: models.Model) -> str:
        """What stands there now, where something else was typed: names of the fields."""
        there, typed = dict(self._held(now)), dict(self._held(self.instance))
        names = [
            str(field.label) for name, field in self.fields.items() if there.get(name) != typed.get(name)
        ]
        return f" It differs from yours in: {', '.join(names)}." if names else ""

    def save_row(self) -> bool:
        """Save; what only a command or the database can see becomes an error. Return whether it is saved."""
        try:
            with transaction.atomic():
                if self._changed_meanwhile():
                    return False
                self.save()
        except Refusal as refusal:
            self.add_error(refusal.field or None, str(refusal))
            return False
        except IntegrityError as error:
            self._add_violation(violated(error))
            return False
        return True

    def _add_violation(self, name: str) -> None:
        for constraint in self._meta.model._meta.constraints:
            if constraint.name == name:
                self.add_error(self.beside.get(name), constraint.get_violation_error_message())
                return
        self.add_error(None, JUST_TAKEN)


class LimitedForm(SettingsForm):
    """A form over a row with limits; what loosens one waits for a practitioner (clinic/limits.py).

    It shows what was asked for, so that saving it again takes nothing back.
    """

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.waiting = limits.waiting_for(self.instance)
        if self.waiting:
            self.initial |= self.waiting.values

    def _held(self, row: models.Model) -> list:
        """What waits for approval is shown, so it counts."""
        waiting = limits.waiting_for(row)
        return [*super()._held(row), ("", sorted(waiting.values.items()) if waiting else [])]

    def save(self, commit=True):
        """Store what counts at once; the rest waits."""
        self.waiting = limits.save_limited(self.instance, by=self.by)
        self._save_m2m()
        return self.instance
