"""A second, plain evaluator over the hand-typed reference; shares nothing with the engine but the values."""

from datetime import timedelta

from tests.patients.screening.reference import DATED, OUTCOME_OF_TYPE, ROWS, SEEDS, UNDATED

ORDER = ["clear", "modify", "review", "defer", "stop"]
BY_CODE = {row.code: row for row in ROWS}
NAMED_AGENTS = ("lidocaine", "prilocaine", "tetracaine")


def judge(answers, areas, on, asked_codes, age, phototype):
    """{area: (outcome, latest date or None)} and the set of blocked agents."""
    hits = []
    blocked = set()
    for code in asked_codes:
        answer = answers.get(code)
        if answer is not None and answer.reply == "no":
            continue
        row = BY_CODE[code]
        outcome, until, whole_person = outcome_of(row, answer, on)
        own = areas if whole_person or answer is None or not answer.areas else answer.areas
        hits.append((outcome, until, own))
        if answer is not None:
            named = answer.details.get("agent") if answer.reply == "yes" else None
            blocked |= {named} if named in NAMED_AGENTS else set(row.blocks)
    if age < 18:
        hits.append(("stop", None, areas))
    elif age <= 21:
        hits.append(("modify", None, areas))
    if phototype in ("IV", "V", "VI"):
        hits.append(("modify", None, areas))
    return {area: _area(area, hits) for area in areas}, blocked


def _area(area, hits):
    own = [hit for hit in hits if area in hit[2]]
    worst = max((ORDER.index(hit[0]) for hit in own), default=0)
    dates = [hit[1] for hit in own if hit[1]]
    return ORDER[worst], max(dates) if dates else None


def outcome_of(row, answer, on):
    """(outcome, date, whole person) of one answer that is not a no."""
    person = row.scope == "P"
    if answer is None or answer.reply == "not_sure":
        return ("defer" if row.code in SEEDS else "review"), None, person
    details = answer.details
    choices = tuple((key, value) for key, value in details.items() if isinstance(value, str))
    picked = tuple(
        pair
        for pair in choices
        if pair[0] in ("state", "kind", "irritated", "controlled", "disease", "metal")
    )
    if row.code == "INFECTION_BACTERIAL":
        return "defer", None, details.get("fever") != "no"
    if row.code == "CHEMO_RADIO_STEROID" and details["state"] == "planned":
        start = details.get("starts_on")
        near = start is None or on >= start - timedelta(days=28)
        return ("stop" if near else "review"), None, True
    if (row.code, picked) in UNDATED:
        return UNDATED[row.code, picked], None, person
    if (row.code, picked) not in DATED:
        return OUTCOME_OF_TYPE[row.type], None, person
    before, clock, days, after = DATED[row.code, picked]
    if clock not in details:
        return before, None, person
    until = details[clock] + timedelta(days=days)
    if until <= on:
        return after, None, person
    return before, until if before == "defer" else None, person
