"""Every form that a role can reach, sent empty, too long, impossible, twice: a sentence, never a bug."""

import datetime as dt
import html

import pytest
import time_machine
from django.db import transaction
from django.urls import reverse

from tests.planner import making, treating
from tests.planner.making import every
from tests.planner.walking import forms_for

pytestmark = pytest.mark.sweep

BAD = ["x" * 6000, "31 Feb 2026", "9999-12-31", "-1", "9" * 20, "NaN", "a\x00b"]
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


def outcomes(client, form, sent):
    """What the app answers; whatever was done is undone."""
    with transaction.atomic():
        ask = client.post if form.method == "post" else client.get
        answer = ask(form.action, sent)
        transaction.set_rollback(True)
    return answer


@pytest.mark.parametrize("role", ["rosa", "priya", "mona"])
def test_no_form_breaks_and_nothing_typed_is_lost(client_for, clinic, role, request):
    client = client_for(request.getfixturevalue(role))
    tried, wrong, lost = 0, [], []
    for form in forms_for(client, *clinic):
        sends = [{}, form.values, *(form.sent_with(value) for value in BAD)]
        for sent in sends:
            status = outcomes(client, form, sent).status_code
            tried += 1
            if status not in FINE:
                wrong.append((form.method, form.action, sent, status))
        answer = outcomes(client, form, form.sent_with(TYPED))
        kept = html.unescape(answer.content.decode()) if answer.status_code in (409, 422) else ""
        if form.typed and kept and TYPED not in kept:
            lost.append(form.action)
    assert (wrong, lost) == ([], [])
    assert tried > 100
