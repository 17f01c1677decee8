"""The closed vocabularies of the screen; every value is what is stored in a row."""

from enum import StrEnum


class RuleType(StrEnum):
    """What a rule does to a visit; `OUTCOME_OF_TYPE` gives the outcome."""

    ABSOLUTE = "absolute"
    TEMPORARY = "temporary"
    RELATIVE = "relative"
    MODIFY = "modify"


class Outcome(StrEnum):
    """A verdict or the effect of one finding; compare with `strictness`."""

    CLEAR = "clear"
    MODIFY = "modify"
    REVIEW = "review"
    DEFER = "defer"
    STOP = "stop"

    @property
    def strictness(self) -> int:
        """0 for clear to 4 for stop: stop > defer > review > modify > clear."""
        return _STRICTNESS[self]


_STRICTNESS = {outcome: rank for rank, outcome in enumerate(Outcome)}

OUTCOME_OF_TYPE = {
    RuleType.ABSOLUTE: Outcome.STOP,
    RuleType.TEMPORARY: Outcome.DEFER,
    RuleType.RELATIVE: Outcome.REVIEW,
    RuleType.MODIFY: Outcome.MODIFY,
}


class Scope(StrEnum):
    """Whom a finding touches: the whole person, or only the areas named with the answer."""

    PERSON = "person"
    AREA = "area"


class Stage(StrEnum):
    """When a rule is answered; a screening is complete when the rules of its stages are."""

    PROFILE = "profile"
    QUESTIONNAIRE = "questionnaire"
    EXAMINATION = "examination"
    BOOKING = "booking"
    SESSION_START = "session_start"


BOOKING_STAGES = frozenset({Stage.PROFILE, Stage.QUESTIONNAIRE, Stage.BOOKING})
START_STAGES = BOOKING_STAGES | {Stage.EXAMINATION, Stage.SESSION_START}


class Section(StrEnum):
    """The heading of the form under which a rule is shown."""

    SKIN = "skin"
    HEALTH = "health"
    MEDICINES = "medicines"
    TREATMENTS = "treatments"
    ALLERGIES = "allergies"
    EXAMINATION = "examination"
    PROFILE = "profile"
    PLAN = "plan"


class AskedOf(StrEnum):
    """Who answers a rule: patient or practitioner; facts on file; the plan (checked there); nobody."""

    PATIENT = "patient"
    PRACTITIONER = "practitioner"
    FACTS = "facts"
    PLAN = "plan"
    NOBODY = "nobody"


class Reply(StrEnum):
    """An answer to a question; a question without a reply is unanswered, which is never a no."""

    NO = "no"
    YES = "yes"
    NOT_SURE = "not_sure"


class FollowUpKind(StrEnum):
    """What a follow-up input takes; AREAS is kept in `Answer.areas`, the others in `Answer.details`."""

    DATE = "date"
    TEXT = "text"
    CHOICE = "choice"
    AREAS = "areas"
    PRODUCT = "product"


class Test(StrEnum):
    """How a condition compares one follow-up answer or fact; see `Condition`."""

    IS = "is"
    IS_NOT = "is_not"
    STARTS_WITHIN_DAYS = "starts_within_days"
    BELOW = "below"
    BETWEEN = "between"
    ABOVE = "above"
    TOUCHES_AREA = "touches_area"

    __test__ = False  # not a test class, whatever pytest thinks of the name


class Clears(StrEnum):
    """What ends a finding; several are needed together."""

    DATE = "date"
    EVENT = "event"
    EXAMINATION = "examination"
    DOCUMENT = "document"
    DECISION = "decision"
    ANSWER = "answer"


RECORDS = frozenset({Clears.EVENT, Clears.EXAMINATION, Clears.DOCUMENT})


class CourseEffect(StrEnum):
    """What happens to a running course; the first of a rule's effects is the default."""

    PAUSE = "pause"
    SHIFT = "shift"
    CANCEL = "cancel"
    SWAP_AREA = "swap_area"
    RELEASE = "release"
    REVIEW = "review"
    BLOCK = "block"
    CONTINUE = "continue"


class Agent(StrEnum):
    """A numbing agent that a rule can block without blocking the visit."""

    LIDOCAINE = "lidocaine"
    PRILOCAINE = "prilocaine"
    TETRACAINE = "tetracaine"


class Confidence(StrEnum):
    """How well a rule is supported."""

    SEED = "seed"
    CONSENSUS = "consensus"
    TRIAL = "trial"
    EXPERT = "expert"
    UNCERTAIN = "uncertain"


class Reason(StrEnum):
    """Why a finding exists."""

    YES = "yes"
    NOT_SURE = "not_sure"
    UNANSWERED = "unanswered"
    FACT = "fact"
    STANDING = "standing"


class Choice(StrEnum):
    """What a practitioner decided about one finding."""

    ACCEPT = "accept"
    DEFER = "defer"
    DECLINE = "decline"


SEED_CODES = frozenset(
    {
        "ACNE_ACTIVE",
        "PREGNANT",
        "BREASTFEEDING",
        "INFECTION_BACTERIAL",
        "INFECTION_VIRAL_HSV",
        "INFECTION_VIRAL_OTHER",
        "INFECTION_FUNGAL",
    }
)


class RefusalCode(StrEnum):
    """Why a gate is closed."""

    STOP = "stop"
    UNDECIDED = "undecided"
    OPEN_DEFERRAL = "open_deferral"
    DEFERRED = "deferred"
    NOT_SURE = "not_sure"
    DECLINED = "declined"
    UNANSWERED = "unanswered"
    STAGE_MISSING = "stage_missing"
    NO_AREA = "no_area"
    AREA_NOT_SCREENED = "area_not_screened"
    TOO_OLD = "too_old"
    FILES_JOINED = "files_joined"
    NOT_TODAY = "not_today"
    PHONE_TOO_OLD = "phone_too_old"
    NOT_CONFIRMED = "not_confirmed"
    AGENT_BLOCKED = "agent_blocked"
    CONSENT_MISSING = "consent_missing"
    CONSENT_WITHDRAWN = "consent_withdrawn"
    CONSENT_OLD_TEXT = "consent_old_text"
    CONSENT_NOT_READ = "consent_not_read"
