"""A confirmed-to-be change as its page carries it: signed, so that only what was shown comes back."""

import datetime as dt
import uuid
from dataclasses import asdict

from django.core import signing

from planner.models import Appointment
from planner.moving import Order
from planner.planning import Slot
from planner.previews import Kind, Move, Preview, Wanted

SALT = "planner.change"


def order_of(preview: Preview) -> Order:
    """What confirming a preview asks for."""
    wanted = preview.wanted
    about = wanted.row if wanted.frees_the_visit else None
    return Order(
        course_id=preview.course.pk,
        kind=wanted.kind,
        moves=preview.moves,
        about=about and about.pk,
        about_version=about and about.version,
        reason=wanted.reason,
        sessions=wanted.sessions,
    )


def seal(preview: Preview) -> str:
    """The order of a preview, what was wished, and a key that makes it count once."""
    order = asdict(order_of(preview))
    for move in order["moves"]:
        move["slot"]["start"] = move["slot"]["start"].isoformat()
    return signing.dumps(
        {"order": order, "wanted": _wanted(preview.wanted), "key": str(uuid.uuid4())},
        salt=SALT,
        compress=True,
    )


def unseal(sealed: str) -> tuple[Order, dict, uuid.UUID]:
    """The order, the wish and the key of a page. Raises BadSignature."""
    content = signing.loads(sealed, salt=SALT)
    order = content["order"]
    moves = tuple(Move(**move | {"slot": Slot.from_json(move["slot"])}) for move in order["moves"])
    order = Order(**order | {"moves": moves, "kind": Kind(order["kind"])})
    return order, content["wanted"], uuid.UUID(content["key"])


def _wanted(wanted: Wanted) -> dict:
    return {
        "kind": wanted.kind,
        "row": wanted.row and wanted.row.pk,
        "start": wanted.start and wanted.start.isoformat(),
        "practitioner_id": wanted.practitioner_id,
        "room_id": wanted.room_id,
        "keep_later": wanted.keep_later,
        "new_date": wanted.new_date,
        "not_before": wanted.not_before and wanted.not_before.isoformat(),
        "sessions": wanted.sessions,
        "reason": wanted.reason,
    }


def wanted_again(content: dict, row: Appointment | None) -> Wanted:
    """A wish as it was sealed, about the row as it is now."""
    start, first = content["start"], content["not_before"]
    return Wanted(
        **content
        | {
            "kind": Kind(content["kind"]),
            "row": row,
            "start": dt.datetime.fromisoformat(start) if start else None,
            "not_before": dt.date.fromisoformat(first) if first else None,
        }
    )
