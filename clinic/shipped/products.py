"""Numbing creams with the limits of their labels: clinical facts 4.1. Adults, intact skin."""

from typing import NamedTuple


class ShippedCream(NamedTuple):
    """One cream: minutes on the skin, most grams and largest area in a visit (None: not on its label)."""

    name: str
    agent: str
    strength: str
    min_minutes: int
    max_minutes: int
    max_grams: str | None
    max_area_cm2: int | None
    source: str
    offered: bool = True


CREAMS = (
    ShippedCream(
        "EMLA cream",
        "lidocaine_prilocaine",
        "2.5% + 2.5%",
        60,
        300,
        "60.0",
        600,
        "4.1 lidocaine 2.5% + prilocaine 2.5%, 1 to 5 h: UK SmPC copy; EMC PIL 7994; CSP 2010 (consensus, V)",
    ),
    ShippedCream(
        "LMX4 cream",
        "lidocaine",
        "4%",
        30,
        300,
        None,
        900,
        "4.1 lidocaine 4%, 30-60 min, never over 5 h: LMX4 SmPC, rxreasoner/MHRA 2019 (consensus, V)",
    ),
    ShippedCream(
        "Pliaglis cream",
        "lidocaine_tetracaine",
        "7% + 7%",
        20,
        60,
        "53.0",
        400,
        "4.1 lidocaine 7% + tetracaine 7%, 20-30 min or 60 min: DailyMed Pliaglis (consensus, V)",
    ),
    # Its largest amount is the clinic's to add, so it starts switched off.
    ShippedCream(
        "Ametop gel",
        "tetracaine",
        "4%",
        30,
        45,
        None,
        None,
        "4.1 tetracaine 4%, 30-45 min; the clinic adds the maximum: RegionalDerm (expert, V)",
        offered=False,
    ),
)
