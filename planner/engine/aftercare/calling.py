"""When a patient should call, and whom (6.4)."""

from planner.engine.aftercare.model import CallUs, Line, SessionFacts
from planner.engine.aftercare.timing import Clock
from planner.engine.aftercare.traits import Traits
from planner.engine.aftercare.words import Words


def call_us(facts: SessionFacts, traits: Traits, words: Words, clock: Clock) -> CallUs:
    """The warning box; after numbing cream it also names the signs of too much of it (4.3)."""
    worse = words.day(clock.date("worse_after"))
    items = (
        words.line(f"call.worse.{traits.skin}", day=worse),
        words.line(f"call.spreads.{traits.skin}"),
        words.line("call.pus"),
        words.line("call.fever"),
        words.line("call.blisters"),
        words.line("call.bleeding"),
        words.line("call.swelling"),
    )
    return CallUs(
        heading=words.text("call.heading", phone=facts.clinic.phone),
        items=items,
        later=_later(traits, words, clock),
        emergency=_emergency(facts, traits, words),
    )


def _later(traits: Traits, words: Words, clock: Clock) -> tuple[Line, ...]:
    strong = words.day(clock.date("strong_redness"))
    brown = ".brown" if traits.brown else ""
    return (words.line(f"call.soon{brown}", day=strong), words.line(f"call.patches{brown}"))


def _emergency(facts: SessionFacts, traits: Traits, words: Words) -> tuple[Line, ...]:
    code = "call.emergency.numbing" if facts.anaesthetic else "call.emergency"
    call = words.line(code, number=facts.clinic.emergency_number)
    return (call, words.line("call.eye")) if traits.face else (call,)
