"""The treatment step as a page: areas, supplies, times, copy, scan."""

import datetime as dt
from decimal import Decimal

import pytest

from clinic.models import Device
from planner import booking
from tests.kept import kept
from tests.planner import making, treating
from tests.planner.treating import CREAM_OFF, ENDED, MINUTE, NEEDLING
from tests.planner.views.session.typed import (
    text_of,
    typed_treatment,
    url,
)


@kept
def numbed(session, stock, priya):
    """The cream is off and removed."""
    return treating.numb(session, stock, priya)


def test_session_treatment_saves_every_area_and_the_supplies(room, session, site, stock, cheeks, chin):
    typed = typed_treatment(session, site, stock)
    typed |= {f"depth-{chin.pk}": "1.25", "then": "finish"}
    answer = room.post(url("treatment", session), typed)
    assert answer.url == url("finish", session)
    areas = session.areas.values_list("area", "depth_mm", "passes", "technique", "endpoint")
    assert sorted(areas) == sorted(
        [
            (cheeks.pk, Decimal("1.50"), 4, "glide", "pinpoint"),
            (chin.pk, Decimal("1.25"), 4, "glide", "pinpoint"),
        ]
    )
    assert [str(use) for use in session.cartridges.all()] == ["S-1"]
    session.refresh_from_db()
    assert (session.device, session.glide_lot_id, session.finishing_lot_id, session.skin_prep) == (
        site.devices[0],
        stock.gel.pk,
        stock.balm.pk,
        "Chlorhexidine wipe",
    )


def test_session_treatment_takes_further_cartridges(room, session, site, stock):
    more = {"cartridge_lot_2": stock.cartridges.pk, "serial_2": "", "cartridge_lot_3": "", "serial_3": ""}
    room.post(url("treatment", session), typed_treatment(session, site, stock, **more))
    assert [str(use) for use in session.cartridges.order_by("pk")] == ["S-1", "N0001"]


def test_session_treatment_leaves_an_area_out(room, session, site, stock, cheeks, chin):
    empty = {f"{part}-{chin.pk}": "" for part in ("depth", "passes", "technique", "endpoint")}
    room.post(url("treatment", session), typed_treatment(session, site, stock, **empty))
    assert [link.area for link in session.areas.all()] == [cheeks]
    assert "Not treated today: chin." in text_of(room.get(url("finish", session)))


@pytest.mark.parametrize(
    ("part", "value", "field"),
    [
        ("depth", "3.05", "depth"),
        ("depth", "0.05", "depth"),
        ("depth", "1.52", "depth"),
        ("depth", "deep", "depth"),
        ("depth", "1.234,5", "depth"),
        ("depth", "2.05", "depth_reason"),
        ("passes", "0", "passes"),
        ("passes", "13", "passes"),
        ("passes", "two", "passes"),
        ("technique", "saw", "technique"),
        ("endpoint", "blood", "endpoint"),
    ],
)
def test_session_treatment_refuses_what_cannot_be(room, session, site, stock, chin, part, value, field):
    typed = typed_treatment(session, site, stock, **{f"{part}-{chin.pk}": value})
    page = room.post(url("treatment", session), typed)
    wrong = field if field == "depth_reason" else f"{field}-{chin.pk}"
    assert (page.status_code, list(page.context["form"].errors)) == (422, [wrong])
    assert page.context["form"][f"{part}-{chin.pk}"].value() == value
    assert not session.areas.exists() and not session.cartridges.exists()


def test_session_treatment_takes_a_deep_setting_with_its_reason(room, session, site, stock, chin):
    deep = {f"depth-{chin.pk}": "2,5", "depth_reason": "Thick scar"}
    assert (
        room.post(url("treatment", session), typed_treatment(session, site, stock, **deep)).status_code == 302
    )
    assert session.areas.get(area=chin).depth_mm == Decimal("2.50")


@pytest.mark.parametrize("name", ["device", "cartridge_lot", "glide_lot", "finishing_lot"])
def test_session_treatment_refuses_things_that_are_not_here(room, session, site, stock, name):
    page = room.post(url("treatment", session), typed_treatment(session, site, stock, **{name: 999999}))
    assert (page.status_code, list(page.context["form"].errors)) == (422, [name])


