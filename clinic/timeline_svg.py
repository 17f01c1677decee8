"""Draws timelines as SVG with percentage positions: no style, no script, sharp at any width and on paper."""

import datetime as dt
from collections.abc import Iterable, Sequence, Set

from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString, mark_safe

from clinic.timeline import Axis, Gap, Mark, Span, Window, gaps, held_marks
from clinic.words import MONTHS, STATUSES, day_date, gap_words, late_words

ONE_DAY = dt.timedelta(days=1)
LABEL_FITS = 92  # percent: the name of a month that begins later is cut off on a narrow card


def percent(value: float) -> str:
    """Write a position or width for an SVG attribute."""
    return f"{value:.2f}%"


def line(css: str, x1: float, x2: float, y1: int, y2: int) -> SafeString:
    """Draw a straight line between two positions in percent and two heights in pixels."""
    return format_html(
        '<line class="{}" x1="{}" x2="{}" y1="{}" y2="{}"/>', css, percent(x1), percent(x2), y1, y2
    )


def text(css: str, x: float, y: int, words: str) -> SafeString:
    """Write words at a position in percent."""
    return format_html('<text class="{}" x="{}" y="{}">{}</text>', css, percent(x), y, words)


def joined(parts: Iterable[SafeString]) -> SafeString:
    """Put safe fragments one after the other."""
    return format_html_join("", "{}", ((part,) for part in parts))


def picture(height: int, parts: Iterable[SafeString], label: str, css: str = "np-tl") -> SafeString:
    """Wrap the parts as an image that a screen reader reads as its label."""
    return format_html(
        '<svg class="{}" height="{}" role="img" aria-label="{}">{}</svg>', css, height, label, joined(parts)
    )


def month_lines(axis: Axis, top: int, bottom: int, label_y: int | None = None) -> list[SafeString]:
    """Draw a line at each first of a month, named if `label_y` is given; January carries the year."""
    parts = []
    for index, month in enumerate(axis.months()):
        parts.append(line("grid", axis.at(month), axis.at(month), top, bottom))
        if label_y is not None:
            year = f" {month.year}" if index == 0 or month.month == 1 else ""
            words = f"{MONTHS[month.month - 1]}{year}"
            at_end = axis.at(month) > LABEL_FITS  # the name would leave the picture: write it before its line
            side = mark_safe('dx="-5" text-anchor="end"' if at_end else 'dx="5"')  # noqa: S308 - constants
            place = percent(axis.at(month))
            parts.append(
                format_html('<text class="q" x="{}" {} y="{}">{}</text>', place, side, label_y, words)
            )
    return parts


def span_box(axis: Axis, span: Span, y: int, height: int, css: str = "closed", fill: str = "np-hatch"):
    """Hatch a stretch of days, both ends included."""
    start, end = axis.at(span.first), axis.at(span.last + ONE_DAY)
    return format_html(
        '<rect class="{}" fill="url(#{})" x="{}" width="{}" y="{}" height="{}"><title>{}</title></rect>',
        css,
        fill,
        percent(start),
        percent(end - start),
        y,
        height,
        span.label,
    )


def closure_boxes(axis: Axis, closures: Iterable[Span], y: int, height: int) -> list[SafeString]:
    """Hatch the closures that lie on the axis."""
    return [
        span_box(axis, span, y, height)
        for span in closures
        if span.first <= axis.last and axis.first <= span.last
    ]


def window_boxes(axis: Axis, marks: Sequence[Mark], window: Window, y: int, half: int) -> list[SafeString]:
    """Shade the window after each held visit but the last."""
    parts = []
    for mark in held_marks(marks)[:-1]:
        earliest, latest = window.after(mark.on)
        start, end = axis.at(earliest), axis.at(latest)
        parts.append(
            format_html(
                '<rect class="win" rx="3" x="{}" width="{}" y="{}" height="{}"/>',
                percent(start),
                percent(end - start),
                y - half,
                2 * half,
            )
        )
        parts += [
            line("winedge", axis.at(day), axis.at(day), y - half, y + half)
            for day in (earliest, latest)
            if axis.shows(day)
        ]
    return parts


def dot(axis: Axis, mark: Mark, y: int, css: str, radius: int = 11) -> SafeString:
    """Draw a numbered visit."""
    return format_html(
        '<svg x="{}" y="{}" overflow="visible" class="m {}"><circle r="{}"/><text y="4.2">{}</text></svg>',
        percent(axis.at(mark.on)),
        y,
        css,
        radius,
        mark.number,
    )


def date_above(axis: Axis, mark: Mark, y: int, css: str = "d mid") -> SafeString:
    """Write the date of a visit above it."""
    return text(css, axis.at(mark.on), y, day_date(mark.on, year=False))


