"""The frame of the page: what each role finds in it."""

from dataclasses import replace

from django.contrib.auth.models import AnonymousUser
from django.test import RequestFactory, override_settings
from django.urls import path

from clinic.navigation import Entry, SignedIn, navigation


def page(request):
    """A page that only has an address."""


urlpatterns = [
    path("", page, name="today"),
    path("patients/", page, name="patient_list"),
    path("courses/start/", page, name="course_start"),
    path("settings/", page, name="settings_home"),
    path("search/", page, name="search"),
]
TODAY = Entry("today", "sun", "Today", "/", go="t")
PATIENTS = Entry("patients", "people", "Patients", "/patients/", go="p")
SETTINGS = Entry("settings", "gear", "Settings", "/settings/")


def two_wait(user):
    """Stand in for the query of an app that counts."""
    return 2


def frame_for(user, at="/"):
    request = RequestFactory().get(at)
    request.user = user
    return navigation(request)


@override_settings(ROOT_URLCONF=__name__, NAVIGATION_COUNTS={})
def test_navigation_lists_the_pages_that_exist_and_the_role_may_open(rosa, mona):
    assert frame_for(rosa)["navigation"] == [TODAY, PATIENTS]
    assert frame_for(rosa)["navigation_foot"] == []
    assert frame_for(mona)["navigation_foot"] == [SETTINGS]


@override_settings(ROOT_URLCONF=__name__, NAVIGATION_COUNTS={"patients": f"{__name__}.two_wait"})
def test_navigation_counts_what_waits(rosa):
    assert frame_for(rosa)["navigation"] == [TODAY, replace(PATIENTS, count=2)]


@override_settings(ROOT_URLCONF=__name__)
def test_navigation_offers_search_and_planning(rosa):
    frame = frame_for(rosa)
    assert (frame["home_url"], frame["search_url"], frame["plan_url"]) == (
        "/",
        "/search/",
        "/courses/start/",
    )


@override_settings(ROOT_URLCONF=__name__)
def test_navigation_shows_nothing_to_a_stranger(location):
    frame = frame_for(AnonymousUser())
    assert set(frame) == {"home_url", "clinic_line", "clinic_name"}
    assert frame["home_url"] == "/"


def test_navigation_names_who_is_signed_in(rosa, location):
    assert frame_for(rosa)["signed_in"] == SignedIn("Rosa Diaz", "RD", "Front desk", location.name)


def test_navigation_marks_the_section_of_the_page():
    from clinic.navigation import _current

    request = RequestFactory().get("/")
    for url_name, key in {
        "patient_edit": "patients",
        "session_sign": "today",
        "health": "",
        None: "",
    }.items():
        request.resolver_match = type("Match", (), {"url_name": url_name})()
        assert _current(request) == key


def test_sign_in_page_names_the_clinic_only_where_there_is_one(location):
    from tests import people

    assert str(frame_for(AnonymousUser())["clinic_name"]) == location.name
    people.make_location(name="Second Street Clinic")
    frame = frame_for(AnonymousUser())
    assert (str(frame["clinic_name"]), str(frame["clinic_line"])) == ("", "")
