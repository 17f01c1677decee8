"""Numbing limits of the product's label (clinical-facts 4.1, 4.2): what is refused."""

import datetime as dt

from clinic import clock
from clinic.models import Product
from clinic.refusals import Refusal
from patients.screenings import start_gate_for
from planner.models import TreatmentSession
from planner.scanning import refuse_recalled
from planner.treatment import SKIN_CM2

# Which active agents a product holds, as the screening names them.
AGENTS = {
    Product.Agent.LIDOCAINE: ("lidocaine",),
    Product.Agent.LIDOCAINE_PRILOCAINE: ("lidocaine", "prilocaine"),
    Product.Agent.LIDOCAINE_TETRACAINE: ("lidocaine", "tetracaine"),
    Product.Agent.TETRACAINE: ("tetracaine",),
}


def refuse_numbing(session: TreatmentSession, at: dt.datetime, *, is_other: bool = True) -> None:
    """Refuse doses over the label, expired or blocked cream, and times that cannot be.

    `is_other` says that the cream is another than before or goes on now: then the screening is asked.
    """
    _refuse_amounts(session)
    _refuse_times(session, at)
    _refuse_own_times(session, at)
    lot = session.numbing_lot
    if not session.numbing_used or lot is None:
        return
    product = lot.product
    _refuse_lot(session, lot, at)
    if product.needs_prescriber and session.numbing_on_at and not session.numbing_prescriber.strip():
        raise Refusal(
            "prescriber_missing",
            f"{product} is used only where somebody prescribed it.",
            "Write who, or take another cream.",
            field="numbing_prescriber",
        )
    if product.max_grams is not None and (session.numbing_grams or 0) > product.max_grams:
        raise Refusal(
            "too_many_grams",
            f"{product} allows {product.max_grams} g per visit.",
            "Use less.",
            field="numbing_grams",
        )
    if product.max_area_cm2 is not None and (session.numbing_area_cm2 or 0) > product.max_area_cm2:
        raise Refusal(
            "too_large_area",
            f"{product} allows {product.max_area_cm2} cm² per visit.",
            "Treat part of it at another visit.",
            field="numbing_area_cm2",
        )
    if is_other:
        _refuse_blocked_agent(session, product)


def refuse_needling(session: TreatmentSession, at: dt.datetime) -> None:
    """Needling starts when the cream is off and removed, or when none was used (clinical-facts 4.2)."""
    start, end = session.needling_started_at, session.needling_ended_at
    if start is None and end is None:
        return
    if session.numbing_used is None:
        raise Refusal("numbing_open", "Say first whether numbing cream was used.", "Go to the numbing step.")
    if session.numbing_used and not session.numbing_off_at:
        raise Refusal("cream_on", "Needling starts after the cream is off and removed.", "Take it off first.")
    own_off = session.own_cream_off_at
    if session.own_cream and (not own_off or (start and start < own_off)):
        raise Refusal(
            "own_cream_on",
            "Needling starts after the patient's own cream is off and removed.",
            "Write in the numbing step when it came off.",
            field="needling_started_at" if own_off else "",
        )
    _refuse_needling_times(session, at)


def _refuse_needling_times(session: TreatmentSession, at: dt.datetime) -> None:
    start, end = session.needling_started_at, session.needling_ended_at
    soon, field = at + dt.timedelta(minutes=1), "needling_started_at"
    if start is None:
        raise Refusal("start_missing", "Write when needling started.", field=field)
    if start > soon or (end and end > soon):
        late = field if start > soon else "needling_ended_at"
        raise Refusal("time_ahead", "This time has not come yet.", field=late)
    if start < session.started_at - dt.timedelta(minutes=1):
        raise Refusal("before_start", "Needling starts after the visit has started.", field=field)
    if session.numbing_off_at and start < session.numbing_off_at:
        raise Refusal("cream_on", "Needling starts after the cream is off and removed.", field=field)
    if end and end < start:
        raise Refusal("times_reversed", "Needling ends after it starts.", field="needling_ended_at")


def _refuse_amounts(session: TreatmentSession) -> None:
    for name in ("numbing_grams", "numbing_area_cm2", "own_cream_grams"):
        if (getattr(session, name) or 0) < 0:
            raise Refusal("negative", "An amount is 0 or more.", field=name)
    if (session.numbing_area_cm2 or 0) > SKIN_CM2[-1]:
        raise Refusal("skin_range", "An area of skin runs from 1 to 2000 cm².", field="numbing_area_cm2")
    if session.numbing_sites is not None and session.numbing_sites < 1:
        raise Refusal("sites_range", "Cream that was used lies on one site or more.", field="numbing_sites")


def _refuse_own_times(session: TreatmentSession, at: dt.datetime) -> None:
    """The own cream may have gone on at home, before the visit."""
    on, off = session.own_cream_on_at, session.own_cream_off_at
    soon = at + dt.timedelta(minutes=1)
    for name, moment in (("own_cream_on_at", on), ("own_cream_off_at", off)):
        if moment and moment > soon:
            raise Refusal("time_ahead", "This time has not come yet.", field=name)
    if on and off and off < on:
        raise Refusal("times_reversed", "The own cream came off after it went on.", field="own_cream_off_at")


def _refuse_times(session: TreatmentSession, at: dt.datetime) -> None:
    on, off = session.numbing_on_at, session.numbing_off_at
    soon = at + dt.timedelta(minutes=1)
    if (on and on > soon) or (off and off > soon):
        raise Refusal("time_ahead", "This time has not come yet.", field="numbing_on_at")
    if off and not on:
        raise Refusal("on_missing", "Write when the cream went on.", field="numbing_on_at")
    if on and off and off < on:
        raise Refusal("times_reversed", "The cream came off after it went on.", field="numbing_off_at")
    if on and on < session.started_at - dt.timedelta(minutes=1):
        raise Refusal("before_start", "The cream goes on after the visit has started.", field="numbing_on_at")


def _refuse_lot(session: TreatmentSession, lot, at: dt.datetime) -> None:
    location = session.appointment.location
    if lot.product.kind != Product.Kind.NUMBING or lot.location_id != location.pk:
        raise Refusal("wrong_lot", "Pick a numbing cream in stock here.", field="numbing_lot")
    if not session.needling_started_at:  # what was used stays in the record
        refuse_recalled(lot, "numbing_lot")
    if lot.expires_on < clock.local_date(at, location.time_zone):
        raise Refusal(
            "expired_lot", f"Lot {lot.number} has expired.", "Take another one.", field="numbing_lot"
        )


def _refuse_blocked_agent(session: TreatmentSession, product: Product) -> None:
    gate = start_gate_for(
        session.patient,
        indication=session.appointment.course.indication,
        areas=[link.area for link in session.appointment.areas.select_related("area")],
        on=session.appointment.on,
        consent_read_on=session.appointment.on,
        zone=session.appointment.location.time_zone,
    )
    blocked = set(AGENTS[product.agent]) & {str(agent) for agent in gate.blocked_agents}
    if blocked:
        raise Refusal(
            "agent_blocked",
            f"The screening rules out {', '.join(sorted(blocked))} for this patient.",
            "Pick another cream, or none.",
            field="numbing_lot",
        )
