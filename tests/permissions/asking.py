"""Every address of the clinic: asking it as somebody, and what came of it."""

import copy
import datetime as dt

from django.db import connection, transaction
from django.test import Client
from django.urls import get_resolver, reverse

from clinic.permissions import SIGNED_IN
from tests import people
from tests.permissions.table import BEFORE_THE_BIRTH_DATE, BY_LINK, EXPECTED, KIND, NAMED, OPEN
from tests.planner import treating

NOWHERE = 987_654_321


def patterns(found=None):
    """Every URL pattern of the resolver."""
    for one in get_resolver().url_patterns if found is None else found:
        if hasattr(one, "url_patterns"):
            yield from patterns(one.url_patterns)
        else:
            yield one


NAMES = sorted(one.name for one in patterns())
OURS = [name for name in NAMES if name in EXPECTED]


AFTERWARDS = treating.SIGNED + dt.timedelta(minutes=5)  # the day of the first visits, after they are over


ARGUMENTS = {one.name: set(one.pattern.regex.groupindex) for one in patterns()}


def address(name, objects):
    """The address of a name with an object that exists."""
    values = {
        "pk": objects.get(NAMED.get(name)),
        "kind": KIND.get(name.split("_")[0]),
        "uidb36": "1",
        "key": "set-password",
        "token": "guess",
        "code": "do.drink" if name.startswith("text_") else "PREGNANT",
    }
    wanted = {argument: values[argument] for argument in ARGUMENTS[name]}
    assert None not in wanted.values(), f"say in NAMED which object {name} shows"
    return reverse(name, kwargs=wanted)


def browsers(**users):
    """A browser for each person; None is nobody."""
    return {who: people.sign_in(user) if user else Client() for who, user in users.items()}


def kind_of(response):
    """login, refused, broken or answered."""
    if response.status_code == 302 and response["Location"].startswith("/accounts/login/?"):
        return "login"
    return {403: "refused", 500: "broken"}.get(response.status_code, "answered")


def agreed(name, who):
    """What a person should get."""
    if name in OPEN | BEFORE_THE_BIRTH_DATE:
        return "answered"
    if name in BY_LINK:
        return "refused"
    if who in "-x":
        return "login"
    return "answered" if name in SIGNED_IN or who in EXPECTED.get(name, "") else "refused"


def ask(browser, method, path):
    """Send one request and undo what it did."""
    browser.raise_request_exception = False
    cookies = copy.copy(browser.cookies)
    with transaction.atomic():
        answer = getattr(browser, method)(path)
        transaction.set_rollback(True)
    browser.cookies = cookies
    return answer


def contents():
    """A fingerprint of every table but sessions."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT tablename FROM pg_tables WHERE schemaname = 'public' ORDER BY 1")
        tables = [row[0] for row in cursor.fetchall() if row[0] not in ("django_session", "clinic_cache")]
        prints = " UNION ALL ".join(
            f"SELECT '{table}', count(*), md5(string_agg(t::text, '' ORDER BY t::text)) FROM {table} t"  # noqa: S608
            for table in tables
        )
        cursor.execute(prints)
        return {table: rest for table, *rest in cursor.fetchall()}
