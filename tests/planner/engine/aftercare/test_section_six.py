"""Every row of the clinical facts on aftercare (section 6), and the texts or numbers that rest on it."""

import pytest

from planner.engine.aftercare.problems import SIGNS
from planner.engine.aftercare.shipped import SHIPPED
from planner.engine.aftercare.timing import TIMINGS

# Typed anew from section 6: row → one block or number that would be missed first.
ROWS = {
    "6.1 0-4 h": "todo.touch",
    "6.1 Day 0": "do_not.first_day.face",
    "6.1 Day 1": "todo.moisturise",
    "6.1 Days 2-3": "todo.make_up_clean",
    "6.1 Days 4-7": "todo.resume",
    "6.1 Week 2": "do_not.week_2",
    "6.1 To next session": "next.tell",
    "6.1 After last session": "normal.after.last",
    "6.2 Sun": "do.sun.face",
    "6.2 Washing": "todo.wash",
    "6.2 Make-up": "do_not.first_day.face",
    "6.2 Retinoids, AHA/BHA, benzoyl peroxide": "do_not.actives",
    "6.2 Vitamin C": "do_not.actives",
    "6.2 Exercise": "do_not.heat",
    "6.2 Sauna, steam, hot tub, pool, sea": "do_not.heat",
    "6.2 Shaving": "do_not.week_2",
    "6.2 Picking": "do_not.pick",
    "6.2 Hydration": "do.drink",
    "6.2 Pain relief": "do.pain",
    "6.2 Cold pack": "do.cool",
    "6.2 Bleeding spots": "do.blood",
    "6.2 Bedding/clothes": "do.pillow",
    "6.2 Serums": "do.listed_products",
    "6.3 Trunk/limbs": "do_not.tight.trunk_limbs",
    "6.3 Breast": "do_not.nipple",
    "6.3 Hips/thighs": "do_not.tight.hips_thighs",
    "6.3 Abdomen": "do_not.tight.abdomen",
    "6.3 FST I-III": "normal.first_day.white",
    "6.3 FST IV-VI": "normal.brown",
    "6.3 Depth <= 0.5 mm": "normal.day_1.shallow.white",
    "6.3 Depth 0.8-1.5 mm": "normal.day_1.medium.white",
    "6.3 Depth >= 2 mm": "normal.days_2_3.deep",
    "6.4 Emergency": "call.emergency",
    "6.4 Same day": "call.pus",
    "6.4 Same day, blisters": "call.blisters",
    "6.4 Same day, eye": "call.eye",
    "6.4 Same day, bleeding": "call.bleeding",
    "6.4 1-2 days": "call.soon",
    "6.4 Next visit or call": "call.patches",
    "6.5 >= 90 d after last": "next.last_heading",
}
# Rows that give no sentence of their own: where they are kept instead.
ELSEWHERE = {
    "6.3 Face/neck": "the rows of make-up, sun, pillowcase and shaving, where the face was treated",
    "6.3 Body timing": "a mean of a trial: within the days that the depth gives",
    "6.5 24-72 h message": "the messages after a visit",
    "6.5 Day 7": "the messages after a visit",
    "6.5 2-3 days before next": "the screen by phone, up to three days before",
    "6.5 28-42 d": "the gaps of the protocol",
    "6.5 6-12 months": "a review, where the clinic plans one",
}


def parts(source: str) -> set[str]:
    return {part.strip() for part in source.split(";")}


@pytest.mark.parametrize("language", SHIPPED)
@pytest.mark.parametrize(("row", "code"), ROWS.items())
def test_a_row_is_said_in_every_language(language, row, code):
    assert row in parts(SHIPPED[language].texts[code].source)


def test_every_source_of_section_six_is_a_row_of_it():
    named = {part for block in SHIPPED["en"].texts.values() for part in parts(block.source)}
    named |= {part for timing in TIMINGS.values() for part in parts(timing.source)}
    named |= {part for sign in SIGNS for part in parts(sign.source)}
    inside = {part for part in named if part.startswith("6.")}
    assert inside - set(ROWS) == {"6.4"}  # words that no sign covers: a person reads them
    assert not inside & set(ELSEWHERE)


@pytest.mark.parametrize(
    ("code", "said"),
    [
        ("do_not.first_day.face", ["make-up", "sun cream", "alcohol", "hot bath"]),
        ("do_not.heat", ["gym", "sauna", "hot tub", "pool", "sea", "shaving", "fake tan"]),
        ("do_not.actives", ["retinol", "acid", "benzoyl peroxide", "vitamin c", "scrub"]),
        (
            "do_not.week_2",
            ["sunbathing", "sunbed", "wax", "hair cream", "peel", "laser", "filler", "toxin"],
        ),
        ("normal.first_day.white", ["red", "warm", "tight", "stings", "sunburn", "swollen", "blood"]),
        ("normal.brown", ["purple", "grey", "darker", "hard to see", "tinted"]),
        (
            "call.emergency.numbing",
            ["breathing", "face", "lips", "tongue", "faint", "fit", "blue-grey", "heart"],
        ),
        ("call.soon", ["itchy", "lumpy", "stop all creams", "red after"]),
        ("call.patches", ["dark", "pale", "lines", "raised scar"]),
        ("do.blood", ["clean gauze", "press 10 min"]),
        ("do.pain", ["paracetamol", "never stop"]),
    ],
)
def test_a_list_names_everything_of_its_row(code, said):
    text = SHIPPED["en"].texts[code].text.lower()
    assert [word for word in said if word not in text] == []
