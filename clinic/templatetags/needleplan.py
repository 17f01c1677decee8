"""Tags and filters every page may use: icons, states, dates in words, timelines."""

import datetime as dt
from collections.abc import Iterable, Sequence
from functools import cache, lru_cache
from html import escape
from zoneinfo import ZoneInfo

from django import template
from django.forms import BoundField
from django.forms.boundfield import BoundWidget
from django.forms.utils import flatatt
from django.urls import reverse
from django.utils import timezone
from django.utils.html import format_html
from django.utils.safestring import SafeString

from clinic import clock as clinic_clock
from clinic import permissions, timeline_svg, words
from clinic.timeline import Axis, Mark, Span, Window

register = template.Library()
KEY = 987654321  # stands for any row while an address is taken apart


@register.simple_tag
def icon(name: str, css: str = "", label: str = "") -> SafeString:
    """Draw a Bootstrap icon; without a label it is decoration and hidden from screen readers."""
    classes = f"bi bi-{name} {css}".rstrip()
    if label:
        return format_html('<i class="{}" role="img" aria-label="{}"></i>', classes, label)
    return _decoration(classes)


@cache
def _decoration(classes: str) -> SafeString:
    return format_html('<i class="{}" aria-hidden="true"></i>', classes)


def filled(html: str, *values: object) -> SafeString:
    """Fill markup with escaped values, as `format_html` does without its detour for lazy texts.

    For pages of thousands of values: that detour was a third of the time of a week of the board.
    """
    return SafeString(
        html.format(*(one if isinstance(one, int | SafeString) else escape(str(one)) for one in values))
    )


def joined(parts: Iterable[SafeString]) -> SafeString:
    """Join pieces of markup; what is not marked as markup is escaped."""
    return SafeString("".join(one if isinstance(one, SafeString) else escape(one) for one in parts))


@register.simple_tag
def page(url_name: str, key: int) -> str:
    """Return the address of the page of one row; lists have hundreds, and `url` looks each one up anew."""
    before, after = _around(url_name)
    return f"{before}{int(key)}{after}"


@cache
def _around(url_name: str) -> tuple[str, str]:
    """What stands before and after the key in the addresses of this name."""
    before, _, after = reverse(url_name, args=[KEY]).partition(str(KEY))
    return before, after


@register.simple_tag
@lru_cache(maxsize=256, typed=True)  # a list has hundreds of the same few
def status_pill(status: str, word: str = "", large: bool = False) -> SafeString:
    """Show where a visit is, as a round pill; `word` replaces the usual word ("Numbing 24 min")."""
    state = words.STATUSES[status]
    size = " lg" if large else ""
    return format_html(
        '<span class="np-pill np-{}{}">{}{}</span>', state.css, size, icon(state.icon), word or state.word
    )


@register.simple_tag
@lru_cache(maxsize=256, typed=True)
def safety_tag(safety: str, word: str = "", large: bool = False) -> SafeString:
    """Show whether it is safe, as a square tag; takes a state or a verdict's outcome."""
    state = words.SAFETY[safety]
    size = " lg" if large else ""
    return format_html(
        '<span class="np-tag np-{}{}">{}<span>{}</span></span>',
        state.css,
        size,
        icon(state.icon),
        word or state.word,
    )


@register.filter
def safety_css(safety: str) -> str:
    """Return the colour class of a safety state or outcome."""
    return f"np-{words.SAFETY[safety].css}"


@register.filter
def safety_icon(safety: str) -> SafeString:
    """Return the icon of a safety state or outcome."""
    return icon(words.SAFETY[safety].icon)


@register.filter
def safety_word(safety: str) -> str:
    """Return the word of a safety state or outcome."""
    return words.SAFETY[safety].word


@register.filter
def status_css(status: str) -> str:
    """Return the colour class of a visit status."""
    return f"np-{words.STATUSES[status].css}"


@register.filter
def status_icon(status: str) -> SafeString:
    """Return the icon of a visit status."""
    return icon(words.STATUSES[status].icon)


@register.filter
def icon_name(status: str) -> str:
    """Return the name of the icon of a visit status."""
    return words.STATUSES[status].icon


@register.filter
def safety_icon_name(safety: str) -> str:
    """Return the name of the icon of a safety state or outcome."""
    return words.SAFETY[safety].icon


@register.filter
def status_word(status: str) -> str:
    """Return the word of a visit status."""
    return words.STATUSES[status].word


@register.simple_tag
def course_timeline(
    marks: Sequence[Mark], window: Window, today: dt.date | None = None, axis: Axis | None = None
) -> SafeString:
    """Draw a course; without an axis it spans the visits."""
    return timeline_svg.course(marks, window, axis, today)


