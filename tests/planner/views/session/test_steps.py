"""Numbing as a page, autosave, and two writers of one step."""

import datetime as dt
from decimal import Decimal

import pytest

from planner.forms.conflict import Conflict
from planner.queries.body import body_of
from tests.planner.treating import CREAM_OFF, CREAM_ON, MINUTE, NEEDLING
from tests.planner.views.session.typed import (
    JSON,
    text_of,
    typed_numbing,
    typed_treatment,
    url,
)

# Steps


def test_session_numbing_saves_local_times_and_either_decimal_sign(room, session, stock, now):
    now.move_to(NEEDLING)
    answer = room.post(url("numbing", session), typed_numbing(session, stock))
    session.refresh_from_db()
    assert (answer.status_code, answer.url) == (302, url("numbing", session))
    assert session.numbing_grams == Decimal("12.5")
    assert session.numbing_on_at == dt.datetime(2026, 9, 7, 9, 6, tzinfo=dt.UTC)
    assert session.numbing_off_at == dt.datetime(2026, 9, 7, 9, 40, tzinfo=dt.UTC)


def test_session_numbing_stamps_the_servers_time_and_keeps_its_seconds(room, session, stock, now):
    on = CREAM_ON + dt.timedelta(seconds=41)
    now.move_to(on)
    typed = typed_numbing(session, stock, numbing_on_at="", numbing_off_at="")
    room.post(url("numbing", session), typed | {"stamp": "on"})
    session.refresh_from_db()
    assert (session.numbing_on_at, session.numbing_off_at) == (on, None)
    page = room.get(url("numbing", session))
    assert 'data-timer-since="2026-09-07T09:06:41+00:00"' in text_of(page)
    assert "Cream off now" in text_of(page)
    now.move_to(CREAM_ON + 30 * MINUTE)
    typed |= {"version": session.version, "numbing_on_at": "10:06", "stamp": "off"}
    room.post(url("numbing", session), typed)
    session.refresh_from_db()
    assert (session.numbing_on_at, session.numbing_off_at) == (on, CREAM_ON + 30 * MINUTE)


def test_session_numbing_without_cream_needs_nothing_more(room, session):
    answer = room.post(
        url("numbing", session),
        {"version": session.version, "numbing_used": "no", "own_cream": "no", "then": "treatment"},
    )
    assert answer.url == url("treatment", session)
    session.refresh_from_db()
    assert session.numbing_used is False


@pytest.mark.parametrize(
    ("changed", "field"),
    [
        ({"numbing_used": ""}, "numbing_used"),
        ({"numbing_grams": "plenty"}, "numbing_grams"),
        ({"numbing_grams": "-1"}, "numbing_grams"),
        ({"numbing_grams": "NaN"}, "numbing_grams"),
        ({"numbing_area_cm2": "901"}, "numbing_area_cm2"),
        ({"numbing_area_cm2": "x"}, "numbing_area_cm2"),
        ({"numbing_on_at": "25:00"}, "numbing_on_at"),
        ({"numbing_on_at": "soon"}, "numbing_on_at"),
        ({"numbing_off_at": "11:59"}, "numbing_on_at"),
        ({"numbing_off_at": "10:05"}, "numbing_off_at"),
        ({"numbing_lot": "999999"}, "numbing_lot"),
        ({"version": ""}, "version"),
    ],
)
def test_session_numbing_refuses_beside_the_field_and_keeps_what_was_typed(
    room, session, stock, now, changed, field
):
    now.move_to(NEEDLING)
    typed = typed_numbing(session, stock, **changed)
    page = room.post(url("numbing", session), typed)
    assert page.status_code == 422
    assert field in page.context["form"].errors
    shown = page.context["form"]
    assert {name: str(shown[name].value()) for name in typed} == {name: str(typed[name]) for name in typed}
    session.refresh_from_db()
    assert session.version == 1


def test_a_step_saved_from_an_older_page_is_409_and_loses_nothing(room, session, stock, now):
    now.move_to(NEEDLING)
    typed = typed_numbing(session, stock)
    room.post(url("numbing", session), typed)
    page = room.post(url("numbing", session), typed | {"numbing_grams": "20"})
    assert page.status_code == 409
    assert "This record was saved elsewhere at 10:42:00." in text_of(page)
    assert page.context["conflicts"] == [Conflict("numbing_grams", "Amount (g)", "12.5", "20")]
    assert page.context["form"]["version"].value() == 2
    assert 'value="20"' in text_of(page)
    session.refresh_from_db()
    assert session.numbing_grams == Decimal("12.5")


