"""The rules as typed by hand from the sources: the tests' own copy, not derived from the table."""

from typing import NamedTuple


class Row(NamedTuple):
    """Code, type of the visit, P(erson)/A(rea), days of its date arithmetic, confidence, who is asked."""

    code: str
    type: str
    scope: str
    days: tuple[int, ...]
    confidence: str
    asked: str = "patient"
    blocks: tuple[str, ...] = ()


SEEDS = {
    "ACNE_ACTIVE",
    "PREGNANT",
    "BREASTFEEDING",
    "INFECTION_BACTERIAL",
    "INFECTION_VIRAL_HSV",
    "INFECTION_VIRAL_OTHER",
    "INFECTION_FUNGAL",
}

ROWS = (
    # 3.1
    Row("ACNE_ACTIVE", "temporary", "A", (), "seed"),
    Row("PREGNANT", "absolute", "P", (), "seed"),
    Row("BREASTFEEDING", "temporary", "P", (), "seed"),
    Row("INFECTION_BACTERIAL", "temporary", "A", (), "seed"),
    Row("INFECTION_VIRAL_HSV", "temporary", "A", (), "seed"),
    Row("INFECTION_VIRAL_OTHER", "temporary", "A", (), "seed"),
    Row("INFECTION_FUNGAL", "temporary", "A", (), "seed"),
    # 3.2
    Row("ISOTRETINOIN_CURRENT", "relative", "P", (), "consensus"),
    Row("ISOTRETINOIN_RECENT", "relative", "P", (183,), "consensus"),
    Row("KELOID_ACTIVE_AREA", "absolute", "A", (), "expert"),
    Row("KELOID_TENDENCY", "relative", "P", (), "expert"),
    Row("BLEEDING_DISORDER", "absolute", "P", (), "expert"),
    Row("ANTICOAGULANT", "relative", "P", (), "expert"),
    Row("IMMUNOSUPPRESSED", "relative", "P", (), "expert"),
    Row("HIV_HEPATITIS", "relative", "P", (), "uncertain", "nobody"),
    Row("CHEMO_RADIO_STEROID", "absolute", "P", (28, 28), "expert"),
    Row("RADIOTHERAPY_FIELD", "relative", "A", (365,), "uncertain"),
    Row("DIABETES_UNCONTROLLED", "temporary", "P", (), "expert"),
    Row("WOUND_HEALING", "relative", "P", (), "expert"),
    Row("AUTOIMMUNE_COLLAGEN", "relative", "P", (), "expert"),
    Row("CARDIAC", "relative", "P", (), "consensus"),
    Row("LIVER_DISEASE", "modify", "P", (), "consensus"),
    Row("METHAEMOGLOBIN_G6PD", "relative", "P", (), "consensus", blocks=("prilocaine",)),
    Row("PSEUDOCHOLINESTERASE_PABA", "modify", "P", (), "consensus", blocks=("tetracaine",)),
    Row("EPILEPSY", "relative", "P", (), "uncertain"),
    Row("VASOVAGAL", "modify", "P", (), "consensus"),
    Row("PHOTOSENSITISING_DRUG", "relative", "P", (), "uncertain"),
    Row("SYSTEMIC_ILLNESS", "temporary", "P", (), "expert"),
    Row("NSAID_USE", "modify", "P", (), "uncertain"),
    # 3.3
    Row("HSV_HISTORY", "modify", "A", (), "trial"),
    Row("ECZEMA_PSORIASIS_ACTIVE", "temporary", "A", (), "expert"),
    Row("KOEBNER_HISTORY", "relative", "P", (), "uncertain"),
    Row("ROSACEA_ACTIVE", "temporary", "A", (), "expert"),
    Row("OPEN_WOUND", "temporary", "A", (), "expert"),
    Row("SUNBURN", "temporary", "A", (14,), "uncertain"),
    Row("TAN_FAKE_TAN", "temporary", "A", (7,), "expert"),
    Row("SKIN_CANCER_AREA", "absolute", "A", (), "expert"),
    Row("ACTINIC_KERATOSIS", "relative", "A", (), "expert"),
    Row("MOLE_RAISED", "modify", "A", (), "expert"),
    Row("TATTOO_PMU", "modify", "A", (), "expert"),
    Row("BOTOX_RECENT", "temporary", "A", (14,), "uncertain"),
    Row("FILLER_RECENT", "temporary", "A", (183,), "expert"),
    Row("PEEL_LASER_RECENT", "temporary", "A", (21, 84, 92), "uncertain"),
    Row("SURGERY_AREA_RECENT", "relative", "A", (365,), "expert"),
    Row("SCAR_AGE_YOUNG", "relative", "A", (183,), "expert"),
    Row("HAIR_REMOVAL_RECENT", "temporary", "A", (7,), "uncertain"),
    Row("TOPICAL_RETINOID_ACID", "temporary", "A", (5, 5), "uncertain"),
    Row(
        "ALLERGY_ANAESTHETIC",
        "relative",
        "P",
        (),
        "expert",
        blocks=("lidocaine", "prilocaine", "tetracaine"),
    ),
    Row("ALLERGY_METAL", "absolute", "P", (), "consensus"),
    Row("ALLERGY_LATEX", "modify", "P", (), "expert"),
    Row("ALLERGY_TOPICAL", "modify", "P", (), "trial"),
    Row("FITZPATRICK_IV_VI", "modify", "P", (), "consensus", "facts"),
    Row("PIH_HISTORY", "modify", "P", (), "expert"),
    Row("ORBITAL_RIM", "absolute", "A", (), "expert", "practitioner"),
    Row("MUCOSA_AREOLA", "absolute", "A", (), "uncertain", "practitioner"),
    Row("NUMB_AREA", "relative", "A", (), "uncertain"),
    # 3.4
    Row("AGE_UNDER_18", "absolute", "P", (18,), "consensus", "facts"),
    Row("AGE_18_21_LABEL", "modify", "P", (18, 21), "consensus", "facts"),
    Row("CAPACITY_CONSENT", "absolute", "P", (), "consensus", "plan"),
    Row("EXPECTATION_BDD", "relative", "P", (), "consensus", "practitioner"),
    Row("INTERVAL_SHORT", "relative", "A", (28,), "seed", "plan"),
    Row("INTERVAL_LONG", "modify", "P", (84,), "uncertain", "plan"),
    Row("UNRESOLVED_AE", "temporary", "A", (), "expert", "facts"),
    Row("MAX_SESSIONS", "relative", "P", (6,), "seed", "plan"),
    Row("PRACTITIONER_TRAINED", "absolute", "P", (), "seed", "plan"),
    Row("TEST_OF_STERILITY", "absolute", "P", (), "seed", "plan"),
)

