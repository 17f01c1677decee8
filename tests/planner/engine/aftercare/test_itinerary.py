"""The itinerary: visits in the clinic's time, windows and gaps, what to do before."""

import json
from dataclasses import replace
from datetime import date, timedelta

import pytest

from planner.engine.aftercare.blocks import MissingBlocks, OtherText
from planner.engine.aftercare.itinerary import compose_itinerary
from planner.engine.aftercare.model import ItineraryVisit
from tests.planner.engine.aftercare.sessions import NADINE, approved, itinerary, plain


def test_visits_are_in_words():
    content = itinerary()

    assert (content.title, content.patient, plain(content.span)) == (
        "Your 3 visits",
        "Nadine Ferrer",
        "Tue 8 Dec 2026 to Wed 17 Feb 2027",
    )
    assert [replace(visit, on=plain(visit.on), stop_on=plain(visit.stop_on)) for visit in content.visits] == [
        ItineraryVisit(1, "Tue 8 Dec 2026", "16:30 to 17:50", "Kerry Walsh", "Room 3", "Thu 3 Dec"),
        ItineraryVisit(2, "Thu 14 Jan 2027", "16:30 to 17:50", "Kerry Walsh", "Room 3", "Sat 9 Jan"),
        ItineraryVisit(3, "Wed 17 Feb 2027", "16:30 to 17:50", "Kerry Walsh", "Room 3", "Fri 12 Feb"),
    ]


@pytest.mark.parametrize(
    ("printed", "stops"),
    [
        (date(2026, 12, 3), ["Thu 3 Dec", "Sat 9 Jan", "Fri 12 Feb"]),
        (date(2026, 12, 4), ["Fri 4 Dec", "Sat 9 Jan", "Fri 12 Feb"]),
        (date(2026, 12, 8), ["Tue 8 Dec", "Sat 9 Jan", "Fri 12 Feb"]),
        (date(2026, 12, 9), ["", "Sat 9 Jan", "Fri 12 Feb"]),
    ],
)
def test_no_day_to_stop_lies_before_the_day_of_printing(printed, stops):
    assert [plain(visit.stop_on) for visit in itinerary(printed_on=printed).visits] == stops


def test_times_follow_the_clock_change():
    summer = replace(NADINE.visits[2], start=NADINE.visits[2].start + timedelta(days=60))

    content = itinerary(visits=(replace(summer, end=summer.start + timedelta(minutes=80)),))

    assert (plain(content.visits[0].on), content.visits[0].time) == ("Sun 18 Apr 2027", "17:30 to 18:50")


def test_axis_places_visits_windows_and_gaps_by_date():
    axis = itinerary().axis
    # From 10 days before the first visit (28 Nov) to 10 days after the last window (7 Mar): 99 days.
    assert [(visit.n, visit.at, visit.window_from, visit.window_to) for visit in axis.visits] == [
        (1, round(10 / 99, 4), None, None),
        (2, round(47 / 99, 4), round(38 / 99, 4), round(52 / 99, 4)),
        (3, round(81 / 99, 4), round(75 / 99, 4), round(89 / 99, 4)),
    ]
    assert [plain(gap.words) for gap in axis.gaps] == ["5 wk 2 d", "4 wk 6 d"]
    assert [(plain(month.label), month.at) for month in axis.months] == [
        ("Dec 2026", round(3 / 99, 4)),
        ("Jan 2027", round(34 / 99, 4)),
        ("Feb", round(65 / 99, 4)),
        ("Mar", round(93 / 99, 4)),
    ]


def test_axis_is_described_for_who_cannot_see_it():
    assert plain(itinerary().axis.described) == (
        "Visit 1: Tue 8 Dec 2026. Then 5 wk 2 d. Visit 2: Thu 14 Jan 2027. "
        "Then 4 wk 6 d. Visit 3: Wed 17 Feb 2027."
    )


def test_caption_states_the_gap_of_the_course():
    assert plain(itinerary().axis.caption) == (
        "Grey bands show the best time for each visit: 4 weeks to 6 weeks after the one before. "
        "Your skin needs this time to heal."
    )
    assert "30 days to 6 weeks" in plain(itinerary(gap_min_days=30).axis.caption)


def test_one_visit_has_no_gaps_and_no_caption():
    content = itinerary(visits=NADINE.visits[:1])

    assert (content.title, content.axis.gaps, content.axis.caption) == ("Your visit", (), "")
    assert plain(content.span) == "Tue 8 Dec 2026"


def test_lists_name_their_sources():
    content = itinerary()

    assert [(line.text, line.source) for line in content.before.items] == [
        ("Come with clean skin and no make-up", "5 photos"),
        ("No sunbed, tan or fake tan for 7 days", "3.3 TAN_FAKE_TAN"),
        ("No wax or hair cream for 7 days", "3.3 HAIR_REMOVAL_RECENT"),
        ("Do not use your own numbing cream", "4.2 Patient brought or applied own cream"),
        ("Do not stop what your doctor gave you", "3.2 ANTICOAGULANT; 6.2 Pain relief"),
    ]
    assert all(line.source for line in content.tell_us.items)


def test_length_counts_the_longest_visit_and_numbing():
    def length(**facts):
        return plain(itinerary(**facts).change.items[1].text)

    assert length() == "Each visit takes up to 1 hour 20 min, with 40 min for the numbing cream."
    assert length(numbing_minutes=0) == "Each visit takes up to 1 hour 20 min."
    longer = replace(NADINE.visits[1], end=NADINE.visits[1].start + timedelta(minutes=120))
    mixed = (NADINE.visits[0], longer, NADINE.visits[2])
    assert length(visits=mixed, numbing_minutes=0) == "Each visit takes up to 2 hours."


def test_spanish_itinerary():
    content = itinerary(language="es")

    assert content.title == "Sus 3 visitas"
    assert plain(content.visits[0].on) == "mar 8 dic 2026"
    assert plain(content.axis.gaps[0].words) == "5 sem 2 d"


def test_no_is_a_value():
    texts = {code: block for code, block in approved().texts.items() if code != "plan.came"}

    assert compose_itinerary(NADINE, approved(texts=texts)) == MissingBlocks("en", ("plan.came",))
    assert compose_itinerary(NADINE, approved("es")) == OtherText(("en", 1), ("es", 1))
    with pytest.raises(ValueError, match="needs a visit"):
        compose_itinerary(replace(NADINE, visits=()), approved())


def test_itinerary_is_json():
    assert json.loads(json.dumps(itinerary().as_data()))["schema"] == 1
