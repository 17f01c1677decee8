"""Draws an itinerary's axis as SVG, in the itinerary's own language."""

from django import template
from django.utils.html import format_html
from django.utils.safestring import SafeString

from clinic.timeline_svg import line, percent, picture, text
from planner.engine.aftercare.model import Axis, AxisVisit

register = template.Library()
MIDDLE = 82  # pixels: where the line of visits runs
INSET = 1.2  # percent: a bracket keeps off the visits at its ends


@register.simple_tag
def itinerary_axis(axis: Axis) -> SafeString:
    """Draw months, windows, visits and gaps; a screen reader hears the axis in words."""
    ends = [visit.at * 100 for visit in axis.visits]
    parts = []
    for month in axis.months:
        parts.append(line("grid", month.at * 100, month.at * 100, 4, 118))
        parts.append(
            format_html(
                '<text class="q" x="{}" dx="5" y="14">{}</text>', percent(month.at * 100), month.label
            )
        )
    parts += [part for visit in axis.visits for part in _window(visit)]
    parts.append(line("track", ends[0], ends[-1], MIDDLE, MIDDLE))
    parts += [part for gap in axis.gaps for part in _gap(gap.start * 100, gap.end * 100, gap.words)]
    parts += [part for visit in axis.visits for part in _visit(visit)]
    return picture(152, parts, axis.described)


def _window(visit: AxisVisit) -> list[SafeString]:
    if visit.window_from is None or visit.window_to is None:
        return []
    start, end = visit.window_from * 100, visit.window_to * 100
    box = format_html(
        '<rect class="win" rx="3" x="{}" width="{}" y="{}" height="48"/>',
        percent(start),
        percent(end - start),
        MIDDLE - 24,
    )
    return [box, *(line("winedge", at, at, MIDDLE - 24, MIDDLE + 24) for at in (start, end))]


def _gap(start: float, end: float, words: str) -> list[SafeString]:
    low, high, y = start + INSET, end - INSET, MIDDLE + 40
    return [
        line("gap", low, high, y, y),
        *(line("gap", at, at, y - 4, y + 4) for at in (low, high)),
        text("gapt", (start + end) / 2, y + 20, words),
    ]


def _visit(visit: AxisVisit) -> list[SafeString]:
    at = percent(visit.at * 100)
    return [
        text("d mid", visit.at * 100, MIDDLE - 32, visit.label),
        format_html(
            '<svg x="{}" y="{}" overflow="visible" class="m np-confirmed">'
            '<circle r="12"/><text y="4.2">{}</text></svg>',
            at,
            MIDDLE,
            visit.n,
        ),
    ]
