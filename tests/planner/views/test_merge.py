"""The pages on two files of one person, as each role meets them."""

import pytest
from django.urls import reverse

from patients.models import PairNote, Patient, PatientMerge
from planner.queries.attention import attention_items
from tests.kept import kept
from tests.people import PASSWORD
from tests.planner import making
from tests.planner.making import MONDAY, NOW
from tests.planner.merges import REASON, merge_two

pytestmark = pytest.mark.usefixtures("monday")


@kept
def second(site, ana, rosa):
    """The same person once more: a letter more in her name, an allergy."""
    return making.make_patient(
        rosa, given_name="Anna", family_name=ana.family_name, allergies="Latex", phone="+447911123456"
    )


def address(kept, merged):
    return f"{reverse('patient_merge', args=[kept.pk])}?with={merged.pk}"


def signed(kept, merged, **typed):
    versions = ",".join(str(Patient.objects.get(pk=one.pk).version) for one in (kept, merged))
    return {
        "versions": versions,
        "reason": REASON,
        "password": PASSWORD,
        "given_name": "kept",
        "email": "kept",
    } | typed


def test_the_desk_sees_a_pair_and_says_that_it_is_one_person(client_for, rosa, mona, ana, second):
    desk = client_for(rosa)
    page = desk.get(reverse("patient_duplicates")).content.decode()
    assert "Similar name, same birth date" in page and "Same person</button>" in page
    assert "Compare" not in page
    desk.post(reverse("duplicate_note", args=[ana.pk]), {"with": second.pk, "said": "same"})
    assert PairNote.objects.get().by == rosa
    page = client_for(mona).get(reverse("patient_duplicates")).content.decode()
    assert "Rosa Díaz says: same person" in page or f"{rosa} says: same person" in page
    item = next(one for one in attention_items(rosa.location, [], MONDAY, NOW) if one.action == "Compare")
    assert (item.permission, item.action_url) == ("patient_merge", address(ana, second))


def test_two_people_of_one_phone_leave_the_list(client_for, rosa, ana, second):
    desk = client_for(rosa)
    desk.post(reverse("duplicate_note", args=[second.pk]), {"with": ana.pk, "said": "different"})
    assert "No file looks like another one" in desk.get(reverse("patient_duplicates")).content.decode()


@pytest.mark.parametrize("other", ["", "x", "987654", "self"])
def test_a_pair_of_one_or_nobody_is_not_found(client_for, mona, ana, other):
    other = ana.pk if other == "self" else other
    assert client_for(mona).get(reverse("patient_merge", args=[ana.pk]), {"with": other}).status_code == 404
    said = {"with": other, "said": "same"}
    assert client_for(mona).post(reverse("duplicate_note", args=[ana.pk]), said).status_code == 404


def test_who_is_the_same_is_suggested_and_searched(client_for, rosa, ana, second):
    page = reverse("patient_same", args=[ana.pk])
    assert second.record_number in client_for(rosa).get(page).content.decode()
    found = client_for(rosa).get(page, {"q": second.record_number}).content.decode()
    assert "By search" in found and second.record_number in found
    assert "No other file found" in client_for(rosa).get(page, {"q": "Nobody"}).content.decode()


def test_the_preview_shows_both_and_writes_nothing(client_for, mona, ana, second):
    page = client_for(mona).get(address(ana, second)).content.decode()
    assert f"Merge {second.record_number} into {ana.record_number}?" in page
    assert "Screenings" in page and f'Latex <span class="np-quiet">(only in {second.record_number})' in page
    assert not PatientMerge.objects.exists()


def test_the_manager_merges_and_takes_it_back(client_for, mona, ana, second):
    office = client_for(mona)
    answer = office.post(address(ana, second), signed(ana, second, given_name="merged"), follow=True)
    page, merge = answer.content.decode(), PatientMerge.objects.get()
    assert f"{second.record_number} is merged into this file." in page
    assert f'action="{reverse("merge_undo", args=[merge.pk])}"' in page and "What was merged" in page
    assert Patient.objects.get(pk=ana.pk).given_name == "Anna"
    assert REASON in office.get(reverse("merge_detail", args=[merge.pk])).content.decode()
    back = office.post(reverse("merge_undo", args=[merge.pk]), follow=True).content.decode()
    assert "has the file back" in back
    assert "Taken back" in office.get(reverse("merge_detail", args=[merge.pk])).content.decode()


@pytest.mark.parametrize(
    ("typed", "sentence"),
    [
        ({"password": "wrong"}, "This is not your password."),
        ({"reason": "same"}, "Write it in 10 characters or more."),
        ({"versions": "1,9"}, "Somebody else changed one of the files meanwhile."),
        ({"given_name": "third"}, "Select a valid choice."),
    ],
)
def test_bad_input_merges_nothing_and_says_why(client_for, mona, ana, second, typed, sentence):
    answer = client_for(mona).post(address(ana, second), signed(ana, second, **typed))
    assert answer.status_code in (409, 422)
    assert sentence in answer.content.decode()
    assert not PatientMerge.objects.exists()


def test_the_pages_of_a_merged_file_lead_to_the_kept_one(client_for, rosa, mona, ana, second):
    merge_two(ana, second, by=mona)
    desk = client_for(rosa)
    for name in ("patient_detail", "patient_edit", "screening_create"):
        answer = desk.get(reverse(name, args=[second.pk]))
        assert (answer.status_code, answer.url) == (302, reverse(name, args=[ana.pk]))
    answer = desk.post(reverse("patient_edit", args=[second.pk]), {})
    assert answer.status_code == 409
    assert f"was merged into {ana.record_number}" in answer.content.decode()