@register.simple_tag
def proposal_timeline(
    marks: Sequence[Mark], window: Window, axis: Axis, closures: Sequence[Span] = ()
) -> SafeString:
    """Draw one proposal on the axis that all of them share."""
    return timeline_svg.proposal(marks, window, axis, closures)


@register.simple_tag
def month_axis(axis: Axis, closures: Sequence[Span] = ()) -> SafeString:
    """Draw the shared axis that stands above the proposals."""
    return timeline_svg.months(axis, closures)


@register.simple_tag
def difference_timeline(page, today: dt.date | None = None) -> SafeString:
    """Draw a course before and after a change; the page holds the visits, the axis and what is hatched."""
    return timeline_svg.difference(
        page.before, page.after, page.moved, page.window, page.axis, page.closures, page.hold, today
    )


@register.simple_tag
def mini_timeline(total: int, done: int, current: str = "") -> SafeString:
    """Draw a course in one line of text; `current` is the status of the visit after the done ones."""
    return timeline_svg.mini(total, done, current)


@register.filter
def day_date(day: dt.date | None, form: str = "") -> str:
    """Say a date as `Thu 3 Dec 2026`; form "short" leaves the year out, "plain" the weekday."""
    if not day:
        return ""
    return words.day_date(day, year=form != "short", weekday=form != "plain")


@register.filter
def gap_words(days: int) -> str:
    """Say a number of days as weeks and days."""
    return words.gap_words(days)


@register.filter
def late_words(days: int) -> str:
    """Say how far outside its window a visit is; empty inside."""
    return words.late_words(days)


@register.filter
def shift_words(days: int) -> str:
    """Say how far a visit moves."""
    return words.shift_words(days)


@register.filter
def clock(instant: dt.datetime | dt.time | None, zone: str | dt.tzinfo | None = None) -> str:
    """Say the time of day as `14:30`, in the zone given (a name or tzinfo) or in the active one.

    In the hour that comes twice it is `01:30 BST` or `01:30 GMT`.
    """
    if instant is None:
        return ""
    if isinstance(instant, dt.time):
        return instant.strftime("%H:%M")
    return clinic_clock.said_of(_wall(instant, zone))


@register.filter
def which_clock(instant: dt.datetime) -> str:
    """Return what stands behind a time of day that comes twice: ` BST` or ` GMT`; else nothing."""
    return clinic_clock.which_clock(_wall(instant, None))


@register.filter
def local_day(instant: dt.datetime | None, zone: str | dt.tzinfo | None = None) -> dt.date | None:
    """Return the calendar day of an instant in a zone, to be said by `day_date`."""
    return _wall(instant, zone).date() if instant else None


def _wall(instant: dt.datetime, zone: str | dt.tzinfo | None) -> dt.datetime:
    return timezone.localtime(instant, ZoneInfo(zone) if isinstance(zone, str) and zone else zone or None)


@register.filter
def age(born_on: dt.date | None, day: dt.date | None = None) -> int | str:
    """Count the completed years of a person, today in the active zone unless a day is given."""
    return words.age_on(born_on, day or timezone.localdate()) if born_on else ""


@register.filter
def dialled(phone: str) -> str:
    """Keep of a phone number what a telephone dials: digits, and a plus in front.

    The zero of "+44 (0)20" is for callers at home: after a country code it is not dialled.
    """
    abroad = phone.strip().startswith("+")
    digits = "".join(sign for sign in phone.replace("(0)", "" if abroad else "0") if sign.isdigit())
    return f"+{digits}" if abroad else digits


@register.filter
def initials(name: str) -> str:
    """Shorten a name to its first and last initial."""
    return words.initials(str(name))


@register.filter
def error_anchor(field: BoundField) -> str:
    """Return the id an error summary links to: the field, or the first choice of a group."""
    return field.id_for_label or f"{field.auto_id}_0"


@register.filter
def field_unit(field: BoundField) -> str:
    """Return the unit a number is counted in: the widget's `data-unit`."""
    return field.field.widget.attrs.get("data-unit", "")


@register.simple_tag
def choice_input(option: BoundWidget, css: str = "form-check-input") -> SafeString:
    """Write the radio button or checkbox of one choice, with the widget's attributes and these classes."""
    data = option.data
    attrs = {
        **data["attrs"],
        "class": css,
        "type": data["type"],
        "name": data["name"],
        "value": str(data["value"]),
        "checked": bool(data["selected"]),
    }
    return format_html("<input{}>", flatatt(attrs))


@register.filter
def may(user, url_name: str) -> bool:
    """Say whether this person may open a page, so that no button leads to a refusal."""
    return permissions.may(user, url_name)


@register.filter
def undo_url(message) -> str:
    """Return where a toast's Undo posts to: the part after `undo:` in the message's extra tags."""
    tags = (message.extra_tags or "").split()
    return next((tag.removeprefix("undo:") for tag in tags if tag.startswith("undo:")), "")
