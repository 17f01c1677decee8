"""Where a page goes back to: a page of ours, whatever its address says."""

import pytest
from django.urls import reverse
from django.utils.http import urlencode

from tests import people

OURS = ["/board/?visit=1", "/patients/1/#details"]
NOT_OURS = [
    "board",
    "patient_detail",
    "nowhere",
    "//evil.example/",
    "/\\evil.example",
    "https://evil.example/",
    "http:evil.example",
    "javascript:alert(1)",
    "\t//evil.example",
    "",
]


def gone(client, wanted):
    address = f"{reverse('location_switch')}?{urlencode({'next': wanted})}"
    return client.post(address, {"location": client.user.location_id})


@pytest.fixture
def browser(client_for, rosa):
    client = client_for(rosa)
    client.user = rosa
    return client


@pytest.mark.parametrize("wanted", OURS)
def test_a_page_of_ours_is_gone_back_to(browser, wanted):
    answer = gone(browser, wanted)
    assert (answer.status_code, answer.url) == (302, wanted)


def test_a_line_break_in_it_adds_no_header(browser):
    answer = gone(browser, "/board/\r\nX-Evil: 1")
    assert (answer.url, answer.has_header("X-Evil")) == ("/board/%0D%0AX-Evil:%201", False)


@pytest.mark.parametrize("wanted", NOT_OURS)
def test_signing_in_leads_to_pages_of_ours_only(client, rosa, wanted):
    typed = {"login": rosa.email, "password": people.PASSWORD, "next": wanted}
    answer = client.post(reverse("account_login"), typed)
    assert answer.status_code == 302
    assert answer.url == reverse("today") or "/" not in answer.url.strip("/")


@pytest.mark.parametrize("wanted", NOT_OURS)
def test_anything_else_leads_to_today(browser, wanted):
    answer = gone(browser, wanted)
    assert (answer.status_code, answer.url) == (302, reverse("today"))
