"""The numbers of the aftercare advice, one row each with its source, and the real moments they lead to."""

from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from enum import StrEnum
from typing import Final
from zoneinfo import ZoneInfo


class Unit(StrEnum):
    """Hours run as elapsed time in UTC; days are added to the clinic's local date."""

    HOURS = "hours"
    DAYS = "days"


@dataclass(frozen=True)
class Timing:
    """One number with its row in the clinical facts."""

    code: str
    amount: int
    unit: Unit
    source: str


_ROWS: Final = (
    Timing("touch", 4, Unit.HOURS, "6.1 0-4 h"),
    Timing("first_day", 24, Unit.HOURS, "6.1 Day 0; 6.2 Make-up; 6.2 Sun; 10.13"),
    Timing("sun", 72, Unit.HOURS, "6.2 Sun"),
    Timing("heat", 72, Unit.HOURS, "6.2 Exercise; 6.2 Sauna, steam, hot tub, pool, sea; 6.2 Shaving"),
    Timing("clothes", 72, Unit.HOURS, "6.3 Trunk/limbs"),
    Timing("anti_inflammatory", 3, Unit.DAYS, "6.2 Pain relief"),
    Timing("actives", 7, Unit.DAYS, "6.2 Retinoids, AHA/BHA, benzoyl peroxide"),
    Timing("actives_brown", 10, Unit.DAYS, "6.3 FST IV-VI"),
    Timing("sun_care", 14, Unit.DAYS, "6.1 Week 2"),
    Timing("worse_after", 2, Unit.DAYS, "6.4 Same day"),
    Timing("strong_redness", 7, Unit.DAYS, "6.4 1-2 days"),
    Timing("stop_actives", 5, Unit.DAYS, "6.2 Retinoids, AHA/BHA, benzoyl peroxide"),
    Timing("no_tanning_before", 7, Unit.DAYS, "3.3 TAN_FAKE_TAN"),
    Timing("no_waxing_before", 7, Unit.DAYS, "3.3 HAIR_REMOVAL_RECENT"),
    Timing("review", 90, Unit.DAYS, "6.5 >= 90 d after last"),
)
TIMINGS: Final = {row.code: row for row in _ROWS}

# What a patient stops or leaves out before a visit, in days.
BEFORE_A_VISIT: Final = ("stop_actives", "no_tanning_before", "no_waxing_before")

# 6.2 Sun: at least SPF 30; 50 on the face or on brown and black skin.
SPF_BODY: Final = 30
SPF_FACE_OR_BROWN: Final = 50


@dataclass(frozen=True)
class Clock:
    """One session's t0 in its clinic's zone: turns rows of TIMINGS into local moments and dates."""

    t0: datetime
    zone: str

    @property
    def day_0(self) -> date:
        """The local date on which needling ended."""
        return self.local(self.t0).date()

    def local(self, instant: datetime) -> datetime:
        """An aware instant as the clinic's wall clock shows it."""
        if instant.tzinfo is None:
            raise ValueError("an instant needs a time zone")
        return instant.astimezone(ZoneInfo(self.zone))

    def moment(self, code: str) -> datetime:
        """The local moment that many elapsed hours after t0 (added in UTC, so clock changes count truly)."""
        row = TIMINGS[code]
        if row.unit is not Unit.HOURS:
            raise ValueError(f"{code} is counted in days")
        return self.local(self.t0.astimezone(UTC) + timedelta(hours=row.amount))

    def day(self, n: int) -> date:
        """Day n of the aftercare: the local date of t0 plus n."""
        return self.day_0 + timedelta(days=n)

    def date(self, code: str) -> date:
        """The local date that many days after day 0."""
        row = TIMINGS[code]
        if row.unit is not Unit.DAYS:
            raise ValueError(f"{code} is counted in hours")
        return self.day(row.amount)


def stop_actives_on(visit_on: date) -> date:
    """The day to stop retinoids and acids before a visit: five days before (6.2)."""
    return visit_on - timedelta(days=TIMINGS["stop_actives"].amount)


def first_stop_on(visit_on: date) -> date:
    """The day on which the first thing is to be stopped before a visit: the longest of the rows counts."""
    return visit_on - timedelta(days=max(TIMINGS[code].amount for code in BEFORE_A_VISIT))


def prepare_on(visit_on: date) -> date:
    """The day on which a patient should be told how to prepare: the one before the first stop."""
    return first_stop_on(visit_on) - timedelta(days=1)
