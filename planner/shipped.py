"""Loads what a new clinic starts with, as drafts; what is there already stays as the clinic left it."""

from collections import Counter

from django.db import transaction

from clinic.models import Indication, Product, TreatmentArea
from clinic.shipped import protocols as course_defaults
from clinic.shipped.areas import AREAS
from clinic.shipped.consents import INDICATIONS as WITH_CONSENT
from clinic.shipped.consents import LANGUAGES, consent_body
from clinic.shipped.indications import INDICATIONS
from clinic.shipped.products import CREAMS
from patients.languages import TEST_LANGUAGES, spoken
from patients.models import ConsentText, Rule, RuleSet
from patients.screening.rows import rule_to_row
from patients.screening.table import SHIPPED as SHIPPED_RULES
from planner.aftercare_texts import blocks_to_row, complete
from planner.engine.aftercare.blocks import Blocks
from planner.engine.aftercare.shipped import SHIPPED as SHIPPED_TEXTS
from planner.models import AftercareText, Protocol

NOT_REVIEWED = "Not reviewed by a native clinician"


@transaction.atomic
def load_shipped() -> Counter[str]:
    """Add the shipped rows that are missing and count what was added, by kind. Twice is the same as once."""
    added = Counter(
        {
            "indications": load_indications(),
            "treatment areas": load_areas(),
            "numbing creams": load_creams(),
            "protocols": load_protocols(),
            "rules": load_rules(),
            "consent texts": load_consents(),
            "aftercare texts": load_aftercare(),
            "new blocks in drafts of aftercare texts": complete_drafts(),
        }
    )
    return +added


def load_indications() -> int:
    """Add indications by code (2.2)."""
    known = set(Indication.objects.values_list("code", flat=True))
    rows = [
        Indication(
            code=row.code,
            name=row.name,
            name_es=row.name_es,
            is_active=row.offered,
            source=row.source,
        )
        for row in INDICATIONS
        if row.code not in known
    ]
    return len(Indication.objects.bulk_create(rows))


def load_areas() -> int:
    """Add treatment areas by code, from head to foot (2.3)."""
    known = set(TreatmentArea.objects.values_list("code", flat=True))
    rows = [
        TreatmentArea(
            code=area.code,
            name=area.name,
            name_es=area.name_es,
            region=area.region,
            start_mm=area.row.start_mm,
            warn_mm=area.row.warn_mm,
            source=area.row.source,
            confidence=area.row.confidence,
            position=10 * place,
        )
        for place, area in enumerate(AREAS, start=1)
        if area.code not in known
    ]
    return len(TreatmentArea.objects.bulk_create(rows))


def load_creams() -> int:
    """Add numbing creams by name (4.1)."""
    known = set(Product.objects.values_list("name", flat=True))
    rows = [
        Product(
            name=cream.name,
            kind=Product.Kind.NUMBING,
            agent=cream.agent,
            strength=cream.strength,
            min_minutes=cream.min_minutes,
            max_minutes=cream.max_minutes,
            max_grams=cream.max_grams,
            max_area_cm2=cream.max_area_cm2,
            source=cream.source,
            is_active=cream.offered,
        )
        for cream in CREAMS
        if cream.name not in known
    ]
    return len(Product.objects.bulk_create(rows))


def load_protocols() -> int:
    """Add a first draft for each indication that has no protocol (2.1, 2.2)."""
    have = set(Protocol.objects.values_list("indication__code", flat=True))
    indications = {row.code: row for row in Indication.objects.all()}
    rows = [
        Protocol(
            indication=indications[row.indication],
            number=1,
            sessions_min=row.sessions[0],
            sessions_target=row.sessions[1],
            sessions_max=row.sessions[2],
            gap_min_days=row.gap_days[0],
            gap_target_days=row.gap_days[1],
            gap_max_days=row.gap_days[2],
            first_area_minutes=course_defaults.FIRST_AREA_MINUTES,
            further_area_minutes=course_defaults.FURTHER_AREA_MINUTES,
            most_minutes=course_defaults.MOST_MINUTES,
            numbing_minutes=course_defaults.NUMBING_MINUTES,
            review_after_days=course_defaults.REVIEW_AFTER_DAYS,
            source=row.source,
        )
        for row in course_defaults.PROTOCOLS
        if row.indication not in have
    ]
    return len(Protocol.objects.bulk_create(rows))


def load_rules() -> int:
    """Add the first draft of the screening rules, unless the clinic has rules (3)."""
    if RuleSet.objects.exists():
        return 0
    rule_set = RuleSet.objects.create(
        number=SHIPPED_RULES.version,
        name="Shipped rules",
        booking_valid_days=SHIPPED_RULES.booking_valid_days,
        phone_valid_days=SHIPPED_RULES.phone_valid_days,
    )
    rows = [
        Rule(rule_set=rule_set, position=place, code=rule.code, row=rule_to_row(rule))
        for place, rule in enumerate(SHIPPED_RULES.rules, start=1)
    ]
    return len(Rule.objects.bulk_create(rows))


def load_consents() -> int:
    """Add a first draft per indication and language that has no consent text."""
    have = set(ConsentText.objects.values_list("indication__code", "language"))
    indications = {row.code: row for row in Indication.objects.all()}
    rows = [
        ConsentText(
            indication=indications[code], language=language, number=1, body=consent_body(code, language)
        )
        for code in WITH_CONSENT
        for language in LANGUAGES
        if (code, language) not in have
    ]
    return len(ConsentText.objects.bulk_create(rows))


def _notice(blocks: Blocks) -> str:
    if blocks.language in TEST_LANGUAGES:
        return "Test language: reviewed by nobody, not for patients"
    return "" if blocks.language == "en" or blocks.reviewed_by_native_clinician else NOT_REVIEWED


def load_aftercare() -> int:
    """Add a first draft of all aftercare texts of each language that has none (6)."""
    have = set(AftercareText.objects.values_list("language", flat=True))
    rows = [
        AftercareText(
            language=language,
            number=blocks.version,
            blocks=blocks_to_row(blocks),
            notice=_notice(blocks),
        )
        for language, blocks in SHIPPED_TEXTS.items()
        if language not in have and language in spoken()
    ]
    return len(AftercareText.objects.bulk_create(rows))


def complete_drafts() -> int:
    """Give drafts begun earlier the words of the blocks that were added since."""
    filled = 0
    for draft in AftercareText.objects.select_for_update().filter(approved_at=None):
        versions = AftercareText.objects.filter(language=draft.language, approved_at__isnull=False)
        if added := complete(draft, versions.order_by("-number").first()):
            draft.save(update_fields=["blocks"])
            filled += added
    return filled