# Yes with the details below: the outcome, and the days after the date for what is dated.
# (code, details without the date) -> (outcome before the date, days, outcome from the date on)
DATED = {
    ("ISOTRETINOIN_RECENT", ()): ("defer", "last_dose_on", 183, "clear"),
    ("CHEMO_RADIO_STEROID", (("state", "ended"),)): ("defer", "ended_on", 28, "review"),
    ("RADIOTHERAPY_FIELD", ()): ("defer", "last_fraction_on", 365, "review"),
    ("SUNBURN", ()): ("defer", "burnt_on", 14, "review"),
    ("TAN_FAKE_TAN", ()): ("defer", "last_exposure_on", 7, "review"),
    ("BOTOX_RECENT", ()): ("defer", "injected_on", 14, "clear"),
    ("FILLER_RECENT", ()): ("defer", "injected_on", 183, "clear"),
    ("PEEL_LASER_RECENT", (("kind", "light"),)): ("defer", "treated_on", 21, "review"),
    ("PEEL_LASER_RECENT", (("kind", "ablative"),)): ("defer", "treated_on", 84, "review"),
    ("PEEL_LASER_RECENT", (("kind", "deep"),)): ("defer", "treated_on", 92, "review"),
    ("PEEL_LASER_RECENT", (("kind", "not_sure"),)): ("defer", "treated_on", 92, "review"),
    ("SURGERY_AREA_RECENT", ()): ("review", "operated_on", 365, "clear"),
    ("SCAR_AGE_YOUNG", ()): ("review", "began_on", 183, "clear"),
    ("HAIR_REMOVAL_RECENT", ()): ("defer", "removed_on", 7, "clear"),
    ("TOPICAL_RETINOID_ACID", (("irritated", "no"),)): ("defer", "last_used_on", 5, "clear"),
    ("TOPICAL_RETINOID_ACID", (("irritated", "yes"),)): ("defer", "last_used_on", 5, "review"),
    ("TOPICAL_RETINOID_ACID", (("irritated", "not_sure"),)): ("defer", "last_used_on", 5, "review"),
}

