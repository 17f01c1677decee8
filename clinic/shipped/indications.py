"""Why we treat: the codes of clinical facts 2.2. What is uncertain or not in the seeds is switched off.

The Spanish names are not reviewed by a native clinician.
"""

from typing import NamedTuple


class ShippedIndication(NamedTuple):
    """One reason for a course; `offered` says whether a new clinic offers it at once."""

    code: str
    name: str
    name_es: str
    offered: bool
    source: str


INDICATIONS = (
    ShippedIndication(
        "ACNE_MIXED",
        "Acne scars, mixed",
        "Cicatrices de acné, mixtas",
        True,
        "2.2 ACNE_MIXED: S3; Harris 2015; Dogra 2014",
    ),
    ShippedIndication(
        "ACNE_ROLLING",
        "Acne scars, rolling",
        "Cicatrices de acné, onduladas",
        True,
        "2.2 ACNE_ROLLING: Freiherr & Ablon 2020; Garg & Chaudhary",
    ),
    ShippedIndication(
        "ACNE_BOXCAR",
        "Acne scars, boxcar",
        "Cicatrices de acné, en caja",
        True,
        "2.2 ACNE_BOXCAR: Garg & Chaudhary",
    ),
    ShippedIndication(
        "ACNE_ICEPICK",
        "Acne scars, ice-pick",
        "Cicatrices de acné, en picahielo",
        True,
        "2.2 ACNE_ICEPICK: Garg & Chaudhary; Minutilli 2024",
    ),
    ShippedIndication(
        "SCAR_SURG_TRAUMA",
        "Surgical or accident scar",
        "Cicatriz de operación o accidente",
        True,
        "2.2 SCAR_SURG_TRAUMA: Alster & Li 2020 PRS; ChelWest leaflets; S2",
    ),
    ShippedIndication(
        "SCAR_EARLY_POSTOP",
        "Early scar after an operation",
        "Cicatriz reciente de una operación",
        False,
        "2.2 SCAR_EARLY_POSTOP: Claytor 2022 (small trial); 10.7 conflicts with device instructions",
    ),
    ShippedIndication(
        "SCAR_ABDO_HYPERTROPHIC",
        "Raised scar on the abdomen",
        "Cicatriz elevada en el abdomen",
        False,
        "2.2 SCAR_ABDO_HYPERTROPHIC: FDA K200044; spacing not stated",
    ),
    ShippedIndication(
        "STRIAE_RUBRAE", "Stretch marks, red", "Estrías rojas", True, "2.2 STRIAE_RUBRAE: S1; JEWDS 2017"
    ),
    ShippedIndication(
        "STRIAE_ALBAE",
        "Stretch marks, white",
        "Estrías blancas",
        True,
        "2.2 STRIAE_ALBAE: S1; AJCD 2018; Arch Dermatol Res 2023",
    ),
    ShippedIndication(
        "FINE_LINES_TEXTURE",
        "Fine lines and texture",
        "Líneas finas y textura",
        True,
        "2.2 FINE_LINES_TEXTURE: S3; Ablon 2018; El-Domyati 2015; Fabbrocini 2012; Clark 2021",
    ),
    ShippedIndication(
        "NECK_LINES", "Neck lines", "Líneas del cuello", True, "2.2 NECK_LINES: Aesthet Surg J 2021; K202243"
    ),
    ShippedIndication(
        "MELASMA",
        "Melasma",
        "Melasma",
        False,
        "2.2 MELASMA: not in the seed texts, off by default; JOCD 2024; JAAD 2022; APS 2024",
    ),
    ShippedIndication(
        "PORES",
        "Pores",
        "Poros",
        False,
        "2.2 PORES / DYSCHROMIA: uncertain, weak data; plasticsurgerykey ch. 63",
    ),
    ShippedIndication(
        "DYSCHROMIA",
        "Uneven skin colour",
        "Color desigual de la piel",
        False,
        "2.2 PORES / DYSCHROMIA: uncertain, weak data; plasticsurgerykey ch. 63",
    ),
)
