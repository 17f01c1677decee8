"""Who looks at photos: those who treat the patient freely, other practitioners with a reason, nobody else."""

import pytest
from django.db import DatabaseError, transaction
from django.urls import reverse

from planner import photos
from planner.models import Appointment, PhotoReason, PhotoView
from planner.queries.photos import REASON_LASTS, access_to
from tests.planner import making, treating
from tests.planner.photos.adding import add, url
from tests.planner.treating import STARTED
from tests.refusing import refusing

refused = refusing()


def test_who_does_not_treat_the_patient_says_why_before_a_photo_is_shown(session, priya, kerry, client_for):
    photo, other = add(session, priya), client_for(kerry)
    for name, key in (("photo_compare", session.patient_id), ("session_photos", session.pk)):
        asked = other.get(reverse(name, args=[key])).url
        assert asked.startswith(reverse("photo_open", args=[session.patient_id]))
    assert {other.get(url(name, photo)).status_code for name in ("photo_image", "photo_thumb")} == {403}
    assert refused(photos.show_photo, photo, is_small=True, by=kerry).code == "photo_reason"
    assert not PhotoView.objects.exists()
    here = reverse("photo_open", args=[session.patient_id])
    assert other.get(here).status_code == 200
    for short in ("", "why", "        x"):
        answer = other.post(here, {"reason": short})
        assert answer.status_code == 422 and "10 characters or more" in answer.content.decode()
    back = f"{here}?next={url('session_photos', session)}"
    assert other.post(back, {"reason": "Second opinion for Priya"}).url == url("session_photos", session)
    assert other.get(url("photo_image", photo)).status_code == 200
    assert PhotoView.objects.get().because.reason == "Second opinion for Priya"
    assert (
        "Second opinion for Priya"
        in client_for(priya).get(reverse("photo_compare", args=[session.patient_id])).content.decode()
    )


def test_a_reason_lasts_an_hour_for_one_patient_and_is_never_changed(session, priya, kerry, rosa, now):
    photo = add(session, priya)
    assert refused(photos.open_photos, session.patient, reason="Because I want to", by=rosa).code == "role"
    photos.open_photos(making.make_patient(rosa), reason="Second opinion", by=kerry)
    assert not access_to(session.patient, kerry, STARTED).is_open
    given = photos.open_photos(session.patient, reason="Second opinion", by=kerry)
    assert access_to(session.patient, kerry, STARTED).reason == given
    assert photos.show_photo(photo, is_small=True, by=kerry)
    assert not access_to(session.patient, kerry, STARTED + REASON_LASTS).is_open
    with pytest.raises(DatabaseError), transaction.atomic():
        PhotoReason.objects.update(reason="Another reason altogether")
    with pytest.raises(DatabaseError, match="a_look_at_photos_has_its_reason"), transaction.atomic():
        PhotoReason.objects.create(patient=session.patient, by=kerry, at=STARTED, reason="         x")


def test_who_treats_the_patient_is_not_asked_whoever_keeps_the_record(
    session, site, priya, kerry, client_for
):
    photo, page = add(session, priya), reverse("photo_compare", args=[session.patient_id])
    assert client_for(priya).get(page).status_code == 200
    assert client_for(priya).get(reverse("photo_open", args=[session.patient_id])).url == page
    following = Appointment.objects.filter(patient=session.patient, number=3)
    following.update(practitioner=kerry.practitioner)
    assert photos.show_photo(photo, is_small=True, by=kerry)
    following.update(status="cancelled")
    assert refused(photos.show_photo, photo, is_small=True, by=kerry).code == "photo_reason"


def test_the_desk_and_the_manager_are_refused_also_with_a_reason(session, priya, rosa, mona, client_for):
    photo = add(session, priya)
    for who in (rosa, mona):
        here = reverse("photo_open", args=[session.patient_id])
        assert client_for(who).post(here, {"reason": "Because I have to"}).status_code == 403
        assert client_for(who).get(url("photo_image", photo)).status_code == 403
    assert not PhotoReason.objects.exists()


def test_a_signed_record_shows_its_photos_only_to_who_may_see_them(session, site, priya, kerry, client_for):
    photo = add(session, priya)
    signed = treating.sign(treating.complete(session, site, treating.make_stock(site.location), priya), priya)
    record = url("session_detail", signed)
    assert url("photo_thumb", photo) in client_for(priya).get(record).content.decode()
    closed = client_for(kerry).get(record).content.decode()
    assert url("photo_thumb", photo) not in closed and "say why you look at them" in closed
