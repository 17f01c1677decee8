"""Reading values out of a JSON file, each knowing its path, so that an error can name the field."""

import json
from collections.abc import Callable
from datetime import UTC, date, datetime
from typing import Any, TypeVar
from zoneinfo import ZoneInfo

from planner.engine.model import epoch_minute

Json = Any
T = TypeVar("T")


class FileError(ValueError):
    """A file that cannot be read as series-plan/1; `field` is the path of what is wrong."""

    def __init__(self, field: str, reason: str) -> None:
        super().__init__(f"{field}: {reason}")
        self.field = field
        self.reason = reason


def loaded(text: str) -> Json:
    try:
        return json.loads(text)
    except json.JSONDecodeError as error:
        raise FileError("file", f"is not JSON: {error.msg} in line {error.lineno}") from None


def json_object(text: str) -> Json:
    data = loaded(text)
    if not isinstance(data, dict):
        raise FileError("file", "must be a JSON object")
    return data


class Node:
    """A value of the file that knows its path."""

    def __init__(self, path: str, value: Json) -> None:
        self.path = path
        self.value = value

    def fail(self, reason: str) -> FileError:
        return FileError(self.path or "file", reason)

    def has(self, key: str) -> bool:
        return isinstance(self.value, dict) and self.value.get(key) is not None

    def at(self, key: str) -> "Node":
        if not isinstance(self.value, dict):
            raise self.fail("must be an object")
        return Node(f"{self.path}.{key}" if self.path else key, self.value.get(key))

    def items(self) -> list["Node"]:
        if not isinstance(self.value, list):
            raise self.fail("must be a list" if self.value is not None else "is missing")
        return [Node(f"{self.path}[{index}]", value) for index, value in enumerate(self.value)]

    def optional(self, key: str, read: Callable[["Node"], T]) -> T | None:
        return read(self.at(key)) if self.has(key) else None

    def many(self, key: str, read: Callable[["Node"], T]) -> tuple[T, ...]:
        return tuple(read(item) for item in self.at(key).items()) if self.has(key) else ()

    def text(self) -> str:
        if not isinstance(self.value, str):
            raise self.fail("must be a text" if self.value is not None else "is missing")
        return self.value

    def whole(self) -> int:
        if not isinstance(self.value, int) or isinstance(self.value, bool):
            raise self.fail("must be a whole number" if self.value is not None else "is missing")
        return self.value


def a_date(node: Node) -> date:
    text = node.text()
    try:
        return date.fromisoformat(text)
    except ValueError:
        raise node.fail("must be a date as YYYY-MM-DD") from None


def a_minute(node: Node) -> int:
    hours, colon, minutes = node.text().partition(":")
    if colon and len(hours) == len(minutes) == 2 and (hours + minutes).isdecimal():
        value = int(hours) * 60 + int(minutes)
        if int(minutes) < 60 and value <= 1440:
            return value
    raise node.fail("must be a time as HH:MM")


def an_instant(node: Node, zone: ZoneInfo) -> int:
    """An epoch minute; without an offset the text is the clinic's wall clock, the first of two."""
    text = node.text()
    try:
        moment = datetime.fromisoformat(text)
    except ValueError:
        raise node.fail("must be a date and time as YYYY-MM-DDTHH:MM") from None
    if moment.tzinfo is None:
        moment = moment.replace(tzinfo=zone)
    return epoch_minute(moment.astimezone(UTC))


def a_weekday(node: Node) -> int:
    if node.whole() not in range(7):
        raise node.fail("must be a weekday from 0 (Monday) to 6")
    return node.whole()


def built(node: Node, build: Callable[[], T]) -> T:
    """What is built from a node; a rule of the model broken is an error of the node."""
    try:
        return build()
    except FileError:
        raise
    except ValueError as error:
        raise node.fail(str(error)) from None
