"""What is wrong with a text block, in words for the one who writes it; examples for its places."""

from planner.engine.aftercare.checks import BlockFault, Fault

_SAID = {
    Fault.MISSING: "The text is empty.",
    Fault.MALFORMED: "A brace is open or too many.",
    Fault.UNKNOWN_PLACE: "There is no place {%s} in this text.",
    Fault.LOST_PLACE: "The place {%s} must stay: it becomes a date, a name or a number.",
    Fault.CLAIM: "“%s” promises too much.",
    Fault.HARD_TO_READ: "Hard to read: %s.",
}
# One invented visit, so that a text can be read as patients will read it.
EXAMPLES = {
    "weekday": "Thu",
    "day": "Thu 10 Dec",
    "month": "Dec",
    "year": "2026",
    "time": "12:15",
    "moment": "Fri 4 Dec, 12:15",
    "until": "16:15",
    "start": "12:15",
    "first": "Sat 5",
    "last": "Sun 6 Dec",
    "n": "5",
    "m": "6",
    "min": "4 weeks",
    "max": "6 weeks",
    "spf": "50",
    "hours": "1 hour",
    "minutes": "30 min",
    "weeks": "5",
    "days": "2",
    "gap": "5 wk 2 d",
    "areas": "right cheek, left cheek",
    "products": "Lidocaine 4% cream",
    "practitioner": "Kerry Walsh",
    "room": "Room 3",
    "duration": "1 hour 30 min",
    "numbing": "40 min",
    "phone": "020 7946 0138",
    "number": "999",
    "version": "1",
    "language": "English",
    "on": "1 Sep 2026",
    "by": "Dr N Rahman",
    "record": "LM-20418",
}


def in_words(fault: BlockFault) -> str:
    """A fault as a sentence."""
    sentence = _SAID[fault.fault]
    return sentence % fault.detail if "%s" in sentence else sentence
