"""Pages: find, register and change a patient."""

import datetime as dt

import pytest
from django.urls import reverse

from patients import intake
from patients.models import Patient
from tests.patients.conftest import AMARA

TYPED = {
    "given_name": "Lina",
    "family_name": "Haddad",
    "birth_date": "5 May 1990",
    "language": "en",
    "phone": "020 7946 0912",
    "phototype": "4",
}
PAGES = ["patient_list", "patient_create"]


@pytest.mark.parametrize("role", ["rosa", "priya", "mona"])
@pytest.mark.parametrize("name", PAGES)
def test_patient_pages_open_for_every_role(client_for, role, name, request):
    assert client_for(request.getfixturevalue(role)).get(reverse(name)).status_code == 200


@pytest.mark.parametrize("name", PAGES)
def test_patient_pages_send_others_to_sign_in(client, client_for, otto, name):
    for browser in (client, client_for(otto)):
        answer = browser.get(reverse(name))
        assert (answer.status_code, answer.url.split("?")[0]) == (302, reverse("account_login"))


def test_patient_list_shows_the_last_added_and_their_safety(client_for, rosa, amara, screen):
    screen(amara)
    page = client_for(rosa).get(reverse("patient_list")).content.decode()
    assert "Amara Osei" in page and "Cleared" in page and amara.record_number in page


def test_patient_list_without_patients_says_so(client_for, rosa):
    assert "No patients yet" in client_for(rosa).get(reverse("patient_list")).content.decode()


def test_patient_list_finds_and_finds_nobody(client_for, rosa, amara, joanna):
    client = client_for(rosa)
    found = client.get(reverse("patient_list"), {"q": "oesi"}).content.decode()
    nobody = client.get(reverse("patient_list"), {"q": "<b>zzz"}).content.decode()
    assert "Amara Osei" in found and "Joanna" not in found
    assert "Nobody found" in nobody and "<b>zzz" not in nobody


@pytest.mark.parametrize("q", ["\x00", "%", "'", "x" * 5000, "💉", "1/1/1"])
def test_patient_list_bears_any_search(client_for, rosa, q):
    assert client_for(rosa).get(reverse("patient_list"), {"q": q}).status_code == 200


def test_patient_list_takes_as_many_queries_for_three_rows_as_for_one(
    client_for, rosa, amara, screen, django_assert_num_queries
):
    client = client_for(rosa)
    screen(amara)
    client.get(reverse("patient_list"))
    with django_assert_num_queries(QUERIES_OF_LIST):
        client.get(reverse("patient_list"))
    for name in ("Bo", "Cy"):
        details = AMARA | {"given_name": name, "family_name": name * 4, "phone": ""}
        screen(intake.register_patient(details=details, by=rosa))
    with django_assert_num_queries(QUERIES_OF_LIST):
        client.get(reverse("patient_list"))


QUERIES_OF_LIST = 11


def test_patient_create_adds_a_patient_and_opens_the_page(client_for, rosa):
    answer = client_for(rosa).post(reverse("patient_create"), TYPED)
    lina = Patient.objects.get()
    assert (answer.status_code, answer.url) == (302, reverse("patient_detail", args=[lina.pk]))
    assert (lina.birth_date, str(lina.phone), lina.phototype) == (dt.date(1990, 5, 5), "+442079460912", 4)


@pytest.mark.parametrize(
    ("field", "typed", "sentence"),
    [
        ("family_name", "", "Write the last name. Who has one name only: write it here."),
        ("family_name", "x" * 61, "Shorten this to 60 characters; it has 61."),
        ("birth_date", "", "Write a date such as 7 Dec 2026."),
        ("birth_date", "31 Feb 1990", "February 1990 has no day 31."),
        ("birth_date", "1 Jan 2150", "A date of birth lies in the past."),
        ("birth_date", "1 Jan 1850", "Check the year."),
        ("birth_date", "soon", "Write a date such as"),
        ("phone", "12", "Write a whole phone number"),
        ("email", "lina@", "Enter a valid email address."),
        ("phototype", "9", "Select a valid choice."),
        ("expectations_on", "1 Jan 2150", "This day has not come yet."),
        ("notes", "x" * 2001, "Shorten this to 2000 characters; it has 2001."),
    ],
)
def test_patient_create_says_beside_the_field_what_is_wrong(client_for, rosa, field, typed, sentence):
    answer = client_for(rosa).post(reverse("patient_create"), TYPED | {field: typed})
    page = answer.content.decode()
    assert answer.status_code == 422
    assert any(sentence in error for error in answer.context["form"].errors[field])
    assert f'href="#id_{field}"' in page and 'value="Lina"' in page or field == "given_name"
    assert not Patient.objects.exists()