def spoken(marks: Iterable[Mark], with_status: bool = True) -> str:
    """Say the visits for a screen reader."""
    words = []
    for mark in marks:
        state = f" {STATUSES[mark.status].word.lower()}" if with_status else ""
        words.append(f"visit {mark.number} {day_date(mark.on)}{state}")
    return "; ".join(words)


def track(axis: Axis, marks: Sequence[Mark], y: int, today: dt.date | None = None) -> list[SafeString]:
    """Draw the line through the held visits, and over it how far today has come."""
    held = held_marks(marks)
    if not held:
        return []
    start, end = axis.at(held[0].on), axis.at(held[-1].on)
    parts = [line("track", start, end, y, y)]
    if today and today > held[0].on:
        parts.append(line("track done", start, axis.at(min(today, held[-1].on)), y, y))
    return parts


def gap_middle(axis: Axis, gap: Gap) -> float:
    """Return the position half way between two visits."""
    return (axis.at(gap.before.on) + axis.at(gap.after.on)) / 2


def gap_bracket(axis: Axis, gap: Gap, y: int) -> list[SafeString]:
    """Draw the bracket below a gap with its length; a gap outside its window says by how much."""
    bad = " bad" if gap.late_days else ""
    words = " · ".join(part for part in (gap_words(gap.days), late_words(gap.late_days)) if part)
    inset = 2 * ONE_DAY if gap.days > 8 else ONE_DAY * 0
    start, end = axis.at(gap.before.on + inset), axis.at(gap.after.on - inset)
    parts = [line(f"gap{bad}", start, end, y, y)]
    parts += [line(f"gap{bad}", edge, edge, y - 4, y + 4) for edge in (start, end)]
    return [*parts, text(f"gapt{bad}", gap_middle(axis, gap), y + 20, words)]


def course(
    marks: Sequence[Mark], window: Window, axis: Axis | None = None, today: dt.date | None = None
) -> SafeString:
    """Draw a course: numbered visits, the window after each, the gaps below, a ring round today's visit."""
    if not marks:
        return mark_safe("")  # noqa: S308 - a constant
    axis = axis or Axis.around(mark.on for mark in marks)
    y = 82
    parts = [*month_lines(axis, 4, 118, 14), *window_boxes(axis, marks, window, y, 24)]
    parts += track(axis, marks, y, today)
    for gap in gaps(marks, window):
        parts += gap_bracket(axis, gap, y + 40)
    if today and axis.shows(today) and today not in {mark.on for mark in marks}:
        parts.append(line("now", axis.at(today), axis.at(today), y - 32, y + 30))
    for mark in sorted(marks, key=lambda mark: mark.held):
        parts += _course_mark(axis, mark, y, today)
    return picture(152, parts, f"Course timeline: {spoken(marks)}")


def _course_mark(axis: Axis, mark: Mark, y: int, today: dt.date | None) -> list[SafeString]:
    css = f"np-{STATUSES[mark.status].css}"
    parts = [date_above(axis, mark, y - 32)] if mark.held else []
    if mark.on == today:
        parts.append(
            format_html(
                '<svg x="{}" y="{}" overflow="visible" class="{}"><circle class="ring" r="17"/></svg>',
                percent(axis.at(mark.on)),
                y,
                css,
            )
        )
        css += " solid"
    return [*parts, dot(axis, mark, y, css, 12)]


def proposal(marks: Sequence[Mark], window: Window, axis: Axis, closures: Sequence[Span] = ()) -> SafeString:
    """Draw one proposal on the axis that all proposals share; closures are hatched."""
    y, height = 44, 92
    parts = [*month_lines(axis, 0, height - 2), *closure_boxes(axis, closures, y - 16, 32)]
    parts += [*window_boxes(axis, marks, window, y, 16), *track(axis, marks, y)]
    for gap in gaps(marks, window):
        bad = " bad" if gap.late_days or gap.after.warn else ""
        parts.append(text(f"gapt{bad}", gap_middle(axis, gap), y + 37, gap_words(gap.days)))
    for mark in marks:
        css = "np-planned solid" if mark.status == "planned" else f"np-{STATUSES[mark.status].css}"
        parts += [date_above(axis, mark, 17), dot(axis, mark, y, css)]
    return picture(height, parts, spoken(marks, with_status=False))


