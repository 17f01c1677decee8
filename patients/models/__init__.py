"""Tables of who the patient is, and whether it is safe."""

from patients.models.consent import Consent, ConsentText
from patients.models.link import LinkToken, LinkVisit, PatientLink, WrongTry
from patients.models.merge import FoundPair, PairNote, PairSearch, PatientMerge
from patients.models.name_word import NameWord
from patients.models.profile import Patient
from patients.models.questionnaire import Questionnaire
from patients.models.rules import Rule, RuleSet
from patients.models.screening import (
    AnswerView,
    ClearingEvent,
    ClinicalDecision,
    ScreenedFinding,
    Screening,
    ScreeningAnswer,
)
from patients.models.unfinished import UnfinishedScreening

__all__ = [
    "AnswerView",
    "ClearingEvent",
    "ClinicalDecision",
    "Consent",
    "ConsentText",
    "LinkToken",
    "LinkVisit",
    "NameWord",
    "FoundPair",
    "PairNote",
    "PairSearch",
    "Patient",
    "PatientLink",
    "PatientMerge",
    "Questionnaire",
    "Rule",
    "RuleSet",
    "ScreenedFinding",
    "Screening",
    "ScreeningAnswer",
    "UnfinishedScreening",
    "WrongTry",
]