def test_session_treatment_offers_no_lot_of_another_kind_or_out_of_date(room, session, site, stock):
    old = treating.make_lot(
        site.location, "Old gel", "glide", "G-0", expires_on=making.MONDAY - dt.timedelta(1)
    )
    form = room.get(url("treatment", session)).context["form"]
    assert list(form.fields["glide_lot"].lots.values()) == [stock.gel]
    page = room.post(url("treatment", session), typed_treatment(session, site, stock, glide_lot=old.pk))
    assert page.status_code == 422


def test_session_treatment_stamps_needling(room, numbed, site, stock, now):
    now.move_to(NEEDLING)
    typed = typed_treatment(numbed, site, stock, stamp="start")
    room.post(url("treatment", numbed), typed)
    now.move_to(ENDED)
    typed |= {"version": numbed.version + 1, "stamp": "end"}
    room.post(url("treatment", numbed), typed)
    numbed.refresh_from_db()
    assert (numbed.needling_started_at, numbed.needling_ended_at) == (NEEDLING, ENDED)


def test_session_treatment_corrects_times_stamped_by_mistake(room, session, site, stock, priya, now):
    session = treating.numb(session, stock, priya, numbing_off_at=CREAM_OFF + MINUTE / 2)
    typed = typed_treatment(session, site, stock) | {
        "needling_started_at": "10:40",
        "needling_ended_at": "11:00",
    }
    now.move_to(ENDED)
    room.post(url("treatment", session), typed)
    session.refresh_from_db()
    # A minute typed is not before the seconds of what came before it.
    assert (session.needling_started_at, session.needling_ended_at) == (CREAM_OFF + MINUTE / 2, ENDED)
    typed |= {"version": session.version, "needling_ended_at": ""}
    room.post(url("treatment", session), typed)
    session.refresh_from_db()
    assert (session.needling_started_at, session.needling_ended_at) == (CREAM_OFF + MINUTE / 2, None)


@pytest.mark.parametrize(
    ("start", "end", "sentence"),
    [
        ("10:40", "10:39", "Needling ends after it starts."),
        ("", "10:50", "Write when needling started."),
        ("10:20", "", "Needling starts after the cream is off and removed."),
        ("25:00", "", "A time runs from 00:00 to 23:59."),
        ("23:59", "", "This time has not come yet."),
    ],
)
def test_session_treatment_refuses_times_beside_their_field(
    room, numbed, site, stock, now, start, end, sentence
):
    now.move_to(ENDED)
    times = {"needling_started_at": start, "needling_ended_at": end}
    page = room.post(url("treatment", numbed), typed_treatment(numbed, site, stock) | times)
    assert page.status_code == 422
    assert sentence in text_of(page)
    assert not start or f'value="{start}"' in page.text
    numbed.refresh_from_db()
    assert numbed.needling_started_at is None


def test_session_treatment_refuses_needling_under_the_cream(room, session, site, stock, priya, now):
    session = treating.numb(session, stock, priya, numbing_off_at=None)
    now.move_to(NEEDLING)
    page = room.post(url("treatment", session), typed_treatment(session, site, stock, stamp="start"))
    assert page.status_code == 422
    assert "Needling starts after the cream is off and removed." in text_of(page)


@kept
def following(signed, priya, rosa):
    """The record of the second visit is open, five weeks later."""
    visit = signed.appointment.course.appointments.filter(number=2).get()
    booking.check_in(visit, by=rosa, at=visit.start)
    treating.screen_today(visit, priya, at=visit.start + MINUTE)
    return treating.start(visit, priya, at=visit.start + 4 * MINUTE)


@pytest.fixture
def weeks_later(following, now, client_for, priya):
    """Priya's tablet at the second visit; the sign-in of five weeks ago is over."""
    now.move_to(following.appointment.start + 5 * MINUTE)
    return client_for(priya)


