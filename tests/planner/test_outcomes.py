"""Outcome scores: kept with version and label, refused outside their scale, drawn with their table."""

import datetime as dt

import pytest
from django.db import DatabaseError, transaction
from django.urls import reverse

from planner import outcomes
from planner.models import OutcomeScore
from planner.queries.outcomes import charts_of
from tests.planner.making import NOW
from tests.refusing import refusing

ON = NOW.date()


def score(course, by, on=ON, at=NOW, **values):
    return outcomes.record_scores(course, values=values, scored_on=on, by=by, at=at)


def refused(*args, **how):
    return refusing(OutcomeScore)(score, *args, **how)


def test_record_scores_keeps_version_and_label(course, priya):
    score(course, priya, GB_QUAL=3, VAS_LOOK=62)
    rows = OutcomeScore.objects.order_by("scale").values_list("scale", "version", "value", "label")
    assert list(rows) == [
        ("GB_QUAL", "qualitative, 4 grades", 3, "moderate"),
        ("VAS_LOOK", "0 best to 100 worst", 62, ""),
    ]


@pytest.mark.parametrize(
    ("code", "value"), [("GB_QUAL", 0), ("GB_QUAL", 5), ("VAS_LOOK", 101), ("VSS", 14), ("SATISFACTION", 6)]
)
def test_a_value_outside_its_scale_is_refused_twice(course, priya, code, value):
    no = refused(course, priya, **{code: value})
    assert (no.code, no.field) == ("score_range", code)
    with pytest.raises(DatabaseError, match="a_score_is_in_the_range"), transaction.atomic():
        OutcomeScore.objects.create(
            course=course, scale=code, value=value, scored_on=ON, recorded_by=priya, recorded_at=NOW
        )


def test_record_scores_refuses_the_desk_a_day_ahead_and_nothing(course, priya, rosa):
    assert refused(course, rosa, GB_QUAL=3).code == "role"
    assert refused(course, priya, on=ON + dt.timedelta(days=2), GB_QUAL=3).code == "day_ahead"
    assert refused(course, priya).code == "nothing_scored"


def test_scores_never_change(course, priya):
    score(course, priya, GB_QUAL=3)
    with pytest.raises(DatabaseError), transaction.atomic():
        OutcomeScore.objects.update(value=1)


def test_charts_draw_the_newest_score_of_a_day(course, priya):
    score(course, priya, on=ON - dt.timedelta(days=35), GB_QUAL=4)
    score(course, priya, GB_QUAL=3)
    score(course, priya, at=NOW + dt.timedelta(minutes=5), GB_QUAL=2, SATISFACTION=4)
    grade, patient = charts_of(course)
    assert [(point.value, point.words, point.visit) for point in grade.points] == [
        (4, "4, severe", "before visit 1"),
        (2, "2, mild", "before visit 1"),
    ]
    assert grade.line == "36,24 376,72"
    assert (grade.better, patient.better) == ("Lower is better", "Higher is better")
    assert grade.finding.startswith("Better by 2")


def test_charts_need_two_queries(course, priya, django_assert_num_queries):
    score(course, priya, GB_QUAL=4, GAIS=2, VSS=4)
    with django_assert_num_queries(2):
        charts_of(course)


def test_the_page_keeps_scores_and_what_was_typed_wrongly(client_for, course, priya):
    room, url = client_for(priya), reverse("course_outcomes", args=[course.pk])
    assert "Not scored yet" in room.get(url).content.decode()
    answer = room.post(url, {"scored_on": "1 Jul 2026", "GB_QUAL": "3", "VAS_LOOK": "62"}, follow=True)
    page = answer.content.decode()
    assert "2 scores kept." in page and "3, moderate" in page and "<svg class=" in page
    wrong = room.post(url, {"scored_on": "1 Jul 2026", "VAS_LOOK": "620"})
    assert wrong.status_code == 422 and 'value="620"' in wrong.content.decode()


def test_the_chart_grows_with_labels_that_stand_further_away(course, priya):
    for days in range(5):
        score(course, priya, on=ON - dt.timedelta(days=4 - days), VAS_LOOK=100 - days)
    score(course, priya, on=ON - dt.timedelta(days=200), VAS_LOOK=50)
    (chart,) = charts_of(course)
    places = {(point.value_x, point.value_y) for point in chart.points}
    assert len(places) == 6 and len({point.day_y for point in chart.points}) == 5
    top, height = (float(part) for part in chart.view_box.split()[1::2])
    assert top < 0 and top + height >= max(point.day_y for point in chart.points)
