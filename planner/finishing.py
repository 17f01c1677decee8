"""The finish step (clinical-facts 5): what is refused when it is saved."""

import datetime as dt

from clinic.refusals import Refusal
from planner.models import TreatmentSession


def refuse_finish(session: TreatmentSession, at: dt.datetime) -> None:
    """Refuse an observation that cannot be, and minutes of pressure that do not belong."""
    until, ended = session.observed_until_at, session.needling_ended_at
    if until and until > at + dt.timedelta(minutes=1):
        raise Refusal("time_ahead", "This time has not come yet.", field="observed_until_at")
    if until and ended and until < ended:
        raise Refusal("times_reversed", "Observation ends after needling ends.", field="observed_until_at")
    if session.bleeding not in ("", *TreatmentSession.Bleeding.values):
        raise Refusal("unknown_choice", "Pick how much it bled from the list.", field="bleeding")
    minutes, pressed = session.pressure_minutes, session.bleeding == TreatmentSession.Bleeding.PRESSURE
    if minutes is not None and (minutes < 1 or not pressed):
        raise Refusal(
            "pressure_minutes",
            "Minutes of pressure belong to bleeding that needed pressure.",
            "Pick “Needed pressure”, or leave the minutes empty.",
            field="pressure_minutes",
        )