def test_copy_last_visit_fills_what_is_empty_and_says_which(weeks_later, following, site, stock, cheeks):
    room, session = weeks_later, following
    page = room.get(url("treatment", session))
    assert "Last 1.50 mm, 4" in text_of(page)
    typed = {"version": session.version, f"depth-{cheeks.pk}": "1.00", "copy": "yes"}
    answer = room.post(url("treatment", session), typed)
    copied = answer.url.split("copied=")[1].split(".")
    assert f"depth-{cheeks.pk}" not in copied
    assert {f"passes-{cheeks.pk}", f"technique-{cheeks.pk}", "skin_prep", "glide_lot"} <= set(copied)
    assert not any(name.startswith(("endpoint", "cartridge", "serial")) for name in copied)
    mine = session.areas.get(area=cheeks)
    assert (mine.depth_mm, mine.passes, mine.technique, mine.endpoint) == (Decimal("1.00"), 4, "glide", "")
    page = room.get(answer.url)
    assert "copied</span>" in text_of(page)
    said = [str(message) for message in page.context["messages"]]
    assert said[0].startswith("Copied, check each: Skin preparation, ")
    assert said[0].endswith(" Kept as typed: Depth, Cheeks.")
    rows = {row["area"]: row["differs"] for row in page.context["form"].rows}
    assert rows == {cheeks: ["depth"], site.areas[1]: []}
    assert page.context["form"].used_before["glide_lot"] == {
        "words": "A-1",
        "before": {"glide_lot": str(stock.gel.pk)},
        "differs": [],
    }


def test_copy_last_visit_says_what_is_out_of_stock(weeks_later, following, stock):
    room, session = weeks_later, following
    stock.gel.is_active = False
    stock.gel.save()
    answer = room.post(url("treatment", session), {"version": session.version, "copy": "yes"}, follow=True)
    said = [str(message) for message in answer.context["messages"]]
    assert "Not here now: Glide gel and lot." in said[0]
    session.refresh_from_db()
    assert session.glide_lot is None


def test_a_scanned_cartridge_is_put_beside_those_that_are_there(room, session, site, stock):
    typed = typed_treatment(session, site, stock, find="yes", scan="(01)04012345678901(10)NC-1(21)77")
    answer = room.post(url("treatment", session), typed, follow=True)
    assert [str(message) for message in answer.context["messages"]] == [
        "Found: Cartridge, 14 needles, lot NC-1, serial 77."
    ]
    assert [use.unit.serial for use in session.cartridges.order_by("pk")] == ["S-1", "77"]


def test_a_scanned_lot_of_another_product_is_refused_and_nothing_typed_is_lost(room, session, site, stock):
    stock.cream.number = "NU-9"
    stock.cream.save()
    typed = typed_treatment(session, site, stock, find="yes", scan="nu-9")
    page = room.post(url("treatment", session), typed)
    assert page.status_code == 422
    assert page.context["form"].errors["scan"] == [
        "Lot NU-9 is Lidocaine 4% cream, a numbing cream, not a needle cartridge or finishing cream or "
        "glide gel. Use it in the numbing step."
    ]
    assert 'value="Chlorhexidine wipe"' in text_of(page)
    assert not session.cartridges.exists()


def test_a_scanned_numbing_cream_is_picked(room, session, stock):
    stock.prilocaine.number = "NU-8"
    stock.prilocaine.save()
    typed = {"version": session.version, "scan": "NU-8", "find": "yes"}
    room.post(url("numbing", session), typed)
    session.refresh_from_db()
    assert (session.numbing_used, session.numbing_lot) == (True, stock.prilocaine)


def test_session_treatment_has_room_for_one_more_cartridge(room, session, site, stock):
    typed = typed_treatment(session, site, stock)
    typed |= {f"cartridge_lot_{number}": stock.cartridges.pk for number in (2, 3, 4)}
    typed |= {f"serial_{number}": f"S-{number}" for number in (2, 3, 4)}
    room.post(url("treatment", session), typed)
    assert session.cartridges.count() == 4
    assert "Cartridge 5 and lot" in text_of(room.get(url("treatment", session)))


def test_session_treatment_tells_the_page_the_depth_of_each_devices_label(room, session, site):
    device = Device.objects.get(pk=site.devices[0].pk)
    assert f'data-most="{device.label_max_mm:.2f}"' in text_of(room.get(url("treatment", session)))
