"""Tables of who the patient is, and whether it is safe."""

from patients.models.consent import Consent, ConsentText
from patients.models.profile import Patient
from patients.models.rules import Rule, RuleSet
from patients.models.screening import (
    ClearingEvent,
    ClinicalDecision,
    ScreenedFinding,
    Screening,
    ScreeningAnswer,
)

__all__ = [
    "ClearingEvent",
    "ClinicalDecision",
    "Consent",
    "ConsentText",
    "Patient",
    "Rule",
    "RuleSet",
    "ScreenedFinding",
    "Screening",
    "ScreeningAnswer",
]
