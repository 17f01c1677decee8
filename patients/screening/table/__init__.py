"""The shipped rules: a draft that a clinic's practitioner approves before it is used.

In the sources, "Seed S0" to "Seed S3" are the four texts on stretch marks (0, 1), scars (2) and acne
scars (3) that the product started from; the mark `check` says whether the text was read (V), read in part
(P), is background knowledge (B) or derived (D).
"""

from patients.screening.model import RuleSet
from patients.screening.table.allergies import ALLERGIES
from patients.screening.table.health import HEALTH
from patients.screening.table.medicines import MEDICINES
from patients.screening.table.person import EXAMINATION, FACTS, PLAN
from patients.screening.table.seeds import SEEDS
from patients.screening.table.skin import SKIN
from patients.screening.table.treatments import TREATMENTS
from patients.screening.terms import Section

_ORDER = {section: place for place, section in enumerate(Section)}

RULES = tuple(
    sorted(
        SEEDS + SKIN + HEALTH + MEDICINES + TREATMENTS + ALLERGIES + EXAMINATION + FACTS + PLAN,
        key=lambda rule: _ORDER[rule.section],
    )
)

SHIPPED = RuleSet(version=1, rules=RULES)
