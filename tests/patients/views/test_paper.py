"""Screens on paper, and who may read answers: practitioners, the manager with a reason, the desk never."""

import datetime as dt

import pytest
from django.db import DatabaseError, transaction
from django.urls import reverse

from clinic import clock
from patients.models import AnswerView
from tests.kept import kept
from tests.patients.conftest import screened, yes


def text_of(response):
    return response.content.decode()


def blank(patient, indication, areas, more=""):
    chosen = "&".join(f"areas={area.pk}" for area in areas)
    return reverse("questionnaire_paper", args=[patient.pk]) + f"?indication={indication.pk}&{chosen}{more}"


def test_the_blank_questions_have_boxes_and_no_answer(amara, rosa, screen, acne_scars, cheeks, client_for):
    screen(amara, EPILEPSY=yes())
    page = text_of(client_for(rosa).get(blank(amara, acne_scars, [cheeks])))
    assert "52. " in page and "Are you pregnant, or could you be?" in page
    assert "Last time" not in page and "checked" not in page
    assert "Amara Osei" in page and "Cheeks" in page


def test_the_blank_questions_are_in_spanish(amara, rosa, rule_set, acne_scars, cheeks, client_for):
    page = text_of(client_for(rosa).get(blank(amara, acne_scars, [cheeks], "&language=es")))
    assert "¿Está embarazada o podría estarlo?" in page and "Preguntas antes de una visita" in page


def test_the_blank_questions_ask_what_for_first(amara, rosa, rule_set, client_for):
    answer = client_for(rosa).get(reverse("questionnaire_paper", args=[amara.pk]))
    assert answer["Location"] == reverse("screening_create", args=[amara.pk])


@kept
def told(amara, rosa, rule_set, acne_scars, cheeks, chin):
    """Amara said that she has fits; before, that she had none."""
    areas = [cheeks, chin]
    screened(amara, acne_scars, areas, rosa, at=clock.now() - dt.timedelta(days=1))
    return screened(amara, acne_scars, areas, rosa, EPILEPSY=yes())


PAGES = ("screening_detail", "screening_paper")


@pytest.mark.parametrize("name", PAGES)
def test_the_practitioner_reads_the_answers_and_what_changed(told, priya, client_for, name):
    page = text_of(client_for(priya).get(reverse(name, args=[told.pk])))
    assert "Do you have epilepsy or fits?" in page
    assert "was No" in page or "Before: No" in page


@pytest.mark.parametrize("name", PAGES)
@pytest.mark.parametrize("who", ["rosa", "mona"])
def test_others_read_the_verdict_and_nothing_of_the_answers(request, told, client_for, name, who):
    page = text_of(client_for(request.getfixturevalue(who)).get(reverse(name, args=[told.pk]))).lower()
    assert "needs decision: a practitioner decides first." in page or "needs practitioner decision" in page
    assert "epilep" not in page and "fits" not in page


@pytest.mark.parametrize("name", ["screening_list", "today", "patient_detail"])
def test_lists_tell_the_desk_no_answer(told, amara, rosa, priya, client_for, name):
    address = reverse(name, args=[amara.pk] if name == "patient_detail" else [])
    assert "pilep" not in text_of(client_for(rosa).get(address))
    if name == "screening_list":
        assert "pilep" in text_of(client_for(priya).get(address))


def test_the_manager_opens_the_answers_with_a_reason_that_is_kept(told, mona, priya, client_for):
    browser, address = client_for(mona), reverse("screening_open", args=[told.pk])
    refused = browser.post(address, {"reason": "because"})
    assert (refused.status_code, AnswerView.objects.count()) == (422, 0)
    assert "Write why in 10 characters or more." in text_of(refused) and "pilep" not in text_of(refused)
    opened = browser.post(address, {"reason": "Complaint of the patient"})
    assert "Do you have epilepsy or fits?" in text_of(opened)
    view = AnswerView.objects.get()
    assert (view.by, view.screening, view.reason) == (mona, told, "Complaint of the patient")
    detail = reverse("screening_detail", args=[told.pk])
    assert "Complaint of the patient" in text_of(client_for(priya).get(detail))
    assert "pilep" not in text_of(browser.get(detail))  # the next time asks again


def test_the_database_keeps_the_views(told, mona):
    view = AnswerView.objects.create(
        screening=told, by=mona, at=clock.now(), reason="Complaint of the patient"
    )
    with pytest.raises(DatabaseError, match="Cannot update or delete"), transaction.atomic():
        AnswerView.objects.filter(pk=view.pk).update(reason="Something else now")
    with pytest.raises(DatabaseError, match="Cannot update or delete"), transaction.atomic():
        AnswerView.objects.all().delete()
