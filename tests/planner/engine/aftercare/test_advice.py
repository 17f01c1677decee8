"""Today's advice: the lines of a frozen sheet that hold at one moment, and no others."""

import datetime as dt
import json

import pytest

from planner.engine.aftercare.advice import ENDS, LAST_DAY, advice_on, rows_on
from planner.engine.aftercare.model import RegionGroup
from planner.engine.aftercare.shipped import SHIPPED
from tests.planner.engine.aftercare.sessions import ABDOMEN, AMARA, BREAST, plain, sheet

ENDED = AMARA.needling_ended_at  # Thu 3 Dec 2026, 12:15 in London
HOUR, DAY = dt.timedelta(hours=1), dt.timedelta(days=1)


def frozen(**changed):
    """A sheet as the database gives it back."""
    return json.loads(json.dumps(sheet(**changed).as_data()))


def advice(after, content=None, ended=ENDED):
    return advice_on(content or frozen(), ended_at=ended, zone="Europe/London", now=ended + after)


def kept(after, **changed):
    """The codes of the "do not" that still hold."""
    content = frozen(**changed)
    held = advice(after, content).not_yet
    return [line["code"] for line in content["do_not"]["items"] if line["text"] in held]


def test_day_2_says_what_the_sheet_says_for_day_2():
    said = advice(2 * DAY)
    assert (said.on, said.day) == (dt.date(2026, 12, 5), 2)
    assert said.normal == ("It may itch. Light flakes.",)
    assert said.todo == ("The same care.", "Mineral make-up with clean tools is fine on closed skin.")
    assert plain(said.not_yet[0]).startswith(
        "Gym, sauna, hot tub, pool, sea, shaving, fake tan: not until Sun 6 Dec, 12:15"
    )


@pytest.mark.parametrize(
    ("after", "gone"),
    [
        (24 * HOUR - HOUR / 60, []),
        (24 * HOUR, ["do_not.first_day.face"]),
        (72 * HOUR - HOUR / 60, ["do_not.first_day.face", "do_not.anti_inflammatory"]),
        (72 * HOUR, ["do_not.first_day.face", "do_not.heat", "do_not.anti_inflammatory"]),
        (6 * DAY, ["do_not.first_day.face", "do_not.heat", "do_not.anti_inflammatory"]),
        (7 * DAY, ["do_not.first_day.face", "do_not.heat", "do_not.anti_inflammatory", "do_not.actives"]),
    ],
)
def test_each_do_not_goes_when_its_time_is_over(after, gone):
    every = [line["code"] for line in frozen()["do_not"]["items"]]
    assert kept(after) == [code for code in every if code not in gone]


def test_on_brown_and_black_skin_actives_wait_until_day_10():
    assert "do_not.actives" in kept(9 * DAY, phototype=5)
    assert "do_not.actives" not in kept(10 * DAY, phototype=5)


def test_tight_clothes_wait_72_hours_and_the_nipple_always():
    body = {"areas": (BREAST, ABDOMEN)}
    assert {"do_not.tight.breast", "do_not.tight.abdomen", "do_not.nipple"} <= set(kept(71 * HOUR, **body))
    assert [code for code in kept(72 * HOUR, **body) if "tight" in code or "nipple" in code] == [
        "do_not.nipple"
    ]


def test_there_is_advice_from_day_0_to_day_14_and_no_longer():
    assert advice(-DAY) is None
    assert [advice(number * DAY).day for number in range(LAST_DAY + 1)] == list(range(15))
    assert advice(15 * DAY) is None


def test_hours_are_counted_through_a_clock_change():
    """Needled on Sat 24 Oct 2026 at 12:15; the clocks go back in the night: 24 hours end at 11:15."""
    ended = dt.datetime(2026, 10, 24, 11, 15, tzinfo=dt.UTC)
    content = frozen(needling_ended_at=ended)
    held = [advice(after, content, ended).not_yet[0] for after in (23 * HOUR, 24 * HOUR)]
    assert held[0].endswith("not until Sun\u00a025\u00a0Oct,\u00a011:15")
    assert "Gym" in held[1]


def test_rows_say_where_they_stand():
    standing = [(one.state, one.day) for one in rows_on(frozen(), dt.date(2026, 12, 5))]
    assert standing == [("past", 0), ("past", 1), ("now", 2), ("ahead", 4), ("ahead", 7), ("ahead", 15)]


def test_a_line_nobody_can_date_is_kept():
    content = frozen()
    content["do_not"]["items"].append({"code": "do_not.new", "text": "Something new.", "source": "x"})
    assert "Something new." in advice(14 * DAY, content).not_yet


def test_every_do_not_of_the_texts_has_an_end_or_is_known_to_have_none():
    endless = {"do_not.nipple", "do_not.pick"}
    codes = {code for code in SHIPPED["en"].texts if code.startswith("do_not.")}
    known = (*ENDS, "do_not.actives")
    assert {code for code in codes if not code.startswith(known)} == endless
    assert len(RegionGroup) == 5
