"""Where a saved record differs from what an older page sends, for the refusal of a late save (H03)."""

import datetime as dt
from collections.abc import Iterator, Mapping
from decimal import Decimal
from typing import Any

from clinic import clock
from planner.models import SessionArea, TreatmentSession

LONGEST = 40  # characters of a note that are quoted
SUPPLIES = ("device", "glide_lot", "finishing_lot", "skin_prep", "depth_reason")
SUPPLIES += ("stopped_early", "speed_hz", "treated_cm2", "allergies_checked")
LABELS = {"skin_prep": "skin preparation", "glide_lot": "glide gel", "finishing_lot": "finishing cream"}


def differences(session: TreatmentSession, sent: Mapping[str, Any]) -> list[str]:
    """Name each field of one step whose saved value is not the one sent, with the saved value.

    `sent` are the values of `save_numbing` and `save_finish` by field, or `areas` and `supplies` of
    `save_treatment`.
    """
    if "supplies" not in sent:
        return [_said(session, name) for name, value in sent.items() if getattr(session, name) != value]
    supplies = sent["supplies"]
    used = [_said(session, name) for name in SUPPLIES if getattr(session, name) != getattr(supplies, name)]
    return [*used, *_times(session, sent.get("needling")), *_areas(session, sent["areas"])]


def _times(session: TreatmentSession, needling) -> Iterator[str]:
    for name in ("started_at", "ended_at"):
        stored = f"needling_{name}"
        if needling is not None and getattr(needling, name) != getattr(session, stored):
            yield _said(session, stored)


def _areas(session: TreatmentSession, sent) -> Iterator[str]:
    entries = {entry.area_id: entry for entry in sent}
    saved = {link.area_id: link for link in session.areas.select_related("area")}
    names = {
        link.area_id: link.area.name.lower() for link in session.appointment.areas.select_related("area")
    }
    for pk, name in names.items():
        link, entry = saved.get(pk), entries.get(pk)
        if link is None:
            if entry is not None:
                yield f"{name}: nothing"
        elif entry is None or _values(link) != _values(entry):
            yield f"{name}: {_area_words(link)}"


def _values(area) -> tuple:
    return (area.depth_mm, area.passes, area.technique, area.endpoint)


def _area_words(link: SessionArea) -> str:
    parts = [
        f"{link.depth_mm} mm" if link.depth_mm is not None else "",
        f"{link.passes} passes" if link.passes else "",
        link.get_technique_display().lower() if link.technique else "",
        link.get_endpoint_display().lower() if link.endpoint else "",
    ]
    return ", ".join(part for part in parts if part) or "nothing"


def _said(session: TreatmentSession, name: str) -> str:
    label = LABELS.get(name) or str(session._meta.get_field(name).verbose_name)
    words = _words(getattr(session, name), session)
    return label if words is None else f"{label}: {words}"


def _words(value: object, session: TreatmentSession) -> str | None:
    """The saved value in words; None for a text too long to quote."""
    if isinstance(value, bool):
        return "yes" if value else "no"
    if value in (None, "", []):
        return "nothing"
    if isinstance(value, dt.datetime):
        return clock.said(value, session.appointment.location.time_zone)
    if isinstance(value, list):
        return ", ".join(TreatmentSession.Reaction(code).label.lower() for code in value)
    if isinstance(value, Decimal):
        return f"{value:f}"
    text = str(value)
    return text if len(text) <= LONGEST else None
