"""A reported problem: every sign of the table has its level and answer, the most urgent one decides."""

from dataclasses import replace

import pytest

from planner.engine.aftercare.claims import claims_in
from planner.engine.aftercare.problems import (
    BY_CODE,
    CODES,
    SIGNS,
    Urgency,
    advise,
    choices,
    complete,
    in_words,
    urgency_of,
)
from planner.engine.aftercare.reading import GRADE_MAX, INFLESZ_MIN, measure
from planner.engine.aftercare.shipped import SHIPPED

PLACE = {"phone": "020 7946 0138", "emergency_number": "999"}
NBSP = "\u00a0"
ENGLISH, SPANISH, ARABIC = SHIPPED["en"], SHIPPED["es"], SHIPPED["ar"]
# Typed anew from the table of warning signs, level by level.
REFERENCE = {
    "now": {"breathing", "swollen_face", "faint", "blue_lips", "heart", "eye"},
    "today": {"worse", "spreads", "pus", "fever", "blisters", "bleeding", "swelling"},
    "soon": {"rash", "strong"},
    "next": {"patches", "lines", "scar"},
}


def test_every_sign_has_the_level_of_the_table():
    found = {}
    for sign in SIGNS:
        found.setdefault(str(sign.urgency), set()).add(sign.code)
    assert found == REFERENCE
    assert len(BY_CODE) == len(SIGNS) == 18


@pytest.mark.parametrize("sign", SIGNS, ids=lambda sign: sign.code)
def test_every_sign_names_its_row_and_has_every_language(sign):
    said = {in_words(sign.code, blocks) for blocks in SHIPPED.values()}
    assert len(said) == len(SHIPPED)
    assert {blocks.texts[f"sign.{sign.code}"].source for blocks in SHIPPED.values()} == {sign.source}
    assert sign.source.startswith("6.4")
    assert {f"advice.{code}" for code in sign.advice} <= set(CODES)


def test_every_word_of_the_page_is_a_text_of_its_own():
    for blocks in SHIPPED.values():
        assert {code for code in blocks.texts if code.startswith(("sign.", "advice."))} == set(CODES)


def test_help_waits_for_no_approval():
    """Texts approved before these blocks existed, or none at all: the shipped words answer."""
    texts = {code: block for code, block in ENGLISH.texts.items() if code not in ("sign.pus", "advice.now")}
    assert complete(replace(ENGLISH, texts=texts, version=7), "en") is ENGLISH
    assert complete(None, "es") is SPANISH
    assert complete(None, "fr") is ENGLISH
    mine = replace(ENGLISH, version=7)
    assert complete(mine, "en") is mine


def test_a_number_keeps_its_order_in_arabic():
    first = advise(["pus"], blocks=ARABIC, **PLACE).sentences[0]
    assert f"\u2068020{NBSP}7946{NBSP}0138\u2069" in first


@pytest.mark.parametrize(
    ("codes", "urgency", "sentences"),
    [
        (["breathing"], "now", ["Call 999 now. Do not wait for us."]),
        (["eye"], "now", ["Go to emergency eye care now."]),
        (
            ["pus"],
            "today",
            [
                "Call us now on 020 7946 0138. If you do not reach us, see a doctor today.",
                "Is it hard to breathe, do you faint, or does your face swell? Call 999 now.",
            ],
        ),
        (
            ["rash"],
            "soon",
            [
                "Call us in the next 1 to 2 days on 020 7946 0138.",
                "Stop all creams on it until we have spoken.",
                "Is it hard to breathe, do you faint, or does your face swell? Call 999 now.",
            ],
        ),
    ],
)
def test_the_answer_says_what_to_do(codes, urgency, sentences):
    said = advise(codes, blocks=ENGLISH, **PLACE)
    assert said.urgency == urgency
    assert [sentence.replace(NBSP, " ") for sentence in said.sentences] == sentences


def test_the_most_urgent_sign_decides_and_an_emergency_says_nothing_slower():
    assert urgency_of(["patches", "rash", "pus"]) is Urgency.TODAY
    said = advise(["patches", "pus", "breathing", "eye"], blocks=ENGLISH, **PLACE)
    assert said.sentences == ("Call 999 now. Do not wait for us.", "Go to emergency eye care now.")


def test_words_alone_are_read_by_a_person():
    said = advise([], blocks=SPANISH, **PLACE)
    assert said.urgency is Urgency.UNLISTED
    assert said.sentences[0] == f"Lo leemos y le llamamos. Si empeora, llámenos al 020{NBSP}7946{NBSP}0138."


def test_an_unknown_sign_is_an_error():
    with pytest.raises(KeyError):
        advise(["nonsense"], blocks=ENGLISH, **PLACE)


def test_choices_are_those_of_the_level():
    assert [one.code for one in choices(Urgency.SOON, ENGLISH)] == ["rash", "strong"]
    assert choices(Urgency.UNLISTED, ENGLISH) == ()


@pytest.mark.parametrize("language", ["en", "es"])
def test_the_sentences_are_easy_to_read_and_claim_nothing(language):
    lines = [SHIPPED[language].texts[code].text for code in CODES]
    score = measure(lines, language).score
    assert score <= GRADE_MAX if language == "en" else score >= INFLESZ_MIN
    assert [claims_in(line, language) for line in lines if claims_in(line, language)] == []