@pytest.mark.parametrize(("picked", "grams"), [("saved", "12.5"), ("typed", "20.0")])
def test_a_conflict_is_settled_field_by_field(room, session, stock, now, picked, grams):
    now.move_to(NEEDLING)
    typed = typed_numbing(session, stock)
    room.post(url("numbing", session), typed)
    late = typed | {"numbing_grams": "20", "numbing_area_cm2": "210"}
    page = room.post(url("numbing", session), late)
    assert [row.name for row in page.context["conflicts"]] == ["numbing_grams", "numbing_area_cm2"]
    picks = {"pick-numbing_grams": picked, "pick-numbing_area_cm2": "typed"}
    assert room.post(url("numbing", session), late | picks | {"version": 2}).status_code == 302
    session.refresh_from_db()
    assert (session.numbing_grams, session.numbing_area_cm2) == (Decimal(grams), 210)


def test_a_third_writer_gets_the_comparison_again(room, session, stock, now):
    now.move_to(NEEDLING)
    typed = typed_numbing(session, stock)
    room.post(url("numbing", session), typed)
    room.post(url("numbing", session), typed | {"version": 2, "numbing_area_cm2": "90"})
    late = typed | {"numbing_grams": "20", "pick-numbing_grams": "typed", "version": 2}
    page = room.post(url("numbing", session), late)
    assert page.status_code == 409
    assert [row.name for row in page.context["conflicts"]] == ["numbing_grams", "numbing_area_cm2"]


def test_a_conflict_in_the_treatment_step_speaks_in_words(room, session, site, stock, cheeks):
    typed = typed_treatment(session, site, stock)
    room.post(url("treatment", session), typed)
    late = typed | {f"technique-{cheeks.pk}": "stamp", f"depth-{cheeks.pk}": "1,50", "stopped_early": "on"}
    page = room.post(url("treatment", session), late)
    assert page.context["conflicts"] == [
        Conflict("stopped_early", "Stopped early", "no", "yes"),
        Conflict(f"technique-{cheeks.pk}", "Technique, Cheeks", "Glide", "Stamp"),
    ]


def test_autosave_answers_with_the_version_and_the_parts_that_follow(room, session, stock, now):
    now.move_to(NEEDLING)
    answer = room.post(url("numbing", session), typed_numbing(session, stock), headers=JSON)
    said = answer.json()
    assert (answer.status_code, said["version"], set(said["parts"])) == (200, 2, {"live", "actions", "saved"})
    assert "Saved 10:42:00" in said["parts"]["saved"]["html"]
    assert "Next: treatment" in said["parts"]["actions"]["html"]


def test_autosave_says_what_is_wrong_field_by_field(room, session, stock, now):
    now.move_to(NEEDLING)
    typed = typed_numbing(session, stock, numbing_grams="x")
    answer = room.post(url("numbing", session), typed, headers=JSON)
    assert (answer.status_code, answer.json()) == (
        422,
        {"errors": {"numbing_grams": "Write a number such as 1.50."}, "stale": False},
    )
    room.post(url("numbing", session), typed_numbing(session, stock), headers=JSON)
    late = typed_numbing(session, stock, numbing_grams="13")
    answer = room.post(url("numbing", session), late, headers=JSON)
    assert (answer.status_code, answer.json()["stale"]) == (409, True)


# The body map


def test_the_body_map_and_the_list_hold_the_same_areas(room, session, site, stock, cheeks):
    type(cheeks).objects.filter(pk=cheeks.pk).update(code="right_cheek")
    room.post(url("treatment", session), typed_treatment(session, site, stock))
    page = room.get(url("treatment", session))
    areas = [row["area"] for row in page.context["form"].rows]
    marks = [mark for view in body_of(areas, session.areas.all()) for mark in view.marks]
    assert [(mark.number, mark.name, mark.words) for mark in marks if mark.number] == [
        (1, "Cheeks", "1.50 mm, 4 passes"),
        (2, "Chin", "1.50 mm, 4 passes"),
    ]
    assert f'href="#row-{cheeks.pk}"' in text_of(page) and f'id="row-{cheeks.pk}"' in text_of(page)


def test_autosave_sent_again_after_a_lost_answer_is_no_conflict(room, session, stock, now):
    now.move_to(CREAM_OFF)
    typed = typed_numbing(session, stock)
    assert room.post(url("numbing", session), typed, headers=JSON).json()["version"] == 2
    again = room.post(url("numbing", session), typed, headers=JSON)
    assert (again.status_code, again.json()["version"]) == (200, 2)
    other = room.post(url("numbing", session), typed | {"numbing_sites": "3"}, headers=JSON)
    assert (other.status_code, other.json()["stale"]) == (409, True)
