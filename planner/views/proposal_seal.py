"""Proposals as their pages carry them: signed, so that only what was proposed comes back."""

import datetime as dt
import uuid
from collections.abc import Sequence
from dataclasses import asdict

from django.core import signing
from django.http import Http404

from planner.planning import CourseRequest, Slot

SALT = "planner.proposal"
PROPOSAL_LIVES = dt.timedelta(hours=2)  # after that the diary has moved on, ask again


def seal_proposal(patient_id: int, kind: str, asked: CourseRequest, slots: Sequence[Slot]) -> str:
    """A proposal as the page carries it: signed, so that only what was proposed comes back."""
    content = {
        "patient": patient_id,
        "kind": kind,
        "asked": asked.wishes(),
        "slots": [asdict(slot) | {"start": slot.start.isoformat()} for slot in slots],
        "key": str(uuid.uuid4()),
    }
    return signing.dumps(content, salt=SALT, compress=True)


def open_proposal(sealed: str, patient_id: int) -> tuple[dict, bool]:
    """What a sealed proposal holds, and whether it is young enough to be booked."""
    content = signing.loads(sealed, salt=SALT)
    if content["patient"] != patient_id:
        raise Http404("made for another patient")
    return _unpacked(content), _is_fresh(sealed)


def _is_fresh(sealed: str) -> bool:
    try:
        signing.loads(sealed, salt=SALT, max_age=PROPOSAL_LIVES)
    except signing.SignatureExpired:
        return False
    return True


def _unpacked(content: dict) -> dict:
    return {
        "request": CourseRequest.from_wishes(content["asked"]),
        "slots": [Slot.from_json(slot) for slot in content["slots"]],
        "proposal": content["kind"],
        "booking_key": uuid.UUID(content["key"]),
    }
