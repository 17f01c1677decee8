"""Stock, and the recall of a lot: everybody who had it, as page and file, and nobody after."""

import csv
import datetime as dt
import io

import pytest
import time_machine
from django.db import IntegrityError, transaction
from django.urls import reverse

from clinic.limits import save_limited
from clinic.models import Lot, Product
from planner import stock as commands
from planner.queries.record import hash_of
from planner.queries.stock import SOON_DAYS, recall_table, stock_of, uses_of
from planner.scanning import find_lot
from tests import people
from tests.guards.writes import change
from tests.guards.writes import refused as refused_by_postgresql
from tests.kept import kept
from tests.planner import treating
from tests.planner.treating import MINUTE, SIGNED
from tests.refusing import refusing

DAY = dt.timedelta(days=1)
ON = SIGNED.date()


@pytest.fixture(autouse=True)
def now():
    """It is the evening of the first visit."""
    with time_machine.travel(SIGNED + 60 * MINUTE, tick=False) as traveller:
        yield traveller


@kept
def open_record(ana, site, priya, rosa):
    """Ana's record is open."""
    treating.approve_texts(priya.practitioner)
    visit = treating.arrive(ana, site, rosa)
    treating.consent(ana, site, rosa)
    treating.screen_today(visit, priya)
    return treating.start(visit, priya)


@kept
def signed(open_record, site, stock, priya):
    """Ana's first visit is over; three are ahead."""
    return treating.sign(treating.complete(open_record, site, stock, priya), priya)


refused = refusing()


def test_uses_of_each_kind_of_lot_name_patient_visit_and_what_is_ahead(signed, stock, priya):
    for lot, what in (
        (stock.cartridges, "Cartridge N0001"),
        (stock.cream, "Numbing cream"),
        (stock.gel, "Glide gel"),
        (stock.balm, "Finishing cream"),
    ):
        (use,) = uses_of(lot, SIGNED)
        assert (use.patient, use.session, use.what) == (signed.patient, signed, what)
        assert [visit.number for visit in use.ahead] == [2, 3, 4]
    assert uses_of(stock.prilocaine, SIGNED) == []


def test_stock_counts_what_is_left_and_shows_what_ends_first(signed, stock, location):
    stock.cartridges.received = 10
    stock.cartridges.save()
    last = ON + SOON_DAYS * DAY
    for number, expires_on in (("OLD", ON - DAY), ("TODAY", ON), ("SOON", last), ("LATER", last + DAY)):
        treating.make_lot(location, "Sterile glide gel", "glide", number, expires_on)
    rows = {row.lot.number: row for row in stock_of(location, ON)}
    assert [rows[name].state for name in ("OLD", "TODAY", "SOON", "LATER")] == [
        "expired",
        "soon",
        "soon",
        "fine",
    ]
    assert list(rows)[:3] == ["OLD", "TODAY", "SOON"]
    assert (rows["NC-1"].used, rows["NC-1"].left) == (1, 9)
    assert [row.used for row in stock_of(location, ON, typed="healing")] == [1]


def test_recall_lot_takes_it_out_of_use_for_good(stock, priya):
    lot = commands.recall_lot(stock.gel, reason="Maker's notice 4.", by=priya)
    assert (lot.is_active, lot.recalled_by, lot.recall_reason) == (False, priya, "Maker's notice 4.")
    again = commands.recall_lot(stock.gel, reason="Again.", by=priya)
    assert again.recall_reason == "Maker's notice 4."
    with pytest.raises(IntegrityError, match="a_recalled_lot_is_out_of_use"), transaction.atomic():
        Lot.objects.filter(pk=lot.pk).update(is_active=True)


def test_recall_lot_needs_a_reason_and_the_role(stock, priya, rosa):
    assert refused(commands.recall_lot, stock.gel, reason=" ", by=priya).code == "reason_missing"
    assert refused(commands.recall_lot, stock.gel, reason="Notice.", by=rosa).code == "role"


def test_a_recalled_lot_is_refused_in_the_room_and_by_the_scanner(open_record, site, stock, priya):
    commands.recall_lot(stock.gel, reason="Notice.", by=priya)
    commands.recall_lot(stock.cream, reason="Notice.", by=priya)
    stock.gel.refresh_from_db()
    stock.cream.refresh_from_db()
    no = refused(treating.treat, open_record, site, stock, priya)
    assert (str(no), no.field) == ("Lot A-1 is recalled. Put it aside and take another one.", "glide_lot")
    assert refused(treating.numb, open_record, stock, priya).field == "numbing_lot"
    stock.gel.number = "GG-9"
    stock.gel.save()
    assert refused(find_lot, site.location, "gg-9", kinds=["glide"], on=ON).code == "recalled_lot"


@pytest.mark.parametrize(("count", "thick"), [(0, None), (541, None), (None, "0.09"), (None, "0.36")])
def test_the_database_refuses_needles_that_do_not_exist(db, count, thick):
    with pytest.raises(IntegrityError, match="needles_are"), transaction.atomic():
        Product.objects.create(name="Odd", kind="cartridge", needle_count=count, needle_mm=thick)


@pytest.mark.parametrize(("count", "thick"), [(1, "0.10"), (540, "0.35")])
def test_the_database_takes_needles_at_the_limits(db, count, thick):
    assert Product.objects.create(name="Odd", kind="cartridge", needle_count=count, needle_mm=thick).pk