# Yes with these details: an outcome without any date.
UNDATED = {
    ("DIABETES_UNCONTROLLED", (("controlled", "yes"),)): "review",
    ("DIABETES_UNCONTROLLED", (("controlled", "no"),)): "defer",
    ("DIABETES_UNCONTROLLED", (("controlled", "not_sure"),)): "defer",
    ("AUTOIMMUNE_COLLAGEN", (("disease", "scleroderma"),)): "stop",
    ("AUTOIMMUNE_COLLAGEN", (("disease", "lupus"),)): "review",
    ("CHEMO_RADIO_STEROID", (("state", "now"),)): "stop",
    ("ALLERGY_METAL", (("metal", "steel"),)): "stop",
    ("ALLERGY_METAL", (("metal", "nickel"),)): "review",
    ("ALLERGY_METAL", (("metal", "not_sure"),)): "review",
}

OUTCOME_OF_TYPE = {"absolute": "stop", "temporary": "defer", "relative": "review", "modify": "modify"}

# What happens to a course under way, first choice first; "none" in the source is continue.
ONGOING = {
    "pause": (
        "BREASTFEEDING ISOTRETINOIN_CURRENT KELOID_TENDENCY ANTICOAGULANT IMMUNOSUPPRESSED "
        "DIABETES_UNCONTROLLED WOUND_HEALING AUTOIMMUNE_COLLAGEN KOEBNER_HISTORY SURGERY_AREA_RECENT "
        "SCAR_AGE_YOUNG ALLERGY_METAL EXPECTATION_BDD UNRESOLVED_AE"
    ),
    "pause swap_area": "ACNE_ACTIVE",
    "pause shift": "CHEMO_RADIO_STEROID",
    "release pause": "PREGNANT",
    "shift": (
        "INFECTION_VIRAL_HSV INFECTION_FUNGAL ISOTRETINOIN_RECENT CARDIAC SYSTEMIC_ILLNESS ROSACEA_ACTIVE "
        "OPEN_WOUND SUNBURN TAN_FAKE_TAN BOTOX_RECENT FILLER_RECENT PEEL_LASER_RECENT HAIR_REMOVAL_RECENT "
        "INTERVAL_SHORT"
    ),
    "shift pause": "INFECTION_BACTERIAL",
    "swap_area": "RADIOTHERAPY_FIELD ACTINIC_KERATOSIS NUMB_AREA",
    "swap_area shift": "INFECTION_VIRAL_OTHER ECZEMA_PSORIASIS_ACTIVE",
    "cancel": "KELOID_ACTIVE_AREA BLEEDING_DISORDER SKIN_CANCER_AREA AGE_UNDER_18",
    "review": "INTERVAL_LONG MAX_SESSIONS",
    "block": "ORBITAL_RIM MUCOSA_AREOLA CAPACITY_CONSENT PRACTITIONER_TRAINED TEST_OF_STERILITY",
    "continue": (
        "HIV_HEPATITIS LIVER_DISEASE METHAEMOGLOBIN_G6PD PSEUDOCHOLINESTERASE_PABA EPILEPSY VASOVAGAL "
        "PHOTOSENSITISING_DRUG NSAID_USE HSV_HISTORY MOLE_RAISED TATTOO_PMU TOPICAL_RETINOID_ACID "
        "ALLERGY_ANAESTHETIC ALLERGY_LATEX ALLERGY_TOPICAL FITZPATRICK_IV_VI PIH_HISTORY AGE_18_21_LABEL"
    ),
}
