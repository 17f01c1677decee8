"""The plan form: what it offers, and a sentence for everything that may be typed wrongly."""

import datetime as dt
from types import SimpleNamespace

import pytest

from planner.forms.plan import PlanForm, typed_again
from planner.planning import CourseRequest
from tests import people
from tests.planner import making
from tests.planner.making import MONDAY


@pytest.fixture
def form(site):
    """Build the form over typed pairs; what is not typed stays as the page shows it."""

    def build(protocol=None, **typed):
        areas = [str(area.pk) for area in site.areas]
        data = {
            "indication": str(site.indication.pk),
            "areas": areas,
            "sessions": "5",
            "gap_target_days": "35",
            "start_from": "7 Sep 2026",
            "numbing_minutes": "30",
        } | typed
        return PlanForm(
            Typed(data),
            location=site.location,
            screened=SimpleNamespace(indication_id=site.indication.pk),
            areas=site.areas,
            protocol=protocol or site.protocol,
            today=MONDAY,
        )

    return build


class Typed(dict):
    """A dictionary that answers like the query of a request."""

    def getlist(self, name):
        value = self.get(name, [])
        return value if isinstance(value, list) else [value]


def test_form_turns_everything_typed_into_a_request(form, site):
    kerry = site.practitioners[1]
    filled = form(
        sessions="4",
        gap_target_days="42",
        start_from="10/9/2026",
        finish_by="2027-03-01",
        weekdays=["3", "1"],
        weekdays_must="on",
        after="16",
        before="18:30",
        hours_must="on",
        practitioner=str(kerry.pk),
        practitioner_must="on",
        numbing_minutes="40",
    )
    assert filled.errors == {}
    assert filled.request() == CourseRequest(
        indication_id=site.indication.pk,
        area_ids=tuple(sorted(area.pk for area in site.areas)),
        sessions=4,
        gap_target_days=42,
        start_from=dt.date(2026, 9, 10),
        numbing_minutes=40,
        finish_by=dt.date(2027, 3, 1),
        weekdays=(1, 3),
        weekdays_must=True,
        after_minute=960,
        before_minute=1110,
        hours_must=True,
        practitioner_id=kerry.pk,
        practitioner_must=True,
    )


def test_form_with_the_least_typed_wishes_nothing(form, site):
    filled = form()
    assert filled.errors == {}
    assert filled.request() == CourseRequest(
        indication_id=site.indication.pk,
        area_ids=tuple(sorted(area.pk for area in site.areas)),
        sessions=5,
        gap_target_days=35,
        start_from=MONDAY,
        numbing_minutes=30,
    )


def test_form_shows_a_request_as_it_was_typed(form, site):
    filled = form(weekdays=["0"], weekdays_must="on", after="00:00", before="17:05")
    assert filled.errors == {}
    request = filled.request()
    assert typed_again(request, MONDAY) == {
        "indication": site.indication.pk,
        "areas": sorted(area.pk for area in site.areas),
        "sessions": 5,
        "gap_target_days": 35,
        "start_from": MONDAY,
        "finish_by": None,
        "numbing_minutes": 30,
        "weekdays": [0],
        "weekdays_must": True,
        "after": dt.time(0),
        "before": dt.time(17, 5),
        "hours_must": False,
        "practitioner": None,
        "practitioner_must": False,
        "first_today": False,
    }
    assert typed_again(request, dt.date(2026, 9, 9))["start_from"] == dt.date(2026, 9, 9)


@pytest.mark.parametrize(
    ("low", "target", "high", "offered"),
    [
        (28, 35, 42, [28, 35, 42]),
        (28, 28, 28, [28]),
        (30, 33, 34, [30, 33, 34]),
        (30, 40, 60, [30, 35, 40, 42, 60]),
        (45, 50, 60, [45, 50, 60]),
    ],
)
def test_form_offers_the_gaps_of_the_protocol(form, site, low, target, high, offered):
    site.protocol.gap_min_days, site.protocol.gap_target_days, site.protocol.gap_max_days = low, target, high
    assert [days for days, _ in form().fields["gap_target_days"].choices] == offered


def test_form_says_gaps_in_weeks(form):
    assert form().fields["gap_target_days"].choices == [
        (28, "About 4\u00a0wk"),
        (35, "About 5\u00a0wk"),
        (42, "About 6\u00a0wk"),
    ]


def test_form_offers_the_visits_of_the_protocol(form, site):
    assert form().fields["sessions"].choices == [(4, "4"), (5, "5"), (6, "6")]


