"""Deciding and clearing, as the tests do it."""

import datetime as dt

from patients import screenings

DAY = dt.timedelta(days=1)


def codes(screening):
    """Outcome by rule code as stored."""
    return dict(screening.findings.values_list("code", "outcome"))


def decide(finding, by, choice="accept", reason="Talked it through.", **kwargs):
    """One decision with a reason."""
    return screenings.decide_finding(finding, choice=choice, reason=reason, by=by, **kwargs)


def clear(finding, by, on, note="Seen today.", **kwargs):
    """One clearing record."""
    return screenings.clear_finding(finding, happened_on=on, note=note, by=by, **kwargs)
