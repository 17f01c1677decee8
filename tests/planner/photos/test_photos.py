"""Photos of a visit: kept, seen by whom, allowed for what, deleted by two people."""

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import DatabaseError, connection, transaction
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from planner import photos
from planner.models import Photo, PhotoFile, PhotoView
from planner.queries.photos import (
    comparison_of,
    lookers_of,
    tiles_of,
    views_for,
)
from tests import people
from tests.planner import treating
from tests.planner.photos.adding import add, url
from tests.planner.pictures import picture
from tests.planner.treating import STARTED
from tests.refusing import refusing

refused = refusing()


def test_add_photo_keeps_the_pixels_once_under_their_hash(session, priya):
    first, second = add(session, priya), add(session, priya, moment="after", for_teaching=True)
    assert PhotoFile.objects.count() == 1
    assert first.file_id == second.file_id == PhotoFile.objects.get().sha256
    assert (second.for_teaching, second.for_marketing, second.patient) == (True, False, session.patient)


def test_add_photo_refuses_a_signed_record_another_role_and_an_unknown_view(session, site, priya, rosa):
    assert refused(add, session, rosa).code == "role"
    assert refused(add, session, priya, view="elbow").code == "unknown_view"
    stock = treating.make_stock(site.location)
    signed = treating.sign(treating.complete(session, site, stock, priya), priya)
    assert refused(add, signed, priya).code == "signed"
    with pytest.raises(DatabaseError, match="a signed record is frozen"), transaction.atomic():
        Photo.objects.create(
            appointment=signed.appointment,
            patient=signed.patient,
            moment="after",
            view="face",
            taken_at=STARTED,
            taken_by=priya,
        )


def test_the_database_keeps_a_photo_with_its_visit(session, priya):
    photo = add(session, priya)
    for change in ({"view": "back"}, {"moment": "after"}, {"taken_at": session.saved_at.replace(year=2020)}):
        with pytest.raises(DatabaseError), transaction.atomic():
            Photo.objects.filter(pk=photo.pk).update(**change)
    with pytest.raises(DatabaseError), transaction.atomic():
        Photo.objects.filter(pk=photo.pk)._raw_delete("default")


def test_deleting_takes_a_reason_and_a_second_person_and_erases_the_bytes(session, priya, kerry):
    photo = add(session, priya)
    assert refused(photos.ask_to_delete, photo, reason=" ", by=priya).code == "reason_missing"
    assert refused(photos.delete_photo, photo, fresh=True, by=kerry).code == "not_asked"
    photos.ask_to_delete(photo, reason="Wrong patient.", by=priya)
    assert refused(photos.delete_photo, photo, fresh=True, by=priya).code == "same_person"
    with pytest.raises(DatabaseError, match="deleted_by_a_second_person"), transaction.atomic():
        Photo.objects.update(deleted_by=priya, deleted_at=STARTED, file=None)
    gone = photos.delete_photo(photo, fresh=True, by=kerry)
    assert (gone.file, gone.delete_reason, gone.deleted_by) == (None, "Wrong patient.", kerry)
    assert not PhotoFile.objects.exists()


def test_deleting_one_of_two_equal_photos_keeps_the_other(session, priya, kerry):
    first, second = add(session, priya), add(session, priya, moment="after")
    photos.ask_to_delete(first, reason="Twice.", by=priya)
    photos.delete_photo(first, fresh=True, by=kerry)
    assert PhotoFile.objects.get().sha256 == second.file_id


def test_the_picture_is_for_practitioners_of_the_place_and_never_kept(client_for, session, priya, rosa, mona):
    photo = add(session, priya)
    for name in ("photo_image", "photo_thumb"):
        answer = client_for(priya).get(url(name, photo))
        assert answer.headers["Content-Type"] == "image/jpeg"
        assert answer.headers["Cache-Control"] == "no-store"
        assert answer.headers["X-Content-Type-Options"] == "nosniff"
        assert "sandbox" in answer.headers["Content-Security-Policy"]
        assert answer.content.startswith(b"\xff\xd8")
        for who in (rosa, mona):
            assert client_for(who).get(url(name, photo)).status_code == 403
    seen = PhotoView.objects.order_by("pk").values_list("photo", "is_small", "by", "at")
    assert list(seen) == [(photo.pk, False, priya.pk, STARTED), (photo.pk, True, priya.pk, STARTED)]
    photos.ask_to_delete(photo, reason="Blurred.", by=priya)
    assert not tiles_of(session, [])


def test_the_step_takes_a_picture_and_says_what_is_wrong_with_another(client_for, session, priya):
    room, here = client_for(priya), url("session_photos", session)
    assert "Face, front" in room.get(here).content.decode()
    sent = {"moment": "before", "view": "face", "file": SimpleUploadedFile("a.jpg", picture())}
    assert room.post(here, sent).url == here
    assert Photo.objects.get().taken_by == priya
    wrong = sent | {"file": SimpleUploadedFile("a.pdf", b"%PDF-1.7 x")}
    page = room.post(here, wrong)
    assert page.status_code == 422
    assert page.context["form"].errors["file"] == [
        "This is a PDF, not a picture. Send a JPEG, PNG or WebP picture."
    ]
    assert (
        "Take or choose a picture." in room.post(here, {"moment": "before", "view": "face"}).content.decode()
    )


