"""Digits that are no numbers (²) and numbers longer than any key: a page or a sentence, never a bug."""

import pytest
from django.urls import reverse

from planner import photos
from planner.models import TreatmentCourse
from tests.planner.making import book

ODD = ["²", "9" * 60, "9" * 5000]


@pytest.mark.parametrize("odd", ODD)
def test_an_address_with_an_odd_number_is_a_page(client_for, priya, ana, odd):
    client = client_for(priya)
    photos.open_photos(ana, reason="Second opinion", by=priya)
    compare, event = reverse("photo_compare", args=[ana.pk]), reverse("event_create", args=[ana.pk])
    asked = (compare, {"first": odd, "second": odd}), (event, {"session": odd})
    assert [client.get(page, sent).status_code for page, sent in asked] == [200, 200]


@pytest.mark.parametrize("odd", ["²", "9" * 40])
def test_a_review_with_an_odd_person_is_refused(client_for, rosa, ana, site, odd):
    course = book(ana, site, rosa)
    TreatmentCourse.objects.filter(pk=course.pk).update(status="completed")
    answer = client_for(rosa).post(
        reverse("course_review", args=[course.pk]), {"time": f"2026-09-07T10:00:00+00:00|{odd}|1"}
    )
    assert answer.status_code == 422


@pytest.mark.parametrize("odd", ODD)
def test_odd_keys_of_sheets_and_of_likely_duplicates_name_nothing(client_for, rosa, site, odd):
    client = client_for(rosa)
    sent = (reverse("sheet_today"), {"sheets": odd}), (reverse("patient_create"), {"known": odd})
    assert [client.post(page, data).status_code for page, data in sent] == [422, 422]
