"""Draws what stands in a column of the board or in a day of its week; a day has hundreds of these blocks."""

from collections.abc import Sequence
from functools import lru_cache

from django import template
from django.utils.html import format_html
from django.utils.safestring import SafeString

from clinic import words
from clinic.templatetags.needleplan import clock, filled, icon, joined
from planner.models import Appointment
from planner.queries.board import Block
from planner.queries.today import Row

register = template.Library()
SHORT, MID = 5, 7  # ticks below which a block has room for one line, for two
VISIT = (
    '<li class="np-ev-b np-r{} np-s{} np-{}{}"><a class="np-ev" href="{}visit={}" data-visit="{}"{}{}'
    ' title="{} {}{}"><span class="t">{}{}{}</span><b>{}</b><span class="s">{}</span></a></li>\n'
)
MOVE = ' data-move data-start="{}"'
PICKED = format_html(' aria-current="{}"', "true")
MOVES = format_html(" data-move{}", "")
NUMBING = (
    '<li class="np-ev-b is-numb np-r{} np-s{}"><span class="np-ev-numb">Numbing'
    '<span class="visually-hidden"> {} {}</span></span></li>\n'
)
AFTER = (
    '<li class="np-ev-b is-{0} np-r{1} np-s{2}" title="{3} {4}"><span class="visually-hidden">{3} {4}</span>'
    "</li>\n"
)
FREE = (
    '<li class="np-ev-b is-free np-r{} np-s{}"><a class="np-ev-free" href="{}"><span class="t">{}{}</span>'
    '<b>Free</b><span class="s">{}</span></a></li>\n'
)
GROUND = (
    '<li class="np-ev-b is-ground is-{} np-r{} np-s{}"><span class="np-ev-off">{}'
    '<span class="visually-hidden"> {}</span></span></li>\n'
)
IN_WEEK = (
    '<li class="np-{}"><a class="np-ev" href="{}visit={}" data-visit="{}"{}{}>'
    '<span class="t">{}{}</span><b>{}</b></a></li>'
)


@register.simple_tag
def board_blocks(blocks: Sequence[Block], here: str, zone: str, picked: int | None) -> SafeString:
    """Draw the blocks of a column; `here` begins the address of a visit, `picked` is the key of one."""
    return joined(_block(one, here, zone, picked) for one in blocks)


@register.simple_tag
def board_day(rows: Sequence[Row], here: str, zone: str, picked: int | None) -> SafeString:
    """Draw the visits of one day of a week."""
    return joined(filled(IN_WEEK, *_in_week(row, here, zone, picked)) for row in rows)


@lru_cache(maxsize=256, typed=True)  # states and flags, a few dozen
def _sign(name: str, css: str, label: str) -> SafeString:
    return icon(name, css, label)


def _block(block: Block, here: str, zone: str, picked: int | None) -> SafeString:
    place = (block.row, block.span)
    if block.kind == "visit":
        return _visit(block, here, zone, picked)
    if block.kind == "numbing":
        return filled(NUMBING, *place, block.visit.appointment.patient, block.times)
    if block.visit:
        return filled(AFTER, block.kind, *place, block.label, block.times)
    if block.kind == "free":
        return filled(FREE, *place, block.url, icon("plus-circle"), block.times, block.label)
    return filled(GROUND, block.kind, *place, block.label, block.times)


def _visit(block: Block, here: str, zone: str, picked: int | None) -> SafeString:
    row, visit = block.visit, block.visit.appointment
    state = words.STATUSES[row.state]
    alike = f". Similar name: {row.namesakes}" if row.namesakes else ""
    return filled(
        VISIT,
        block.row,
        block.span,
        state.css,
        _room(block),
        here,
        visit.pk,
        visit.pk,
        filled(MOVE, block.clock.minute_of(visit.start)) if _may_move(visit) else "",
        PICKED if picked == visit.pk else "",
        block.times,
        visit.patient,
        alike,
        _sign(state.icon, "", row.word),
        block.begins,
        _flags(row),
        visit.patient,
        _what(visit),
    )


def _room(block: Block) -> str:
    slim = " is-slim" if block.is_slim else ""
    return slim + (" is-short" if block.span < SHORT else " is-mid" if block.span < MID else "")


def _may_move(visit: Appointment) -> bool:
    return visit.status == "booked" and visit.course_id is not None


def _flags(row: Row) -> SafeString | str:
    """What the desk has to see at a glance of a visit that is not over."""
    if row.is_done:
        return ""
    found: SafeString | str = ""
    if row.safety and row.safety != "cleared":
        safety = words.SAFETY[row.safety]
        found = _sign(safety.icon, f"flag {row.safety}", safety.word)
    if row.namesakes:
        found += _sign("people", "flag", "similar name that day")
    return found


def _what(visit: Appointment) -> str:
    if visit.course is None:
        return visit.get_kind_display()
    return f"{visit.number}/{visit.course.sessions} {visit.course.indication}"


def _in_week(row: Row, here: str, zone: str, picked: int | None) -> tuple:
    visit, state = row.appointment, words.STATUSES[row.state]
    return (
        state.css,
        here,
        visit.pk,
        visit.pk,
        MOVES if _may_move(visit) else "",
        PICKED if picked == visit.pk else "",
        _sign(state.icon, "", row.word),
        clock(visit.start, zone),
        visit.patient,
    )
