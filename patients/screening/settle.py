"""What is left of a stop or a deferral once its date and its records are weighed."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from patients.screening.model import Clearing
from patients.screening.terms import RECORDS, Clears, Outcome


@dataclass(frozen=True, slots=True)
class Claim:
    """What a branch or an earlier finding demands before it lets go."""

    code: str
    outcome: Outcome
    dated: bool
    until: date | None
    cleared_by: tuple[Clears, ...]
    after: Outcome


@dataclass(frozen=True, slots=True)
class Settled:
    """What remains of a claim on one day: its outcome now, its date, what is still needed."""

    outcome: Outcome
    until: date | None
    needs: tuple[Clears, ...]
    clearing: Clearing | None


def settle(claim: Claim, clearings: Iterable[Clearing], *, area: str | None, on: date) -> Settled:
    """Weigh one claim for one area (None: the whole person) on the day `on`.

    A stop ends only by its records and is then a review. A deferral ends when its date is reached and its
    records exist; reached but not yet recorded is a review; without a date it stays a deferral.
    """
    fitting = [clearing for clearing in clearings if _fits(clearing, claim, area)]
    wanted = tuple(kind for kind in claim.cleared_by if kind in RECORDS)
    needs = tuple(kind for kind in wanted if kind not in {clearing.kind for clearing in fitting})
    last = max(fitting, key=lambda clearing: clearing.on, default=None)
    cleared = bool(wanted) and not needs
    match claim.outcome:
        case Outcome.STOP if cleared:
            return Settled(Outcome.REVIEW, None, (Clears.DECISION,), last)
        case Outcome.STOP:
            return Settled(Outcome.STOP, None, needs, None)
        case Outcome.DEFER:
            return _settle_deferral(claim, needs, cleared, last, on)
        case Outcome.REVIEW if _reached(claim, on):
            return Settled(claim.after, None, (), None)
        case _:
            return Settled(claim.outcome, None, claim.cleared_by, None)


def _settle_deferral(
    claim: Claim, needs: tuple[Clears, ...], cleared: bool, last: Clearing | None, on: date
) -> Settled:
    if claim.dated and not _reached(claim, on):
        return Settled(Outcome.DEFER, claim.until, (Clears.DATE, *needs), last)
    if needs or not (claim.dated or cleared):
        return Settled(Outcome.REVIEW if claim.dated else Outcome.DEFER, None, needs, None)
    return Settled(claim.after, None, _needs_after(claim.after), last)


def _needs_after(after: Outcome) -> tuple[Clears, ...]:
    return (Clears.DECISION,) if after is Outcome.REVIEW else ()


def _reached(claim: Claim, on: date) -> bool:
    return claim.dated and claim.until is not None and claim.until <= on


def _fits(clearing: Clearing, claim: Claim, area: str | None) -> bool:
    if clearing.code != claim.code or clearing.kind not in claim.cleared_by or clearing.kind not in RECORDS:
        return False
    return not clearing.areas or (area is not None and area in clearing.areas)