def difference(
    before: Sequence[Mark],
    after: Sequence[Mark],
    moved: Set[int],
    window: Window,
    axis: Axis,
    closures: Sequence[Span] = (),
    hold: Span | None = None,
    today: dt.date | None = None,
) -> SafeString:
    """Draw a course before (ghosts, above) and after (below), with an arrow for every visit that moves."""
    old, new, height = 72, 176, 246
    parts = [*month_lines(axis, 4, height - 4, 14)]
    parts += [*closure_boxes(axis, closures, old - 16, 32), *closure_boxes(axis, closures, new - 16, 32)]
    if hold:
        parts.append(span_box(axis, hold, old - 16, new - old + 32, "holdz", "np-hatch-hold"))
    parts += window_boxes(axis, after, window, new, 16)
    parts += [*track(axis, before, old), *track(axis, after, new)]
    if today and axis.shows(today):
        parts.append(line("now", axis.at(today), axis.at(today), 26, new + 50))
        parts.append(text("nowt mid", axis.at(today), new + 64, "Today"))
    goes = {mark.number: mark for mark in after}
    for mark in before:
        if mark.number in moved:
            parts += _arrow(axis, mark.on, goes[mark.number].on, old, new)
    for gap in gaps(after, window):
        bad = " bad" if gap.late_days else ""
        parts.append(text(f"gapt{bad}", gap_middle(axis, gap), new + 37, gap_words(gap.days)))
    parts += _old_marks(axis, before, {mark.number for mark in after} - moved, old)
    parts += _new_marks(axis, after, {mark.number for mark in before} - moved, new)
    words = [
        f"visit {mark.number} {day_date(mark.on)} to {day_date(goes[mark.number].on)}"
        for mark in before
        if mark.number in moved
    ]
    return picture(height, parts, "Before and after. " + "; ".join(words))


def _old_marks(axis: Axis, marks: Sequence[Mark], stay: Set[int], y: int) -> list[SafeString]:
    """Draw the visits before a change; those that leave are ghosts."""
    parts = []
    for mark in marks:
        stays = mark.number in stay
        parts.append(date_above(axis, mark, y - 20, "d mid" if stays else "q mid"))
        parts.append(dot(axis, mark, y, f"np-{STATUSES[mark.status].css}" if stays else "ghost"))
    return parts


def _new_marks(axis: Axis, marks: Sequence[Mark], stay: Set[int], y: int) -> list[SafeString]:
    """Draw the visits after a change; those that are new have their date."""
    parts = []
    for mark in marks:
        if mark.number in stay:
            parts.append(dot(axis, mark, y, f"np-{STATUSES[mark.status].css}"))
        else:
            parts += [_date_on_ground(axis, mark, y - 20), dot(axis, mark, y, "np-planned solid")]
    return parts


def _arrow(axis: Axis, start: dt.date, end: dt.date, old: int, new: int) -> list[SafeString]:
    return [
        line("move", axis.at(start), axis.at(end), old + 13, new - 36),
        format_html(
            '<svg x="{}" y="{}" overflow="visible"><path class="movehead" d="M-4.5 -5L4.5 -5L0 3Z"/></svg>',
            percent(axis.at(end)),
            new - 34,
        ),
    ]


def _date_on_ground(axis: Axis, mark: Mark, y: int) -> SafeString:
    """Write a date above a visit on the card's colour, so that an arrow behind it does not cross it."""
    return format_html(
        '<svg x="{}" y="{}" overflow="visible">'
        '<rect class="bg" x="-36" y="-12" width="72" height="16" rx="3"/><text class="d mid">{}</text></svg>',
        percent(axis.at(mark.on)),
        y,
        day_date(mark.on, year=False),
    )


def months(axis: Axis, closures: Sequence[Span] = ()) -> SafeString:
    """Draw the shared axis above a set of proposals: the months and the closures."""
    height = 40
    parts = [*month_lines(axis, 18, height, 14), *closure_boxes(axis, closures, 22, 8)]
    parts.append(line("axis", 0, 100, height - 1, height - 1))
    return picture(height, parts, "Month axis")


def mini(total: int, done: int, current: str = "") -> SafeString:
    """Draw a course of `total` visits in one line of text; `current` is the status of the next one."""
    parts = [format_html('<line class="track" x1="8" x2="{}" y1="8" y2="8"/>', 8 + 18 * (total - 1))]
    for index in range(total):
        css = "np-completed" if index < done else "np-planned"
        if current and index == done:
            css = f"np-{STATUSES[current].css} solid"
        parts.append(
            format_html(
                '<svg x="{}" y="8" overflow="visible" class="m {}"><circle r="5.5"/></svg>',
                8 + 18 * index,
                css,
            )
        )
    return format_html(
        '<svg class="np-tl np-tl-mini" width="{}" height="16" role="img" aria-label="{}">{}</svg>',
        16 + 18 * (total - 1),
        f"{done} of {total} done",
        joined(parts),
    )
