"""Reads for the approval pages: what waits, what is in use, and each version's whole content."""

import copy
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import groupby

from django.db.models import Model

from clinic.limits import LIMITS, with_values
from clinic.models import LimitChange
from patients.models import ConsentText, RuleSet
from patients.rulewords import TYPES, branch_words
from patients.screening.model import Rule
from patients.screening.rows import rule_from_row
from patients.screening.terms import CourseEffect
from planner.engine.aftercare.checks import REQUIRED
from planner.models import AftercareText, Protocol

KINDS: dict[str, type[Model]] = {
    "rules": RuleSet,
    "protocols": Protocol,
    "consent-texts": ConsentText,
    "aftercare-texts": AftercareText,
    "limits": LimitChange,
}
TITLES = {
    "rules": "Screening rules",
    "protocols": "Protocols",
    "consent-texts": "Consent texts",
    "aftercare-texts": "Aftercare texts",
    "limits": "Limits of products, areas and devices",
}
RELATED = {
    "protocols": ["indication"],
    "consent-texts": ["indication"],
    "limits": ["product", "area", "device", "proposed_by"],
}
SECTIONS = {
    "skin": "Skin and area",
    "health": "Health",
    "medicines": "Medicines",
    "treatments": "Earlier treatments",
    "allergies": "Allergies",
    "examination": "Examination",
    "profile": "Profile",
    "plan": "Plan",
}


@dataclass(frozen=True)
class Group:
    """All versions of one kind: those that wait first, then the approved ones, newest first."""

    kind: str
    title: str
    waiting: Sequence[tuple[Model, str]]
    approved: Sequence[tuple[Model, str]]


def groups() -> list[Group]:
    """Every kind with its versions; one query each."""
    found = []
    for kind, model in KINDS.items():
        rows = list(model._default_manager.select_related("approved_by", *RELATED.get(kind, [])))
        waiting = [(row, said(row)) for row in rows if row.approved_at is None]
        approved = sorted(
            (row for row in rows if row.approved_at), key=lambda row: row.approved_at, reverse=True
        )
        found.append(Group(kind, TITLES[kind], waiting, [(row, said(row)) for row in approved]))
    return found


def said(row: Model) -> str:
    """Name a version with its language in words."""
    if isinstance(row, ConsentText):
        return f"{row.indication}, {row.get_language_display()}, version {row.number}"
    if isinstance(row, AftercareText):
        return f"Aftercare, {row.blocks['name']}, version {row.number}"
    if isinstance(row, LimitChange):
        return f"Use of {row.subject}" if row.is_first else f"Change of limits, {row.subject}"
    return str(row)


@dataclass(frozen=True)
class LimitLine:
    """One value of a product, area or device in words: as it is, and as it is to be."""

    label: str
    now: str
    then: str


def limit_lines(change: LimitChange) -> list[LimitLine]:
    """What a change of limits changes; of a new row, and of an approved one, all there is to say."""
    subject = change.subject
    wanted = with_values(copy.copy(subject), change.values)
    names = LIMITS[type(subject)] if change.is_first else change.values
    return [LimitLine(_label(subject, name), _value(subject, name), _value(wanted, name)) for name in names]


def limit_words(change: LimitChange) -> str:
    """What waits, in one line: `largest area (cm²) 600 → 900`."""
    lines = [line for line in limit_lines(change) if line.now != line.then]
    return "; ".join(f"{line.label} {line.now} → {line.then}" for line in lines)


def _label(row: Model, name: str) -> str:
    return str(row._meta.get_field(name).verbose_name)


def _value(row: Model, name: str) -> str:
    field, value = row._meta.get_field(name), getattr(row, name)
    if value in (None, ""):
        return "none"
    if isinstance(value, bool):
        return "yes" if value else "no"
    return str(getattr(row, f"get_{name}_display")() if field.choices else value)


def version(kind: str, pk: int) -> Model | None:
    """One version of one kind, or None."""
    model = KINDS.get(kind)
    rows = model._default_manager.select_related("approved_by", *RELATED.get(kind, [])) if model else None
    return rows.filter(pk=pk).first() if rows is not None else None


@dataclass(frozen=True)
class RuleLine:
    """One rule in words."""

    code: str
    label: str
    question: str
    type: str
    scope: str
    asks: str
    effects: Sequence[str]
    course: str
    clears_when: str
    note: str
    source: str
    confidence: str
    enabled: bool


COURSE_WORDS = {
    CourseEffect.PAUSE: "waits",
    CourseEffect.SHIFT: "its dates move later",
    CourseEffect.CANCEL: "ends, for these areas or as a whole",
    CourseEffect.SWAP_AREA: "other areas are treated if the practitioner agrees",
    CourseEffect.RELEASE: "waits by itself, booked visits are released",
    CourseEffect.REVIEW: "is looked at again",
    CourseEffect.BLOCK: "no visit starts",
    CourseEffect.CONTINUE: "goes on",
}


def rule_sections(rule_set: RuleSet) -> list[tuple[str, list[RuleLine]]]:
    """The rules of a set in words, under the headings of the form."""
    rules = [rule_from_row(rule.row) for rule in rule_set.rules.all()]
    return [
        (SECTIONS[section], [_line(rule) for rule in part])
        for section, part in groupby(rules, key=lambda rule: rule.section)
    ]


def _line(rule: Rule) -> RuleLine:
    return RuleLine(
        code=rule.code,
        label=rule.label,
        question=rule.question,
        type=TYPES[rule.type],
        scope="Whole person" if rule.scope == "person" else "The area",
        asks=", ".join(item.label.lower() for item in rule.follow_ups),
        course=" or ".join(COURSE_WORDS[effect] for effect in rule.effects),
        effects=[words for branch in rule.branches if (words := branch_words(rule, branch))],
        clears_when=rule.clears_when,
        note=rule.note,
        source=rule.source,
        confidence=f"{rule.confidence}, {rule.check}",
        enabled=rule.enabled,
    )


def text_rows(text: AftercareText) -> list[tuple[str, str, str]]:
    """Every block of an aftercare text in the order of the sheet: code, text, source."""
    place = {code: number for number, code in enumerate(REQUIRED)}
    texts = sorted(text.blocks["texts"].items(), key=lambda item: place.get(item[0], len(place)))
    return [(code, part["text"], part["source"]) for code, part in texts]


def paragraphs(body: str) -> list[tuple[str, list[str]]]:
    """A consent text as headings with their lines."""
    parts = [part.split("\n") for part in body.replace("\r", "").split("\n\n") if part.strip()]
    return [(lines[0], lines[1:]) for lines in parts]
