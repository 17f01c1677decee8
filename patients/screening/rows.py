"""Rules, answers and standing findings as JSON values and back, for the columns of a rule-set version."""

import types
import typing
from collections.abc import Mapping
from dataclasses import fields, is_dataclass
from datetime import date
from enum import StrEnum
from functools import cache
from typing import Any

from patients.screening.model import Answer, Finding, Rule, Standing
from patients.screening.terms import Reply

Row = dict[str, Any]


def rule_to_row(rule: Rule) -> Row:
    """A rule as JSON values: one key per field, nested lists for branches, follow-ups and conditions."""
    return _to_json(rule)  # type: ignore[no-any-return]


def rule_from_row(row: Mapping[str, Any]) -> Rule:
    """The rule of a row. Raises KeyError for a missing field, ValueError for a value outside its enum."""
    return _from_json(Rule, row)  # type: ignore[no-any-return]


def standing_to_row(standing: Standing) -> Row:
    """A standing finding with its records as JSON values."""
    return _to_json(standing)  # type: ignore[no-any-return]


def standing_from_row(row: Mapping[str, Any]) -> Standing:
    """The standing finding of a row."""
    return _from_json(Standing, row)  # type: ignore[no-any-return]


def finding_to_row(finding: Finding) -> Row:
    """A finding as JSON values, to be kept with its screening."""
    return _to_json(finding)  # type: ignore[no-any-return]


def finding_from_row(row: Mapping[str, Any]) -> Finding:
    """The finding of a row."""
    return _from_json(Finding, row)  # type: ignore[no-any-return]


def answer_to_row(answer: Answer) -> Row:
    """An answer as JSON values; dates of the details as ISO text."""
    details = {key: _to_json(value) for key, value in answer.details.items()}
    return {"reply": str(answer.reply), "details": details, "areas": list(answer.areas)}


def answer_from_row(rule: Rule, row: Mapping[str, Any]) -> Answer:
    """The answer of a row; the rule says which details are dates. Raises ValueError for a bad date."""
    dates = {item.key for item in rule.follow_ups if item.kind == "date"}
    details = {
        key: date.fromisoformat(value) if key in dates else value for key, value in row["details"].items()
    }
    return Answer(Reply(row["reply"]), details, tuple(row["areas"]))


def _to_json(value: Any) -> Any:
    if is_dataclass(value) and not isinstance(value, type):
        return {item.name: _to_json(getattr(value, item.name)) for item in fields(value)}
    if isinstance(value, tuple):
        return [_to_json(item) for item in value]
    if isinstance(value, StrEnum):
        return str(value)
    return value.isoformat() if isinstance(value, date) else value


def _from_json(wanted: Any, value: Any) -> Any:
    if wanted is str:
        return value
    origin, parts = _shape(wanted)
    if origin is types.UnionType:
        return None if value is None else _from_json(parts[0], value)
    if origin is tuple:
        return tuple(_from_json(parts[0], item) for item in value)
    if is_dataclass(wanted):
        return _object_from_json(wanted, value)
    if wanted is date:
        return date.fromisoformat(value)
    if isinstance(wanted, type) and issubclass(wanted, StrEnum):
        return wanted(value)
    return value


def _object_from_json(wanted: Any, value: Any) -> Any:
    kinds = _kinds(wanted)
    return wanted(**{name: _from_json(kind, value[name]) for name, kind in kinds.items()})


@cache
def _shape(wanted: Any) -> tuple[Any, tuple[Any, ...]]:
    return typing.get_origin(wanted), typing.get_args(wanted)


@cache
def _kinds(wanted: Any) -> dict[str, Any]:
    return typing.get_type_hints(wanted)
