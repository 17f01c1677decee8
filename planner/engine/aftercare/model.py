"""What an aftercare sheet is made from (facts) and what it consists of (content): plain frozen values."""

from dataclasses import asdict, dataclass
from datetime import date, datetime
from enum import StrEnum
from typing import Any


class RegionGroup(StrEnum):
    """The body regions whose advice differs (clinical facts 6.3)."""

    FACE_NECK = "face_neck"
    BREAST = "breast"
    ABDOMEN = "abdomen"
    HIPS_THIGHS = "hips_thighs"
    TRUNK_LIMBS = "trunk_limbs"


class NextKind(StrEnum):
    """What the next booked visit is for; only a treatment asks for stopping creams before it."""

    TREATMENT = "treatment"
    REVIEW = "review"


@dataclass(frozen=True)
class TreatedArea:
    """One treated area: `label` is in the language of the sheet ("right cheek")."""

    code: str
    label: str
    group: RegionGroup


@dataclass(frozen=True)
class Clinic:
    """The issuing clinic; `emergency_number` is that of its country (999, 112, 911)."""

    name: str
    address_lines: tuple[str, ...]
    phone: str
    hours: str
    emergency_number: str


@dataclass(frozen=True)
class Reaction:
    """The skin's immediate reaction at the end of the session, each 0 (none) to 3 (strong)."""

    redness: int
    swelling: int


@dataclass(frozen=True)
class NextVisit:
    """The next booked visit: `start` is aware, `total_minutes` includes numbing."""

    start: datetime
    practitioner: str
    room: str
    total_minutes: int
    kind: NextKind = NextKind.TREATMENT


@dataclass(frozen=True)
class SessionFacts:
    """Everything about one signed session that changes its sheet.

    `needling_ended_at` is t0 of every "hours after", an aware instant; `zone` is the IANA zone of the clinic.
    `max_depth_mm` is the deepest setting of the visit; `phototype` 1 to 6, None if not recorded.
    `anaesthetic` names the numbing product, None if none was used.
    `visit` of `visits` is the number of the treatment in its course.
    """

    language: str
    text_version: int
    zone: str
    needling_ended_at: datetime
    areas: tuple[TreatedArea, ...]
    max_depth_mm: float
    phototype: int | None
    anaesthetic: str | None
    products: tuple[str, ...]
    reaction: Reaction
    note: str
    practitioner: str
    is_last: bool
    next_visit: NextVisit | None
    clinic: Clinic
    patient: str
    record_number: str
    visit: int
    visits: int


@dataclass(frozen=True)
class Line:
    """One printed sentence group with the block it came from and the clinical row that block rests on."""

    code: str
    text: str
    source: str


@dataclass(frozen=True)
class Header:
    """Who, which visit, when, where on the body, and with what."""

    title: str
    patient: str
    visit: str
    finished: str
    treated: str
    used: str
    clinic: Clinic


@dataclass(frozen=True)
class Row:
    """One stretch of days, in local ISO dates; `last_on` is "" for "from then on"."""

    code: str
    when: str
    detail: str
    first_on: str
    last_on: str
    normal: tuple[Line, ...]
    todo: tuple[Line, ...]


@dataclass(frozen=True)
class Timeline:
    """The day by day table; `remark` says how redness looks on brown and black skin, where that helps."""

    when: str
    normal: str
    todo: str
    rows: tuple[Row, ...]
    remark: Line | None


@dataclass(frozen=True)
class Section:
    """A heading over a list."""

    heading: str
    items: tuple[Line, ...]


@dataclass(frozen=True)
class Note:
    """The practitioner's own words, printed as written."""

    label: str
    text: str


@dataclass(frozen=True)
class CallUs:
    """When to call: the same day, soon, at the next visit, and the emergency number."""

    heading: str
    items: tuple[Line, ...]
    later: tuple[Line, ...]
    emergency: tuple[Line, ...]


@dataclass(frozen=True)
class Footer:
    """Which text this is and whose sheet it is."""

    text: str
    reference: str


@dataclass(frozen=True)
class SheetContent:
    """One whole sheet; equal facts and texts give equal content. `starts_on` is the local date of day 0.

    `notice` stands above everything: texts that are no real ones say so there.
    """

    schema: int
    language: str
    direction: str
    text_version: int
    starts_on: str
    header: Header
    timeline: Timeline
    do: Section
    do_not: Section
    note: Note | None
    warning: CallUs
    next_visit: Section
    footer: Footer
    notice: str = ""

    def as_data(self) -> dict[str, Any]:
        """The same content as dictionaries, tuples and strings: what JSON stores and templates read."""
        return asdict(self)


@dataclass(frozen=True)
class VisitFacts:
    """One visit of a course for the itinerary; the window is None where the visit has none (the first)."""

    n: int
    start: datetime
    end: datetime
    practitioner: str
    room: str
    earliest_on: date | None
    latest_on: date | None


@dataclass(frozen=True)
class ItineraryFacts:
    """Everything printed on a course's itinerary; gaps and numbing in days and minutes."""

    language: str
    zone: str
    patient: str
    record_number: str
    course: str
    clinic: Clinic
    visits: tuple[VisitFacts, ...]
    gap_min_days: int
    gap_max_days: int
    numbing_minutes: int
    printed_on: date
    review: NextVisit | None = None


@dataclass(frozen=True)
class AxisMonth:
    """The first of a month on the course's axis; `at` runs from 0 (left) to 1."""

    label: str
    at: float


@dataclass(frozen=True)
class AxisVisit:
    """A visit on the axis with its window, if it has one."""

    n: int
    label: str
    at: float
    window_from: float | None
    window_to: float | None


@dataclass(frozen=True)
class AxisGap:
    """The gap between two visits in words."""

    words: str
    start: float
    end: float


@dataclass(frozen=True)
class Axis:
    """The drawing of the course; `described` says the same in words for a screen reader."""

    months: tuple[AxisMonth, ...]
    visits: tuple[AxisVisit, ...]
    gaps: tuple[AxisGap, ...]
    described: str
    caption: str


@dataclass(frozen=True)
class ItineraryVisit:
    """One row of the table of visits, all in words."""

    n: int
    on: str
    time: str
    practitioner: str
    room: str
    stop_on: str


@dataclass(frozen=True)
class Itinerary:
    """One whole itinerary in one language."""

    schema: int
    language: str
    direction: str
    title: str
    patient: str
    course: str
    span: str
    clinic: Clinic
    axis: Axis
    columns: tuple[str, ...]
    visits: tuple[ItineraryVisit, ...]
    before: Section
    tell_us: Section
    change: Section
    footer: Footer
    notice: str = ""
    review: Section | None = None

    def as_data(self) -> dict[str, Any]:
        """The same content as dictionaries, tuples and strings."""
        return asdict(self)
