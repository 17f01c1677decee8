"""Allergies of the whole person, to numbing agents, metal, latex and products."""

from patients.screening.model import Branch
from patients.screening.table.shape import (
    ABSOLUTE,
    CONSENSUS,
    CONTINUE,
    EXPERT,
    MODIFY,
    PAUSE,
    PERSON,
    RELATIVE,
    TRIAL,
    changed,
    choice,
    decided,
    product,
    rule,
    text,
    when,
)
from patients.screening.terms import Agent, Clears, Outcome, Section


def _this_agent(agent: Agent) -> Branch:
    return Branch(
        when=when("agent", agent),
        outcome=Outcome.REVIEW,
        cleared_by=(Clears.DECISION,),
        conditions=("Use no numbing with this agent",),
        blocks=(agent,),
    )


ALLERGIES = (
    rule(
        "ALLERGY_ANAESTHETIC",
        Section.ALLERGIES,
        RELATIVE,
        PERSON,
        label="Allergy to numbing cream or local numbing",
        question="Are you allergic to numbing cream or to a shot that numbs?",
        follow_ups=(
            choice(
                "agent",
                "Numbing agent",
                lidocaine="Lidocaine",
                prilocaine="Prilocaine",
                tetracaine="Tetracaine",
                not_sure="Not sure or other",
            ),
            product("product", "Product"),
        ),
        branches=(*(_this_agent(agent) for agent in Agent), decided("Use no numbing")),
        blocks=tuple(Agent),
        effects=(CONTINUE,),
        clears_when="The agent stays blocked; a practitioner decides on a visit without it",
        source="SkinPen label copies and Exceed manual p. 34 (do not treat); "
        "Dermapen 4 manual p. 23 (may treat)",
        confidence=EXPERT,
        disputed=True,
    ),
    rule(
        "ALLERGY_METAL",
        Section.ALLERGIES,
        ABSOLUTE,
        PERSON,
        label="Allergy to metal, nickel or steel",
        question="Are you allergic to metal, nickel or steel?",
        follow_ups=(
            choice(
                "metal",
                "Metal",
                steel="Stainless steel",
                nickel="Rash from nickel earrings",
                not_sure="Not sure",
            ),
        ),
        branches=(
            decided("Patch test or another device", when=when("metal", "nickel", "not_sure")),
            Branch(cleared_by=(Clears.DOCUMENT,)),
        ),
        effects=(PAUSE,),
        clears_when="A patch test is on file, or another device is chosen, then a practitioner decides",
        source="SkinPen label copies; Dermapen 4 manual p. 23; Chu 2021",
        confidence=CONSENSUS,
    ),
    rule(
        "ALLERGY_LATEX",
        Section.ALLERGIES,
        MODIFY,
        PERSON,
        label="Allergy to latex",
        question="Are you allergic to latex?",
        branches=(changed("Latex-free gloves and kit, recorded"),),
        effects=(CONTINUE,),
        clears_when="Done with this change",
        source="Bellus protocol",
        confidence=EXPERT,
    ),
    rule(
        "ALLERGY_TOPICAL",
        Section.ALLERGIES,
        MODIFY,
        PERSON,
        label="Reaction to gel, serum, antiseptic or plaster",
        question="Did your skin go red or sore from a gel, serum, plaster or a wash that kills germs?",
        follow_ups=(text("ingredient", "Product or ingredient"),),
        branches=(changed("Leave the named ingredient out, recorded"),),
        effects=(CONTINUE,),
        clears_when="The ingredient is left out",
        source="Soltani 2014; Li/Friedmann reviews",
        confidence=TRIAL,
    ),
)
