"""Photos of a visit: kept, seen by whom, allowed for what, deleted by two people."""

import pytest
import time_machine
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import DatabaseError, connection, transaction
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from planner import photos
from planner.models import Photo, PhotoFile
from planner.queries.photos import comparison_of, tiles_of, views_for
from tests import people
from tests.planner import treating
from tests.planner.pictures import picture
from tests.planner.treating import STARTED
from tests.refusing import refusing


@pytest.fixture(autouse=True)
def now():
    with time_machine.travel(STARTED, tick=False) as traveller:
        yield traveller


@pytest.fixture
def session(ana, site, priya, rosa):
    """Ana's record is open."""
    treating.approve_texts(priya.practitioner)
    visit = treating.arrive(ana, site, rosa)
    treating.consent(ana, site, rosa)
    treating.screen_today(visit, priya)
    return treating.start(visit, priya)


@pytest.fixture
def kerry(location):
    """Another practitioner."""
    user = people.make_user("Kerry Walsh", "practitioner", location)
    people.make_practitioner(user)
    return user


def add(session, by, colour="tan", **how):
    said = {"moment": "before", "view": "face", "data": picture(colour=colour)}
    return photos.add_photo(session, **said | how, by=by)


refused = refusing()


def url(name, row):
    return reverse(name, args=[row.pk])


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
    assert refused(photos.delete_photo, photo, by=kerry).code == "not_asked"
    photos.ask_to_delete(photo, reason="Wrong patient.", by=priya)
    assert refused(photos.delete_photo, photo, by=priya).code == "same_person"
    with pytest.raises(DatabaseError, match="deleted_by_a_second_person"), transaction.atomic():
        Photo.objects.update(deleted_by=priya, deleted_at=STARTED, file=None)
    gone = photos.delete_photo(photo, by=kerry)
    assert (gone.file, gone.delete_reason, gone.deleted_by) == (None, "Wrong patient.", kerry)
    assert not PhotoFile.objects.exists()


def test_deleting_one_of_two_equal_photos_keeps_the_other(session, priya, kerry):
    first, second = add(session, priya), add(session, priya, moment="after")
    photos.ask_to_delete(first, reason="Twice.", by=priya)
    photos.delete_photo(first, by=kerry)
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