def test_text_messages_are_offered_where_there_is_a_gateway_and_ask_for_a_phone(client_for, rosa, settings):
    desk, page = client_for(rosa), reverse("patient_create")
    assert "By text message" not in desk.get(page).content.decode()
    assert desk.post(page, TYPED | {"contact_by": "sms"}).status_code == 422
    settings.SMS_GATEWAY = "clinic.sms.FileDrop"
    assert "By text message" in desk.get(page).content.decode()
    answer = desk.post(page, TYPED | {"contact_by": "sms", "phone": ""})
    assert answer.context["form"].errors["phone"] == [
        "Text messages need a mobile phone. Add it, or pick another way."
    ]
    assert desk.post(page, TYPED | {"contact_by": "sms"}).status_code == 302
    assert (Patient.objects.get().contact_by, Patient.objects.get().contact_asked_on is None) == (
        "sms",
        False,
    )


def test_a_patient_who_does_not_want_it_is_not_written_to(client_for, rosa):
    desk = client_for(rosa)
    shown = desk.post(reverse("patient_create"), TYPED | {"contact_by": "none"}, follow=True).content.decode()
    assert "Nothing can be sent: the patient does not want to be written to." in shown
    assert "Not at all, asked" in shown


def test_patient_create_warns_of_a_duplicate_and_adds_when_told(client_for, rosa, amara):
    client = client_for(rosa)
    typed = TYPED | {"given_name": "Amara", "family_name": "Osei", "birth_date": "14 Mar 1992"}
    warned = client.post(reverse("patient_create"), typed)
    assert warned.status_code == 422
    assert reverse("patient_detail", args=[amara.pk]) in warned.content.decode()
    assert warned.context["known"] == str(amara.pk)
    added = client.post(reverse("patient_create"), typed | {"known": str(amara.pk)})
    assert added.status_code == 302
    again = client.post(reverse("patient_create"), typed | {"known": str(amara.pk)})
    assert again.status_code == 422
    assert Patient.objects.count() == 2


def test_patient_edit_saves(client_for, rosa, amara):
    url = reverse("patient_edit", args=[amara.pk])
    client = client_for(rosa)
    assert 'value="14 Mar 1992"' in client.get(url).content.decode()
    answer = client.post(url, TYPED | {"version": "1"})
    assert (answer.status_code, answer.url) == (302, reverse("patient_detail", args=[amara.pk]))
    assert Patient.objects.get().family_name == "Haddad"


def test_patient_edit_of_an_older_page_keeps_what_was_typed_and_shows_what_is_on_file(
    client_for, rosa, amara
):
    intake.edit_patient(amara, details={"email": "amara@example.org"}, version=1, by=rosa)
    url = reverse("patient_edit", args=[amara.pk])
    client = client_for(rosa)
    answer = client.post(url, TYPED | {"version": "1"})
    page = answer.content.decode()
    assert answer.status_code == 409
    assert 'value="Haddad"' in page and "amara@example.org" in page
    assert 'name="version" value="2"' in page
    assert client.post(url, TYPED | {"version": "2"}).status_code == 302


@pytest.mark.parametrize("version", ["", "x", "-1", "99999999999999999999"])
def test_patient_edit_bears_any_version(client_for, rosa, amara, version):
    answer = client_for(rosa).post(reverse("patient_edit", args=[amara.pk]), TYPED | {"version": version})
    assert answer.status_code in (409, 422)


@pytest.mark.parametrize("name", ["patient_edit", "patient_detail", "screening_create", "consent_create"])
def test_a_strangers_id_is_not_found(client_for, rosa, rule_set, name):
    assert client_for(rosa).get(reverse(name, args=[987654])).status_code == 404


@pytest.mark.parametrize(
    ("wanted", "back"),
    [("/visits/7/record/", "/visits/7/record/"), ("https://elsewhere.example/", None), ("", None)],
)
def test_patient_edit_goes_back_to_the_page_it_came_from(client_for, rosa, amara, wanted, back):
    page = reverse("patient_edit", args=[amara.pk])
    version = {"version": "1"}
    client = client_for(rosa)
    expected = back or reverse("patient_detail", args=[amara.pk])
    assert f'href="{expected}">Cancel' in client.get(page, {"next": wanted}).content.decode()
    answer = client.post(f"{page}?next={wanted}", TYPED | version)
    assert (answer.status_code, answer.url) == (302, expected)


def test_a_person_with_one_name_is_registered_by_it(client_for, rosa):
    client = client_for(rosa)
    page = client.post(
        reverse("patient_create"), TYPED | {"given_name": "", "family_name": "Madonna"}, follow=True
    )
    [patient] = Patient.objects.all()
    assert (patient.full_name, patient.called, patient.initials) == ("Madonna", "Madonna", "M")
    assert (patient.sort_name, "Screen Madonna" in page.text) == ("madonna", True)
    assert client.get(reverse("search"), {"q": "madona"}).text.count("Madonna") == 1


def test_a_name_too_long_is_not_cut_by_the_browser(client_for, rosa):
    form = client_for(rosa).get(reverse("patient_create")).context["form"]
    assert "maxlength" not in form.as_p()
