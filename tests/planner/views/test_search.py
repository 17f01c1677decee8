"""Search from everywhere: who is found, for whom, as a page and as a list below the field."""

import pytest
from django.urls import reverse

from patients.queries import LIMIT
from tests.planner import making, treating
from tests.planner.reading import main, queries, words

BELOW = {"HX-Request": "true", "HX-Target": "np-hits"}


def found(client, text, **headers):
    return client.get(reverse("search"), {"q": text}, headers=headers)


@pytest.mark.parametrize("role", ["rosa", "priya", "mona"])
def test_search_opens_for_every_role(client_for, role, request):
    page = client_for(request.getfixturevalue(role)).get(reverse("search"))
    assert "Who are you looking for?" in main(page)


def test_search_sends_others_to_sign_in(client, client_for, otto):
    for browser in (client, client_for(otto)):
        assert found(browser, "a").status_code == 302


def test_one_hit_is_opened_and_more_are_listed(client_for, rosa):
    ana, client = making.make_patient(rosa, family_name="Silvà"), client_for(rosa)
    assert found(client, "silva ana").url == reverse("patient_detail", args=[ana.pk])
    making.make_patient(rosa, family_name="Silvano")
    page = found(client, "silva")
    assert page.status_code == 200 and main(page).count("Born 21 Jan 1987") == 2


@pytest.mark.parametrize("name", ["search", "patient_list", "course_start", "walk_in"])
def test_who_is_not_found_is_added_with_what_was_typed(client_for, rosa, name):
    client, address = client_for(rosa), "/patients/new/?{}q=Zoe%20O%26Neil"
    address = address.format("walk-in&amp;" if name == "walk_in" else "")
    assert f'href="{address}"' in client.get(reverse(name), {"q": "Zoe O&Neil"}).text
    form = client.get(address.replace("&amp;", "&")).context["form"]
    assert (form["given_name"].value(), form["family_name"].value()) == ("Zoe", "O&Neil")


def test_the_list_below_the_field_leads_to_adding_whom_it_does_not_hold(client_for, rosa):
    making.make_patient(rosa, family_name="Silva")
    client, add = client_for(rosa), "/patients/new/?q={}"
    nobody, nearly, there = (
        client.get(reverse("search"), {"q": q}, headers=BELOW).text for q in ("zzz", "silwa", "silva")
    )
    assert add.format("zzz") in nobody and add.format("silwa") in nearly and "patients/new" not in there


def test_the_list_below_the_field_opens_nothing_by_itself(client_for, rosa):
    ana = making.make_patient(rosa)
    part = client_for(rosa).get(reverse("search"), {"q": "silva"}, headers=BELOW).content.decode()
    assert "<html" not in part and reverse("patient_detail", args=[ana.pk]) in part
    assert words(part) == f"1 found Ana {ana.family_name} Born 21 Jan 1987 {ana.record_number}"


def test_who_is_called_nearly_so_is_listed_as_that_and_never_opened(client_for, rosa):
    ana, client = making.make_patient(rosa, family_name="Silvano"), client_for(rosa)
    page = found(client, "slivano")
    assert page.status_code == 200 and reverse("patient_detail", args=[ana.pk]) in page.content.decode()
    said = "No patient called “slivano”. Nearly the same:"
    assert "Search Nobody fits “slivano”, 1 nearly" in main(page) and said in main(page)
    part = client.get(reverse("search"), {"q": "slivano"}, headers=BELOW).content.decode()
    assert words(part).startswith(f"1 found {said} Ana Silvano Born")


@pytest.mark.parametrize("name", ["patient_list", "walk_in", "course_start"])
def test_the_other_searches_say_that_a_name_fits_only_nearly(client_for, rosa, name):
    making.make_patient(rosa, family_name="Silvano")
    client, said = client_for(rosa), "Nearly the same:"
    assert said in main(client.get(reverse(name), {"q": "slivano"}))
    assert said not in main(client.get(reverse(name), {"q": "silvano"}))


def test_a_lot_that_fits_stands_above_who_is_called_nearly_so(client_for, priya, location):
    making.make_patient(priya, family_name="Silvano")
    treating.make_lot(location, "Needles 14", "cartridge", "SLIVANO", needle_count=14)
    page = main(found(client_for(priya), "slivano"))
    assert page.index("Lot SLIVANO") < page.index("Nearly the same:") < page.index("Ana Silvano")


def test_nobody_found_says_what_to_do(client_for, rosa):
    client = client_for(rosa)
    assert "No patient called “zzz”" in main(found(client, "zzz"))
    part = client.get(reverse("search"), {"q": "zzz"}, headers=BELOW).content.decode()
    assert "Nobody found for “zzz”." in words(part)
    assert client.get(reverse("search"), {"q": " "}, headers=BELOW).content.decode().strip() == ""


@pytest.mark.parametrize("text", ["\x00", "%", "'", "x" * 5000, "１", "31/2/2026", "<b>"])
def test_search_bears_any_text(client_for, rosa, text):
    assert found(client_for(rosa), text).status_code == 200


def test_at_most_twenty_hits_in_as_many_queries_as_one(client_for, rosa):
    client, url = client_for(rosa), reverse("search") + "?q=silva"
    making.make_patients(rosa, 2)
    few = queries(client, url)
    making.make_patients(rosa, LIMIT + 9)
    assert queries(client, url) == few
    assert len(client.get(url).context["hits"]) == LIMIT


def test_lots_are_found_by_those_who_may_open_them(client_for, rosa, priya, mona, location):
    lot = treating.make_lot(location, "Needles 14", "cartridge", "NC-240817", needle_count=14)
    treating.make_lot(location, "Needles 18", "cartridge", "NC-240818", needle_count=18)
    for user in (priya, mona):
        client = client_for(user)
        assert found(client, "nc-240817").url == reverse("lot_detail", args=[lot.pk])
        assert "Lot NC-240818" in main(found(client, "2408"))
    assert "No patient called" in main(found(client_for(rosa), "NC-240817"))