def test_uses_are_said_per_photo(client_for, session, priya):
    photo = add(session, priya)
    client_for(priya).post(url("photo_change", photo), {"for_marketing": "on"})
    photo.refresh_from_db()
    assert (photo.for_teaching, photo.for_marketing) == (False, True)


def test_comparison_is_of_one_view_the_earlier_first(client_for, session, priya, location, now):
    assert comparison_of(session.patient, location, view="", first=None, second=None) is None
    early = add(session, priya)
    now.shift(60)
    late = add(session, priya, "red", moment="after")
    add(session, priya, "blue", view="back")
    pair = comparison_of(session.patient, location, view="back", first=late.pk, second=early.pk)
    assert (pair.view, pair.first, pair.second) == ("face", early, late)
    page = client_for(priya).get(url("photo_compare", session.patient)).content.decode()
    assert url("photo_image", early) in page and url("photo_image", late) in page


def test_views_for_follow_the_areas():
    def area(code, region):
        return type("Area", (), {"code": code, "region": region})()

    assert views_for([area("nose", "face_neck")]) == ["face", "face_right", "face_left"]
    assert views_for([area("left_calf", "trunk_limbs")]) == ["back"]
    assert views_for([area("abdomen", "abdomen"), area("back", "trunk_limbs")]) == [
        "front",
        "right",
        "left",
        "back",
    ]


def test_the_step_needs_the_same_queries_for_one_and_three_photos(
    client_for, session, priya, django_assert_num_queries
):
    room, here = client_for(priya), url("session_photos", session)
    add(session, priya)
    room.get(here)
    with CaptureQueriesContext(connection) as first:
        room.get(here)
    add(session, priya, "red")
    add(session, priya, "blue", moment="after")
    with django_assert_num_queries(len(first)):
        room.get(here)


def test_views_of_photos_are_never_changed_and_are_listed(client_for, session, priya, kerry, location):
    photo = add(session, priya)
    photos.show_photo(photo, is_small=True, by=priya)
    photos.open_photos(session.patient, reason="Second opinion", by=kerry)
    photos.show_photo(photo, is_small=False, by=kerry)
    for write in (PhotoView.objects.update, PhotoView.objects.all()._raw_delete):
        with pytest.raises(DatabaseError), transaction.atomic():
            write(**{"by": kerry}) if write == PhotoView.objects.update else write("default")
    assert [(one["by__name"], one["many"]) for one in lookers_of(session.patient, location)] == [
        ("Kerry Walsh", 1),
        ("Priya Nair", 1),
    ]
    page = client_for(priya).get(url("photo_compare", session.patient)).content.decode()
    assert "Who looked at these photos" in page and "Kerry Walsh" in page


def test_the_manager_deletes_with_the_password_and_sees_no_picture(client_for, session, priya, mona, rosa):
    photo = add(session, priya)
    photos.ask_to_delete(photo, reason="Consent withdrawn.", by=priya)
    desk = client_for(mona)
    page = desk.get(reverse("photo_removals")).content.decode()
    assert "Consent withdrawn." in page and "<img" not in page.partition("<main")[2]
    assert client_for(rosa).get(reverse("photo_removals")).status_code == 403
    for wrong in ("", "not mine"):
        assert desk.post(url("photo_delete", photo), {"password": wrong}).status_code == 422
    assert PhotoFile.objects.exists()
    answer = desk.post(url("photo_delete", photo), {"password": people.PASSWORD})
    assert answer.url == reverse("photo_removals")
    photo.refresh_from_db()
    assert (photo.file, photo.deleted_by, photo.delete_asked_by) == (None, mona, priya)
    assert "No photo waits" in desk.get(reverse("photo_removals")).content.decode()


def test_deleting_needs_the_password_and_who_asked_cannot(client_for, session, priya, kerry):
    photo = add(session, priya)
    photos.ask_to_delete(photo, reason="Blurred.", by=priya)
    assert refused(photos.delete_photo, photo, fresh=False, by=kerry).code == "not_fresh"
    page = client_for(priya).get(reverse("photo_removals")).content.decode()
    assert "a second person deletes it" in page and "Delete this photo" not in page


def test_a_photo_is_compared_only_for_what_it_is_allowed(client_for, session, priya, location, now):
    early = add(session, priya, for_teaching=True)
    now.shift(60)
    late = add(session, priya, "red", moment="after", for_teaching=True, for_marketing=True)
    now.shift(60)
    newest = add(session, priya, "blue", moment="after")
    room, here = client_for(priya), url("photo_compare", session.patient)
    asked = {"for": "teaching", "first": early.pk, "second": newest.pk}
    page = room.get(here, asked)
    pair = page.context["pair"]
    assert (pair.first, pair.second, list(pair.choices)) == (early, late, [early, late])
    shown = page.content.decode().partition('class="np-pair"')[2].partition("</div>")[0]
    assert str(session.patient) not in shown and "Allowed: record, teaching" in shown
    assert room.get(here, {"for": "marketing"}).context["pair"] is None
    assert room.get(here, {"for": "record"}).context["pair"].choices == (early, late, newest)


def test_only_the_step_of_photos_may_ask_for_the_camera(client_for, session, priya):
    room = client_for(priya)
    assert room.get(url("session_photos", session)).headers["Permissions-Policy"] == "camera=(self)"
    assert "camera=()" in room.get(url("session_numbing", session)).headers["Permissions-Policy"]
