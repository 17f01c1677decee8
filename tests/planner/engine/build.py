"""Small planning problems for tests, one practitioner and one room unless told otherwise."""

from dataclasses import replace
from datetime import UTC, date, datetime

from planner.engine.model import (
    Diary,
    Gap,
    PatientTimes,
    Practitioner,
    Problem,
    Request,
    Room,
    Visit,
    WeeklyHours,
    epoch_minute,
)

MONDAY = date(2027, 1, 11)
OFFICE = tuple(WeeklyHours(weekday, 9 * 60, 17 * 60) for weekday in range(5))
GAP = Gap(7, 7, 10)


def at(text: str) -> int:
    """The epoch minute of an ISO instant."""
    return epoch_minute(datetime.fromisoformat(text).astimezone(UTC))


def iso(minute: int) -> str:
    """An epoch minute as an ISO instant in UTC."""
    return datetime.fromtimestamp(minute * 60, tz=UTC).strftime("%Y-%m-%dT%H:%MZ")


def starts(plan) -> list[str]:
    """The starts of a plan in UTC."""
    return [iso(visit.minute) for visit in plan.visits]


def diary(**changes) -> Diary:
    """Three weeks of one practitioner and one room in London."""
    plain = Diary(
        tz="Europe/London",
        first_date=MONDAY,
        last_date=date(2027, 1, 31),
        practitioners=(Practitioner("ana", OFFICE),),
        rooms=(Room("one"),),
    )
    return replace(plain, **changes)


def request(count: int = 2, /, **changes) -> Request:
    """Visits of an hour, a week apart, from Monday 11 January 2027."""
    plain = Request(visits=(Visit(60),) * count, gaps=(GAP,) * (count - 1), earliest=MONDAY)
    return replace(plain, **changes)


def problem(the_diary: Diary | None = None, the_request: Request | None = None, **weights) -> Problem:
    """A problem of the two, the weights given changed from the defaults."""
    made = Problem(the_diary or diary(), the_request or request())
    return replace(made, weights=replace(made.weights, **weights))


def patient(**times) -> PatientTimes:
    """A patient with these times."""
    return PatientTimes(**times)
