"""The page that joins all of a patient."""

import pytest
from django.urls import reverse

from patients import consents
from tests.kept import kept
from tests.patients.conftest import (  # noqa: F401 - fixtures of the patients' tests
    amara,
    consent_text,
    joanna,
    screen,
    today,
    yes,
)
from tests.planner import making


@pytest.fixture
def url(amara):  # noqa: F811
    """Amara's page."""
    return reverse("patient_detail", args=[amara.pk])


@kept
def site(location, acne_scars, cheeks, chin, priya):
    """Larkmoor, staffed."""
    return making.make_site(location, acne_scars, [cheeks, chin], priya.practitioner)


@pytest.mark.parametrize("role", ["rosa", "priya", "mona"])
def test_patient_detail_opens_for_every_role(client_for, url, role, request):
    page = client_for(request.getfixturevalue(role)).get(url)
    html = page.content.decode()
    assert page.status_code == 200
    assert "Amara Osei" in html and "Not screened" in html and "No course yet" in html


def test_patient_detail_sends_others_to_sign_in(client, url):
    assert client.get(url).status_code == 302


def test_patient_detail_is_read_only(client_for, rosa, url):
    assert client_for(rosa).post(url).status_code == 405


@pytest.mark.parametrize(
    ("given", "says", "plans"),
    [
        ({}, "Cleared", True),
        ({"PREGNANT": yes()}, "Not suitable", False),
        ({"EPILEPSY": yes()}, "Needs decision", False),
        ({"ACNE_ACTIVE": yes()}, "Deferred", False),
    ],
)
def test_patient_detail_says_whether_it_is_safe_and_offers_the_plan_only_then(
    client_for,
    rosa,
    amara,  # noqa: F811
    screen,  # noqa: F811
    url,
    given,
    says,
    plans,
):
    screen(amara, **given)
    html = client_for(rosa).get(url).content.decode()
    assert f"<h2>{says}</h2>" in html
    assert (reverse("course_plan", args=[amara.pk]) in html) is plans


def test_patient_detail_lists_screens_consents_and_details(
    client_for,
    rosa,
    priya,
    amara,  # noqa: F811
    screen,  # noqa: F811
    consent_text,  # noqa: F811
    url,
):
    saved = screen(amara)
    signed = consents.record_consent(amara, text=consent_text, method="paper", by=priya)
    html = client_for(rosa).get(url).content.decode()
    assert reverse("screening_detail", args=[saved.pk]) in html
    assert reverse("consent_detail", args=[signed.pk]) in html
    assert reverse("patient_edit", args=[amara.pk]) in html and "020 7946 0911" in html


def test_patient_detail_draws_the_course_in_as_many_queries_for_three_visits_as_for_none(
    client_for,
    rosa,
    rule_set,
    site,
    django_assert_max_num_queries,
):
    patient = making.make_patient(rosa)
    making.screen(patient, site, rosa)
    course = making.book(patient, site, rosa)
    client = client_for(rosa)
    url = reverse("patient_detail", args=[patient.pk])
    client.get(url)
    # Links, questions on the phone, visits a screening holds, courses it frees, the last visit,
    # messages, sheets: one each.
    with django_assert_max_num_queries(27):
        html = client.get(url).content.decode()
    assert reverse("course_detail", args=[course.pk]) in html
    assert "0 of 4 done" in html