def test_recall_csv_says_the_same_as_the_page_and_nothing_is_a_formula(signed, stock, mona):
    type(signed.patient).objects.filter(pk=signed.patient_id).update(given_name="=HYPERLINK(1)")
    text = commands.recall_csv(stock.gel, reason="@recall", fresh=True, by=mona)
    mark, headings, row = csv.reader(io.StringIO(text))
    assert mark[0].startswith("Lot A-1, Sterile glide gel. Made by Mona Weiss, 2026-09-07 12:05: @recall")
    (_, *table) = recall_table(uses_of(stock.gel, SIGNED + 60 * MINUTE))
    assert headings[:2] == ["Record", "Name"]
    assert row[1].startswith("'=HYPERLINK(1)")
    phone = row[3]
    assert phone == "" or phone.startswith("'+")
    assert [cell.removeprefix("'") for cell in row] == list(table[0])


def test_recall_csv_is_the_managers_with_password_and_reason(signed, stock, mona, priya):
    assert refused(commands.recall_csv, stock.gel, reason="x", fresh=True, by=priya).code == "role"
    assert refused(commands.recall_csv, stock.gel, reason="x", fresh=False, by=mona).code == "not_fresh"
    assert refused(commands.recall_csv, stock.gel, reason=" ", fresh=True, by=mona).code == "reason_missing"


def test_the_pages_of_stock(client_for, priya, mona, signed, stock):
    desk = client_for(mona)
    assert "NC-1" in desk.get(reverse("lot_list")).content.decode()
    url = reverse("lot_detail", args=[stock.gel.pk])
    page = desk.get(url)
    assert page.headers["Cache-Control"] == "no-store"
    assert str(signed.patient) in page.content.decode()
    file = reverse("lot_csv", args=[stock.gel.pk])
    wrong = desk.post(file, {"reason": "Notice", "password": "wrong"})
    assert wrong.status_code == 422 and "This is not your password." in wrong.content.decode()
    answer = desk.post(file, {"reason": "Notice", "password": people.PASSWORD})
    assert answer.headers["Content-Type"] == "text/csv; charset=utf-8"
    assert answer.headers["Cache-Control"] == "no-store"
    assert answer.headers["Content-Disposition"] == f'attachment; filename="lot-{stock.gel.pk}.csv"'
    room = client_for(priya)
    assert room.post(reverse("lot_recall", args=[stock.gel.pk]), {"reason": ""}).status_code == 422
    assert room.post(reverse("lot_recall", args=[stock.gel.pk]), {"reason": "Notice"}).url == url
    page = room.get(url).content.decode()
    assert "Recalled" in page and "List as a file" not in page
    record = room.get(reverse("session_detail", args=[signed.pk])).content.decode()
    assert ">recalled</b>" in record


def test_the_recall_needs_four_queries(signed, stock, django_assert_num_queries):
    with django_assert_num_queries(4):
        assert len(uses_of(stock.gel, SIGNED)) == 1


@pytest.mark.parametrize("risky", ["=1+1", " =1+1", "＝1+1", "\t+1", "@a"])
def test_recall_csv_writes_no_formula_whatever_a_name_begins_with(signed, stock, mona, risky):
    type(signed.patient).objects.filter(pk=signed.patient_id).update(given_name=risky)
    _, _, row = csv.reader(
        io.StringIO(commands.recall_csv(stock.gel, reason="recall", fresh=True, by=mona), newline="")
    )
    assert row[1].startswith(f"'{risky.strip()}")


def test_a_lot_of_a_signed_record_keeps_its_number_and_product(signed, site, stock, mona, client_for):
    for lot, other in ((stock.cartridges, stock.gel), (stock.cream, stock.prilocaine)):
        for values in ({"number": "OTHER"}, {"product": other.product}):
            with refused_by_postgresql("a lot of a signed record stays"):
                change(lot, **values)
        sent = {
            "product": other.product_id,
            "location": site.location.pk,
            "number": "OTHER",
            "expires_on": "31 Dec 2027",
            "is_active": "on",
        }
        page = reverse("settings_edit", args=["lots", lot.pk])
        assert client_for(mona).post(page, sent).status_code == 302
        kept = type(lot).objects.get(pk=lot.pk)
        assert (kept.number, kept.product_id) == (lot.number, lot.product_id)
        assert kept.expires_on == dt.date(2027, 12, 31)
    assert hash_of(signed) == signed.content_hash


def test_a_product_of_a_signed_record_keeps_its_name_and_what_it_is(signed, stock, mona, client_for):
    for lot in (stock.cartridges, stock.cream, stock.gel, stock.balm):
        for values in ({"name": "Other"}, {"strength": "9%"}):
            with refused_by_postgresql("a product of a signed record stays"):
                change(lot.product, **values)
    cream = Product.objects.get(pk=stock.cream.product_id)
    sent = {"name": "Other", "kind": "numbing", "agent": "tetracaine", "strength": "9%", "min_minutes": "30"}
    sent |= {"max_minutes": "60", "max_area_cm2": "900", "source": "Label"}
    page = reverse("settings_edit", args=["products", cream.pk])
    assert client_for(mona).post(page, sent).status_code == 302
    kept = Product.objects.get(pk=cream.pk)
    assert (kept.name, kept.agent, kept.strength) == (cream.name, cream.agent, cream.strength)
    assert (kept.source, kept.is_active) == ("Label", False)
    assert "make a new product, and switch this one off" in client_for(mona).get(page).text


def test_another_name_of_a_product_in_records_is_refused_in_words(signed, stock, mona):
    cream = Product.objects.get(pk=stock.cream.product_id)
    cream.name = "Other"
    refusal = refusing(Product)(save_limited, cream, by=mona)
    assert (refusal.code, refusal.next_step) == (
        "product_used",
        "Make a new product instead, and switch this one off.",
    )


def test_a_product_that_no_record_names_may_be_renamed(stock, mona):
    cream = Product.objects.get(pk=stock.prilocaine.product_id)
    cream.name = "Other"
    save_limited(cream, by=mona)
    assert Product.objects.get(pk=cream.pk).name == "Other"
