"""Why nothing fits, in words; every button of the card leads to a plan."""

import datetime as dt
from types import SimpleNamespace
from urllib.parse import urlencode

import pytest
from django.http import QueryDict

from clinic.models import Closure, WorkingHours
from planner.engine.proposals import proposals
from planner.engine.relaxations import Change, Relax
from planner.forms.plan import PlanForm
from planner.planning import read_planning
from planner.queries.reasons import reasons_of, relaxed, typed_pairs
from tests.kept import kept
from tests.planner import making
from tests.planner.making import MONDAY, NOW, asking

DAY = dt.timedelta(days=1)


def planned(patient, site, request, earliest_on=None):
    return read_planning(patient.pk, site.location, request, earliest_on=earliest_on, at=NOW)


def form_of(pairs, site):
    return PlanForm(
        QueryDict(urlencode(pairs)),
        location=site.location,
        screened=SimpleNamespace(indication_id=site.indication.pk),
        areas=site.areas,
        protocol=site.protocol,
        today=MONDAY,
    )


@kept
def impossible(ana, site, rosa):
    """Requests without any plan, by the wish that is in the way."""
    priya, daniel = site.practitioners
    WorkingHours.objects.filter(practitioner=daniel).delete()
    WorkingHours.objects.filter(practitioner=priya, weekday__in=[5, 6]).delete()
    return {
        "hours": asking(site, after_minute=17 * 60 + 30, hours_must=True),
        "before": asking(site, before_minute=8 * 60, hours_must=True),
        "weekdays": asking(site, weekdays=(5, 6), weekdays_must=True),
        "practitioner": asking(site, practitioner_id=daniel.pk, practitioner_must=True),
        "finish": asking(site, finish_by=MONDAY + 80 * DAY),
    }


LABELS = {
    "hours": ["Allow from 16:30", "Allow any time of day"],
    "before": ["Allow until 09:00", "Allow any time of day"],
    "weekdays": ["Allow Mondays", "Allow any weekday", "Allow Tuesdays"],
    "practitioner": ["Allow anyone who is free"],
    "finish": ["Allow any finish date"],
}


@pytest.mark.parametrize("wish", LABELS)
def test_reasons_offer_only_what_leads_to_a_plan(ana, site, impossible, wish):
    request = impossible[wish]
    reasons = reasons_of(planned(ana, site, request))
    assert sorted(one.label.split(" (")[0] for one in reasons.tries) == sorted(LABELS[wish])
    assert reasons.advice == ""
    for one in reasons.tries:
        assert one.request != request
        assert proposals(planned(ana, site, one.request).problem).best_fit.plan is not None
        form = form_of(one.pairs, site)
        assert form.errors == {}
        assert form.request() == one.request


def test_reasons_say_which_visit_failed_and_what_took_its_starts(ana, site, impossible):
    reasons = reasons_of(planned(ana, site, impossible["hours"]))
    assert reasons.sentence.replace("\u00a0", " ").startswith(
        "Visit 1 must fall between Mon 7 Sep 2026 and Mon 5 Oct 2026. None of the "
    )
    assert [words for _, words in reasons.lost] == [
        "practitioner busy or off",
        "outside the days and hours asked for",
    ]
    assert all(number > 0 for number, _ in reasons.lost)


def test_reasons_of_an_end_before_the_shortest_course_say_when_it_ends(ana, site):
    reasons = reasons_of(planned(ana, site, asking(site, finish_by=MONDAY + 83 * DAY)))
    assert reasons.sentence.replace("\u00a0", " ") == (
        "4 visits at least 4 wk apart end on Mon 30 Nov 2026 at the earliest, not by Sun 29 Nov 2026."
    )
    assert reasons.tries != ()


def test_reasons_of_a_closed_clinic(ana, site):
    Closure.objects.create(
        location=site.location, first_date=MONDAY, last_date=MONDAY + 400 * DAY, reason="Rebuilding"
    )
    reasons = reasons_of(planned(ana, site, asking(site)))
    assert reasons.sentence.endswith("The clinic is closed then.")
    assert (reasons.lost, reasons.tries) == ((), ())
    assert reasons.advice == "No single change helps. Change two wishes at once, or start later."


def test_reasons_of_areas_treated_elsewhere_name_the_other_visits(ana, site, rosa):
    making.book(ana, site, rosa)
    reasons = reasons_of(planned(ana, site, asking(site)))
    assert "too close to the patient's other visits" in [words for _, words in reasons.lost]
    assert reasons.tries == ()
    assert reasons.advice == (
        "Other visits for the same areas are too close. Start later or choose other areas."
    )


def test_a_later_start_counts_from_the_first_day_the_screening_allows(site):
    first = MONDAY + 20 * DAY
    changed = relaxed(asking(site), Change(Relax.LATER_START, 14), first)
    assert changed == asking(site, start_from=first + 14 * DAY)


@pytest.mark.parametrize("kind", [Relax.LONGER_GAP, Relax.NO_BLACKOUTS, Relax.UNPIN, Relax.NO_CONTINUITY])
def test_the_desk_gives_up_no_gap_and_no_spacing(site, kind):
    assert relaxed(asking(site), Change(kind, 49), MONDAY) is None


def test_a_request_is_typed_as_a_person_would(site):
    request = asking(
        site,
        finish_by=dt.date(2027, 3, 1),
        weekdays=(0, 3),
        weekdays_must=True,
        after_minute=0,
        before_minute=1025,
    )
    assert list(typed_pairs(request)) == [
        ("indication", str(site.indication.pk)),
        ("sessions", "4"),
        ("gap_target_days", "35"),
        ("numbing_minutes", "30"),
        ("start_from", "7 Sep 2026"),
        ("finish_by", "1 Mar 2027"),
        ("practitioner", ""),
        *(("areas", str(area.pk)) for area in site.areas),
        ("weekdays", "0"),
        ("weekdays", "3"),
        ("after", "00:00"),
        ("before", "17:05"),
        ("weekdays_must", "on"),
    ]
