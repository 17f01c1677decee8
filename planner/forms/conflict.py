"""Two people saved one step: what the record says now beside what was typed here, field by field (H03)."""

import datetime as dt
from collections.abc import Callable
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation

from django import forms

from planner.forms.session import StepForm, StockField

NOT_COMPARED = {"version", "password", "scan", "language"}
PICK, SAVED = "pick-", "saved"


@dataclass(frozen=True)
class Conflict:
    """One field that says something else in the record."""

    name: str
    label: str
    saved: str
    typed: str


def conflicts(typed: StepForm, saved: StepForm) -> list[Conflict]:
    """Every field of a refused form whose value in the record is another; both in words."""
    found = []
    for name, field in saved.fields.items():
        if name in NOT_COMPARED or name not in typed.fields:
            continue
        theirs, mine = _stored(saved, name), _sent(typed, name)
        if [_plain(value) for value in theirs] != [_plain(value) for value in mine]:
            label = str(field.label or name.replace("_", " ").capitalize())
            found.append(Conflict(name, label, _words(saved, name, theirs), _words(typed, name, mine)))
    return found


def settled(data, stored: Callable[[], StepForm]):
    """What was typed, with the saved value of each field for which it was picked; plain where none was."""
    names = [key.removeprefix(PICK) for key in data if key.startswith(PICK) and data[key] == SAVED]
    if not names:
        return data
    data, saved = data.copy(), stored()
    for name in names:
        if name in saved.fields:
            data.setlist(name, _stored(saved, name))
    return data


def _stored(form: StepForm, name: str) -> list[str]:
    """The record's value as a browser would send it."""
    value = form[name].initial
    if isinstance(value, bool):
        return ["on"] if value else []
    if isinstance(value, (list, tuple)):
        return sorted(str(one) for one in value)
    if isinstance(value, dt.time):
        return [f"{value:%H:%M}"]
    return [] if value in (None, "") else [str(value)]


def _sent(form: StepForm, name: str) -> list[str]:
    return sorted(value for value in form.data.getlist(name) if value.strip())


def _plain(text: str) -> str:
    """Numbers without closing zeros and with a point, so that 1,5 is 1.50."""
    try:
        return f"{Decimal(text.replace(',', '.')).normalize():f}"
    except InvalidOperation:
        return " ".join(text.split())


def _words(form: StepForm, name: str, values: list[str]) -> str:
    field = form.fields[name]
    if isinstance(field, forms.BooleanField):
        return "yes" if values else "no"
    if not values:
        return "nothing"
    return ", ".join(_word(field, value) for value in values)


def _word(field: forms.Field, value: str) -> str:
    if isinstance(field, StockField):
        lot = field.lots.get(value)
        return field.said(lot) if lot else value
    if isinstance(field, forms.ModelChoiceField):
        row = field.queryset.filter(pk=value).first() if value.isdecimal() else None
        return field.label_from_instance(row) if row else value
    choices = {str(key): str(words) for key, words in getattr(field, "choices", ())}
    return choices.get(value, value)
