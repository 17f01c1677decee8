"""When somebody answers the phone, in the words of the active language."""

import datetime as dt
from collections.abc import Sequence
from itertools import groupby

from django.utils.dates import WEEKDAYS_ABBR
from django.utils.translation import gettext as _

Span = tuple[dt.time, dt.time]


def phone_words(week: Sequence[Span | None]) -> str:
    """`Mon to Fri, 08:00 to 20:00; Sat, 09:00 to 13:00`, of seven days from Monday; "" if nobody answers.

    None stands for a day on which nobody does.
    """
    if week[0] and all(span == week[0] for span in week):
        return _("Every day, %(hours)s") % {"hours": _hours(week[0])}
    said = []
    for span, run in groupby(range(7), key=lambda day: week[day]):
        days = list(run)
        if span:
            said.append(f"{_days(days[0], days[-1])}{_(', ')}{_hours(span)}")
    return _("; ").join(said)


def _hours(span: Span) -> str:
    return _("%(first)s to %(last)s") % {"first": f"{span[0]:%H:%M}", "last": f"{span[1]:%H:%M}"}


def _days(first: int, last: int) -> str:
    one, other = str(WEEKDAYS_ABBR[first]), str(WEEKDAYS_ABBR[last])
    return one if first == last else _("%(first)s to %(last)s") % {"first": one, "last": other}
