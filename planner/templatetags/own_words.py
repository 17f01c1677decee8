"""Dates, lengths and gaps in the reader's language; their parts never break over lines."""

import datetime as dt

from django import template
from django.utils import formats, timezone
from django.utils.translation import get_language, ngettext
from django.utils.translation import gettext as _

from clinic import clock
from patients.languages import spoken
from patients.models import Consent
from planner.engine.aftercare.shipped import SHIPPED

register = template.Library()
NBSP = "\u00a0"


@register.simple_tag
def other_languages() -> list[tuple[str, str]]:
    """The languages this page can be read in beside the present one: code and own name."""
    return [(code, name) for code, name in spoken().items() if code != (get_language() or "")[:2]]


@register.simple_tag
def test_notice() -> str:
    """What a page in a test language says above everything; "" in the others."""
    blocks = SHIPPED.get((get_language() or "")[:2])
    return blocks.notice if blocks else ""


@register.simple_tag
def consent_reason(consent: Consent) -> str:
    """What a consent is for, in the language of the page."""
    return str(consent.indication.name_in(get_language() or "en"))


@register.filter
def own_day(day: dt.date) -> str:
    """`Thu 7 Jan 2027`, `jue 7 ene 2027`."""
    return _joined(day)


@register.filter
def own_short_day(day: dt.date) -> str:
    """`Sat 5 Dec`, `sáb 5 dic`."""
    return _joined(day).rpartition(NBSP)[0]


@register.filter
def moment(instant: dt.datetime) -> str:
    """`Thu 7 Jan 2027, 16:30` on the clinic's clock, which is the active zone here."""
    wall = timezone.localtime(instant)
    comma = "،" if get_language() == "ar" else ","
    return f"{_joined(wall.date())}{comma}{NBSP}{clock.said_of(wall)}"


@register.filter
def duration(minutes: int) -> str:
    """`1 hour 30 min`."""
    hours, rest = divmod(minutes, 60)
    parts = [ngettext("%(n)s hour", "%(n)s hours", hours) % {"n": hours}] if hours else []
    if rest or not hours:
        parts.append(_("%(n)s min") % {"n": rest})
    return " ".join(parts).replace(" ", NBSP)


@register.filter
def long_gap(days: int) -> str:
    """`5 weeks`, or `37 days` where weeks do not go in evenly."""
    weeks, rest = divmod(days, 7)
    if rest or not weeks:
        return ngettext("%(n)s day", "%(n)s days", days) % {"n": days}
    return ngettext("%(n)s week", "%(n)s weeks", weeks) % {"n": weeks}


def _joined(day: dt.date) -> str:
    said = formats.date_format(day, "D j M Y").replace(" ", NBSP)
    # Spanish writes months small; Django's short ones begin with a capital.
    return said.lower() if get_language() == "es" else said
