"""Every form that somebody can reach, sent empty, too long, impossible, twice: a sentence, never a bug."""

import datetime as dt
import html
import itertools
import re

import pytest
import time_machine
from django.db import connection, transaction
from django.urls import reverse

from tests.planner import making, treating
from tests.planner.making import every
from tests.planner.walking import forms_for

pytestmark = pytest.mark.sweep

BAD = ["x" * 6000, "31 Feb 2026", "9999-12-31", "-1", "9" * 20, "NaN", "a\x00b"]
ONE_FIELD = [
    "x" * 10_000,
    "31 02 2026",
    "9999-12-31",
    "0000-01-01",
    "2020-01-01",
    "99:99",
    "NaN",
    "1e400",
    "-0",
]
ONE_FIELD += ["1,5", "9" * 30, "2147483648", "²", "a\x00b", "\u202e👩‍⚕️", "1|2|3", "[]", "<b>&amp;", " ", ""]
TYPED = "typed by hand"
FINE = {200, 301, 302, 400, 403, 404, 409, 422, 429}


@pytest.fixture
def clinic(site, rosa, priya, mona):
    """A patient at every step: new, screened, booked, checked in, in treatment with the record open."""
    treating.make_stock(site.location)
    treating.approve_texts(priya.practitioner)
    new, screened, arrived, treated, coming = (making.make_patient(rosa) for _ in range(5))
    for patient in (screened, arrived, treated, coming):
        making.screen(patient, site, rosa)
    making.book(coming, site, rosa, slots=making.slots_at(site, every(35), dt.time(14)))
    here = treating.arrive(treated, site, rosa)
    treating.consent(treated, site, rosa)
    treating.screen_today(here, priya)
    treating.start(here, priya)
    elsewhere = making.slots_at(site, every(35), dt.time(12), practitioner=1, room=1)
    waiting = treating.arrive(arrived, site, rosa, slots=elsewhere)
    areas = "".join(f"&areas={area.pk}" for area in site.areas)
    asking = reverse("screening_create", args=[new.pk])
    with time_machine.travel(treating.STARTED, tick=False):
        yield [
            reverse("patient_detail", args=[new.pk]),
            f"{asking}?indication={site.indication.pk}{areas}",
            reverse("course_plan", args=[screened.pk]),
            reverse("consent_create", args=[screened.pk]) + f"?indication={site.indication.pk}",
            reverse("session_start", args=[here.pk]),
            reverse("session_start", args=[waiting.pk]),
        ]


def test_no_form_breaks_writes_though_refused_or_loses_what_was_typed(client_for, clinic, rosa, priya, mona):
    """Every form, once for all who reach it: empty, all wrong, one field wrong at a time, sent twice."""
    clients = [client_for(person) for person in (rosa, priya, mona)]  # signing in writes, too: before Kept()
    met, values, kept, tried, found = set(), itertools.cycle(ONE_FIELD), Kept(), 0, []
    for client in clients:
        for form in forms_for(client, *clinic):
            if form.shape in met:
                continue
            met.add(form.shape)
            sends = [{}, form.values, *map(form.sent_with, [*BAD, TYPED])]
            sends += [form.filled | {name: [next(values)]} for name in one_of_each_kind(form)]
            for sent in sends:
                found += wrongs(client, form, sent, kept)
            again = twice(client, form) if form.method == "post" else []
            found += [(form.action, "twice", status) for status in again if status not in FINE]
            tried += len(sends) + len(again)
    assert found == []
    assert tried > 900


def one_of_each_kind(form):
    """The names of its fields; of the many questions of a screen one of each kind."""
    return {re.sub(r"[A-Z_]{4,}|\d+", "N", name): name for name in form.values}.values()


def twice(client, form):
    """The statuses of the very same request in a row."""
    with transaction.atomic():
        statuses = [client.post(form.action, form.filled).status_code for _ in range(2)]
        transaction.set_rollback(True)
    return statuses


def wrongs(client, form, sent, kept):
    """What is wrong with the answer to a form: a bug, a row although it was refused, something typed lost."""
    with transaction.atomic():
        answer = (client.post if form.method == "post" else client.get)(form.action, sent)
        refused = answer.status_code >= 400 and form.method == "post"
        written = kept.changed() if refused else []
        transaction.set_rollback(True)
    page = html.unescape(answer.content.decode()) if answer.status_code in (409, 422) else ""
    typed = form.typed & sent.keys() if page else ()
    lost = [name for name in typed if "phone" not in name and not _stands(page, sent[name])]
    bug = [answer.status_code] if answer.status_code not in FINE else []
    bug += ["two summaries"] if page.count(' id="errors"') > 1 else []
    return [(form.action, sent, bug, written, lost)] if bug or written or lost else []


def _stands(page, values):
    return all("\x00" in value or value.strip() in page for value in values)


class Kept:
    """The rows as they were; what is written and not undone shows by its transaction."""

    def __init__(self):
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_snapshot_xmax(pg_current_snapshot())::text::bigint % 4294967296")
            (now,) = cursor.fetchone()
            cursor.execute("SELECT tablename FROM pg_tables WHERE schemaname = 'public'")
            tables = {row[0] for row in cursor.fetchall()} - {"django_session", "clinic_cache"}
        self.query = " UNION ALL ".join(
            f"SELECT '{table}', count(*), count(*) FILTER (WHERE xmin::text::bigint >= {now}) FROM {table}"  # noqa: S608
            for table in tables
        )
        self.before = self.counted()

    def counted(self):
        with connection.cursor() as cursor:
            cursor.execute(self.query)
            return set(cursor.fetchall())

    def changed(self):
        """Tables that are not as they were."""
        return sorted({table for table, *_ in self.counted() - self.before})