@pytest.mark.parametrize(
    ("usual", "offered"),
    [
        (30, ["None", "20 min", "30 min", "40 min", "60 min"]),
        (0, ["None", "20 min", "30 min", "40 min", "60 min"]),
        (45, ["None", "20 min", "30 min", "40 min", "45 min", "60 min"]),
    ],
)
def test_form_offers_the_numbing_of_the_protocol(form, site, usual, offered):
    site.protocol.numbing_minutes = usual
    assert [words for _, words in form().fields["numbing_minutes"].choices] == offered


def test_form_offers_only_people_who_treat_this_here(form, site, location):
    away = making.make_colleague(people.make_location("Oslo", "Europe/Oslo"), "Ida Away")
    away.indications.add(site.indication)
    untrained = making.make_colleague(location, "Una Untrained")
    gone = making.make_colleague(location, "Gus Gone")
    gone.indications.add(site.indication)
    gone.is_active = False
    gone.save()
    assert set(form().fields["practitioner"].queryset) == set(site.practitioners)
    for stranger in (away, untrained, gone):
        assert list(form(practitioner=str(stranger.pk)).errors) == ["practitioner"]


STRANGER = "Select a valid choice. That choice is not one of the available choices."
EXAMPLE = "Write a date such as 7 Dec 2026."


@pytest.mark.parametrize(
    ("name", "typed", "said"),
    [
        ("indication", "", "Pick one."),
        ("indication", "999999", STRANGER),
        ("indication", "x" * 5000, STRANGER),
        ("areas", [], "Pick at least one area."),
        ("areas", ["999999"], "Select a valid choice. 999999 is not one of the available choices."),
        ("areas", ["x"], "“x” is not a valid value."),
        ("sessions", "", "Pick one."),
        ("sessions", "3", "Select a valid choice. 3 is not one of the available choices."),
        ("sessions", "7", "Select a valid choice. 7 is not one of the available choices."),
        ("gap_target_days", "14", "Select a valid choice. 14 is not one of the available choices."),
        ("gap_target_days", "x", "Select a valid choice. x is not one of the available choices."),
        ("start_from", "", "Write a date such as 7 Dec 2026."),
        ("start_from", "31 Nov 2026", "November 2026 has no day 31."),
        ("start_from", "29/2/2027", "February 2027 has no day 29."),
        ("start_from", "7/13/2026", "There is no month 13. Write the day first, such as 7/12/2026."),
        ("start_from", "7/12/26", "Write the year with four digits."),
        ("start_from", "soon", EXAMPLE),
        ("start_from", "9" * 5000, EXAMPLE),
        ("start_from", "6 Sep 2026", "This day is over. Pick today or a later day."),
        ("start_from", "8 Sep 2027", "This is more than a year ahead. Pick an earlier day."),
        ("finish_by", "x", EXAMPLE),
        ("finish_by", "6 Sep 2026", "This is before the course starts. Pick a later day or leave it empty."),
        ("finish_by", "7 Sep 2026", "This is before the course starts. Pick a later day or leave it empty."),
        ("weekdays", ["7"], "Select a valid choice. 7 is not one of the available choices."),
        ("weekdays_must", "on", "Pick the days above, or untick this."),
        ("after", "25:00", "A time runs from 00:00 to 23:59."),
        ("after", "noon", "Write a time such as 09:30."),
        ("before", "12:60", "A time runs from 00:00 to 23:59."),
        ("hours_must", "on", "Write a time above, or untick this."),
        ("practitioner", "999999", STRANGER),
        ("practitioner", "x", STRANGER),
        ("practitioner_must", "on", "Pick a person above, or untick this."),
        ("numbing_minutes", "31", "Select a valid choice. 31 is not one of the available choices."),
        ("numbing_minutes", "-1", "Select a valid choice. -1 is not one of the available choices."),
    ],
)
def test_form_says_beside_the_field_what_is_wrong(form, name, typed, said):
    filled = form(**{name: typed})
    assert filled.errors == {name: [said]}
    assert filled[name].value() == typed or name.endswith("_must")


@pytest.mark.parametrize("before", ["09:00", "08:59"])
def test_form_wants_hours_in_order(form, before):
    assert form(after="09:00", before=before).errors == {
        "before": ["This is not after the first time. Pick a later time."]
    }


def test_form_names_a_bad_time_once(form):
    assert form(after="noon", hours_must="on").errors == {"after": ["Write a time such as 09:30."]}


def test_form_takes_the_last_day_of_a_year_ahead(form):
    assert form(start_from="7 Sep 2027").errors == {}
