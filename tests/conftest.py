"""Fixtures for every test: a clean cache, plain static files, the people of the clinic."""

import gc

import pytest
from django.db import connection
from hypothesis import settings

from tests import people
from tests.kept import World, kept, kept_of, place
from tests.template import template


def pytest_addoption(parser):
    parser.addoption("--full", action="store_true", help="also run the experiments at their full size")


def pytest_configure(config):
    """Hypothesis tries the same cases in every run; with --full, new ones."""
    settings.register_profile("same", derandomize=True, deadline=None)
    settings.register_profile("new", deadline=None)
    settings.load_profile("new" if config.getoption("--full") else "same")


def pytest_itemcollected(item):
    """What really commits, most of it two at once, belongs to the races: no rows can be kept for it."""
    if _commits(item) and not item.get_closest_marker("browser"):
        item.add_marker("sweep")


@pytest.hookimpl(trylast=True)
def pytest_collection_modifyitems(config, items):
    """Tests marked slow run only with --full; journeys in the browser come last.

    Within a file, tests that begin with the same rows stand together (tests.kept). The launcher's files,
    which mostly wait, come first, then those without a database, which may still be migrated; those with
    real commits come last, the race among them.
    """
    reading = {item.path for item in items if _reads(item)}
    files = {path: number for number, path in enumerate(dict.fromkeys(item.path for item in items))}
    items.sort(
        key=lambda item: (
            item.get_closest_marker("browser") is not None,
            _commits(item),
            item.get_closest_marker("launcher") is None,
            item.path in reading,
            files[item.path],
            place(item),
        )
    )
    if not config.getoption("--full"):
        for item in items:
            if item.get_closest_marker("slow"):
                item.add_marker(pytest.mark.skip(reason="full size: needs --full"))


@pytest.hookimpl(trylast=True)
def pytest_collection_finish():
    """What is loaded by now stays to the end: no later collection of garbage looks through it."""
    gc.collect()
    gc.freeze()


@pytest.fixture(autouse=True)
def _clean_cache(request, django_db_blocker):
    """allauth's rate limits live in the cache; one test must not lock out the next.

    Runs after the test's own transaction is gone, so it must be let through to the database.
    """
    yield
    if "_django_db_helper" in request.fixturenames:
        from django.core.cache import cache

        with django_db_blocker.unblock():
            cache.clear()


def _reads(item):
    """Whether a test needs the database at all."""
    return item.get_closest_marker("django_db") or "_django_db_helper" in item.fixturenames


def _commits(item):
    """Whether a test needs real commits, so that nothing may be kept from other tests."""
    marker = item.get_closest_marker("django_db")
    return bool(
        (marker and marker.kwargs.get("transaction"))
        or {"transactional_db", "live_server"}.intersection(item.fixturenames)
    )


WORLD = World()


@pytest.fixture
def _kept_world(request, django_db_setup, django_db_blocker):
    """The rows of the kept fixtures of this test, below its own transaction."""
    with django_db_blocker.unblock():
        WORLD.end() if _commits(request.node) else WORLD.hold(kept_of(request.node))
    return WORLD


@pytest.fixture
def _django_db_helper(_kept_world, _django_db_helper):
    """pytest-django's own, above what is kept."""


@pytest.fixture(scope="session")
def django_db_modify_db_settings(django_db_modify_db_settings, django_db_blocker):
    """Databases are copied from one that has been migrated (tests.template)."""
    test = connection.settings_dict["TEST"]
    usual = (test["NAME"] or f"test_{connection.settings_dict['NAME']}").partition("_gw")[0]
    with django_db_blocker.unblock():
        test["TEMPLATE"] = template(usual)


@pytest.fixture(scope="session")
def django_db_setup(django_db_setup, django_db_blocker):
    """The test database; before it is dropped, sessions that threads of a test left behind are ended."""
    yield
    with django_db_blocker.unblock():
        WORLD.end()
    with django_db_blocker.unblock(), connection.cursor() as cursor:
        cursor.execute(
            "SELECT pg_terminate_backend(pid) FROM pg_stat_activity"
            " WHERE datname = current_database() AND pid <> pg_backend_pid()"
        )


@kept
def location(db):
    """Larkmoor, Europe/London."""
    return people.make_location()


@kept
def rosa(location):
    """The front desk."""
    return people.make_user("Rosa Diaz", "front_desk", location)


@kept
def priya(location):
    """A practitioner who decides reviews."""
    user = people.make_user("Priya Nair", "practitioner", location)
    people.make_practitioner(user)
    return user


@kept
def mona(location):
    """The manager."""
    return people.make_user("Mona Weiss", "manager", location)


@kept
def otto(location):
    """The outsider: an account that may not sign in any more."""
    return people.make_user("Otto Brandt", "front_desk", location, is_active=False)


@kept
def acne_scars(db):
    """An indication."""
    return people.make_indication()


@kept
def cheeks(db):
    """A treatment area."""
    return people.make_area("cheeks", "Cheeks", 1)


@kept
def chin(db):
    """Another treatment area."""
    return people.make_area("chin", "Chin", 2)


@kept
def rule_set(priya):
    """The shipped rules, approved by Priya."""
    return people.make_rule_set(approved_by=priya.practitioner)


@pytest.fixture
def client_for():
    """Sign a person in: `client_for(rosa).get(...)`."""
    return people.sign_in
