"""The values of the screen: rules, answers, facts, findings, verdicts. Plain frozen data, no behaviour."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date

from patients.screening.terms import (
    OUTCOME_OF_TYPE,
    Agent,
    AskedOf,
    Choice,
    Clears,
    Confidence,
    CourseEffect,
    FollowUpKind,
    Outcome,
    Reason,
    RefusalCode,
    Reply,
    RuleType,
    Scope,
    Section,
    Stage,
    Test,
)


@dataclass(frozen=True, slots=True)
class Option:
    """One option of a choice: what is stored and what is shown."""

    value: str
    label: str


@dataclass(frozen=True, slots=True)
class FollowUp:
    """One input shown after a Yes; `required` says that the form may not be finished without it."""

    key: str
    kind: FollowUpKind
    label: str
    options: tuple[Option, ...] = ()
    required: bool = True


@dataclass(frozen=True, slots=True)
class Condition:
    """One comparison of a follow-up answer or fact with constants; never an expression.

    `is`/`is_not` compare with `values`; `starts_within_days`, `below` and `above` with `low`;
    `between` with `low` to `high`, both included. A missing answer fails `is` and meets `is_not` and
    `starts_within_days`, so that what is not known never softens.
    """

    key: str
    test: Test
    values: tuple[str, ...] = ()
    low: int | None = None
    high: int | None = None


@dataclass(frozen=True, slots=True)
class Branch:
    """What follows when all of `when` hold; the first branch of a rule that fits applies.

    `outcome`, `scope` and `blocks` None mean the rule's own. `washout_days` run from the
    follow-up date `clock`. `cleared_by` are all needed. `after` is the outcome when everything is
    cleared (of a stop: review).
    `shortenable`: a practitioner may decide to end the deferral earlier.
    """

    when: tuple[Condition, ...] = ()
    outcome: Outcome | None = None
    scope: Scope | None = None
    washout_days: int | None = None
    clock: str = ""
    cleared_by: tuple[Clears, ...] = ()
    after: Outcome = Outcome.CLEAR
    shortenable: bool = False
    conditions: tuple[str, ...] = ()
    blocks: tuple[Agent, ...] | None = None


@dataclass(frozen=True, slots=True)
class Rule:
    """One row of a numbered rule-set version.

    `question` is for the patient (reading grade 6 or lower), `label` the short staff wording.
    `triggers` replace the question for rules that read facts. `clears_when` and `note` are staff words.
    `recheck_days` is a suggested (from, to) for the next look, never a date of a deferral.
    `seed` rules cannot be switched off and block until answered no.
    """

    code: str
    section: Section
    label: str
    type: RuleType
    scope: Scope
    stage: Stage
    asked_of: AskedOf
    question: str
    branches: tuple[Branch, ...]
    effects: tuple[CourseEffect, ...]
    clears_when: str
    source: str
    confidence: Confidence
    check: str
    follow_ups: tuple[FollowUp, ...] = ()
    triggers: tuple[Condition, ...] = ()
    blocks: tuple[Agent, ...] = ()
    recheck_days: tuple[int, int] | None = None
    then_ask: tuple[str, ...] = ()
    note: str = ""
    seed: bool = False
    disputed: bool = False
    enabled: bool = True

    @property
    def outcome(self) -> Outcome:
        """The outcome of the rule's type."""
        return OUTCOME_OF_TYPE[self.type]


@dataclass(frozen=True, slots=True)
class RuleSet:
    """One immutable, numbered version of the rules with its own validity numbers, in days."""

    version: int
    rules: tuple[Rule, ...]
    booking_valid_days: int = 30
    phone_valid_days: int = 3


@dataclass(frozen=True, slots=True)
class Answer:
    """One reply. `areas` empty on an area rule means every requested area; `details` by follow-up key."""

    reply: Reply
    details: Mapping[str, str | date] = field(default_factory=dict)
    areas: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Facts:
    """What is on file. None means not recorded. `open_reactions`: areas with an unsettled reaction."""

    birth_date: date | None = None
    phototype: str | None = None
    open_reactions: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Clearing:
    """A recorded event, examination or document that ends a finding; `areas` empty means all of them."""

    code: str
    kind: Clears
    on: date
    areas: tuple[str, ...] = ()
    by: str = ""
    note: str = ""


@dataclass(frozen=True, slots=True)
class Standing:
    """An earlier stop or deferral that only a record ends, with that record once there is one."""

    code: str
    label: str
    outcome: Outcome
    scope: Scope
    areas: tuple[str, ...]
    since: date
    cleared_by: tuple[Clears, ...]
    until: date | None = None
    after: Outcome = Outcome.CLEAR
    clears_when: str = ""
    effects: tuple[CourseEffect, ...] = ()
    conditions: tuple[str, ...] = ()
    clearings: tuple[Clearing, ...] = ()


@dataclass(frozen=True, slots=True)
class DateSum:
    """The sum behind a date: `start` (the follow-up `clock`, shown as `label`) + `days` = `end`."""

    clock: str
    label: str
    start: date
    days: int
    end: date


@dataclass(frozen=True, slots=True)
class Finding:
    """One rule that fired, or a question still open.

    `areas` are the areas touched (all requested ones when `scope` is person). `until` is the first day
    on which the rule no longer defers. `needs` is what would still change it. `missing` are required
    follow-ups without an answer. A clear outcome means fired, but passed or cleared: shown, not counted.
    """

    code: str
    label: str
    outcome: Outcome
    reason: Reason
    scope: Scope
    areas: tuple[str, ...]
    until: date | None = None
    sum: DateSum | None = None
    needs: tuple[Clears, ...] = ()
    clears_when: str = ""
    missing: tuple[str, ...] = ()
    shortenable: bool = False
    blocks: tuple[Agent, ...] = ()
    conditions: tuple[str, ...] = ()
    effects: tuple[CourseEffect, ...] = ()
    clearing: Clearing | None = None
    after: Outcome = Outcome.CLEAR
    seed: bool = False


@dataclass(frozen=True, slots=True)
class Verdict:
    """The strictest outcome for one area. `earliest_on` is the latest date of its dated deferrals.

    `open_ended`: a stop or a deferral without a date is among the findings, so the date alone is no start.
    """

    area: str
    outcome: Outcome
    earliest_on: date | None
    open_ended: bool
    codes: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Evaluation:
    """The result of one screening, for the day `on`, from answers given on `answered_on`.

    `free_areas` have the verdict clear or modify. `earliest_on` is the latest date of all dated deferrals
    (None: no dated deferral), `open_ended` as in Verdict. Gates read `findings`; `headline` is only for show.
    """

    version: int
    on: date
    answered_on: date
    stages: frozenset[Stage]
    verdicts: tuple[Verdict, ...]
    findings: tuple[Finding, ...]
    headline: Outcome
    free_areas: tuple[str, ...]
    earliest_on: date | None
    open_ended: bool
    unanswered: tuple[str, ...]
    not_sure: tuple[str, ...]
    blocked_agents: tuple[Agent, ...]
    conditions: tuple[str, ...]
    booking_valid_days: int
    phone_valid_days: int


@dataclass(frozen=True, slots=True)
class Decision:
    """A named practitioner's choice about one finding; `until` only with defer. `areas` empty means all."""

    code: str
    choice: Choice
    areas: tuple[str, ...] = ()
    until: date | None = None
    conditions: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class ConsentFacts:
    """The consent of one indication as it stands; None means it did not happen."""

    indication: str
    signed_on: date | None = None
    read_again_on: date | None = None
    withdrawn_on: date | None = None
    current_text: bool = True


@dataclass(frozen=True, slots=True)
class Refusal:
    """One reason why a gate is closed, with the facts for a sentence; unused facts are empty.

    `days` is the validity that was exceeded, `on` the day it is about.
    """

    code: RefusalCode
    areas: tuple[str, ...] = ()
    rule_codes: tuple[str, ...] = ()
    finding: Finding | None = None
    on: date | None = None
    days: int | None = None
    indication: str = ""
    agent: Agent | None = None
    stages: tuple[Stage, ...] = ()


@dataclass(frozen=True, slots=True)
class Gate:
    """Whether the asked areas may be booked or started.

    `free_areas` are those of the asked areas without a refusal of their own. `earliest_on` is the first day
    that the dates allow, at least today. `pending` are rules whose record must exist before the start.
    """

    refusals: tuple[Refusal, ...]
    areas: tuple[str, ...]
    free_areas: tuple[str, ...]
    earliest_on: date
    conditions: tuple[str, ...]
    blocked_agents: tuple[Agent, ...]
    pending: tuple[str, ...]

    @property
    def is_open(self) -> bool:
        """True when nothing refuses."""
        return not self.refusals
