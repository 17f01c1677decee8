"""The questions on the phone, page by page, and what the staff do before and after."""

import datetime as dt
import re

import pytest
from django.test import Client
from django.urls import reverse

from patients import links, questionnaires
from patients.models import Questionnaire, Screening
from tests import people
from tests.kept import kept
from tests.patients.conftest import answers, yes

RIGHT = {"day": "14", "month": "3", "year": "1992"}


@kept
def asked(amara, rosa, rule_set, acne_scars, cheeks, chin):
    """Questions that wait on Amara's phone."""
    return questionnaires.ask_by_link(amara, indication=acne_scars, areas=[cheeks, chin], by=rosa)


@kept
def cookies(asked, amara, rosa):
    """What Amara's phone holds once the birth date is said."""
    link = links.create_link(amara, purpose="screening", by=rosa)
    browser = Client()
    browser.post(reverse("own_open", args=[links.new_token(link)]), RIGHT)
    return browser.cookies


def phone_with(cookies):
    browser = Client()
    browser.cookies = cookies
    return browser


@pytest.fixture
def phone(cookies):
    """Amara's phone, with the birth date said."""
    return phone_with(cookies)


def text_of(response):
    return response.content.decode()


def question(code):
    return reverse("own_question", args=[code])


def answer_all(phone, **given):
    """Answer every question page by page; `given` are the fields after a Yes."""
    for code in answers():
        data = {code: "no", "seen": "0"} | given.get(code, {})
        assert phone.post(question(code), data).status_code == 302, code


def keep_all(asked, **given):
    """Every question is answered, no unless given; nothing is sent."""
    for code, answer in answers(**given).items():
        questionnaires.keep_answer(asked, code=code, answer=answer, seen=0)


@kept
def answered(asked, cookies):
    """Every question is answered no, and nothing is sent."""
    keep_all(asked)


def test_the_link_leads_to_the_questions(phone):
    page = phone.get("/my/", follow=True)
    assert page.redirect_chain == [("/my/questions/", 302)]
    assert "Acne scars" in text_of(page) and ">52<" in text_of(page)


def test_looking_at_every_page_changes_nothing(phone, asked):
    before = Questionnaire.objects.values().get()
    for path in ("/my/questions/", "/my/answers/", "/my/sent/", *(question(code) for code in answers())):
        phone.get(path)
        phone.head(path)
    assert Questionnaire.objects.values().get() == before
    assert Screening.objects.count() == 0


def test_a_question_is_alone_on_its_page_and_works_without_a_script(phone):
    page = text_of(phone.get(question("PREGNANT")))
    assert "Are you pregnant, or could you be?" in page
    assert page.count('type="radio"') == 3 and "checked" not in page
    assert "<script" not in page and "21 of 52" in page


def test_an_answer_leads_to_the_next_question_and_is_there_later(phone, asked):
    answer = phone.post(question("PREGNANT"), {"PREGNANT": "not_sure", "seen": "0"})
    assert answer["Location"] == question("BREASTFEEDING")
    page = text_of(phone.get(question("PREGNANT")))
    assert re.search(r'value="not_sure"[^>]*checked|checked[^>]*value="not_sure"', page)
    assert "1 answered" not in page and "1 of 52 answered" in page


def test_the_answer_of_last_time_stands_beside_and_is_not_filled_in(phone, asked, amara, screen):
    screen(amara, EPILEPSY=yes())
    page = text_of(phone.get(question("EPILEPSY")))
    assert "Last time you said yes." in page and "checked" not in page
    assert "Last time you said no." in text_of(phone.get(question("PREGNANT")))


def test_what_differs_from_last_time_is_marked_before_sending(phone, asked, amara, screen):
    screen(amara, VASOVAGAL=yes())
    keep_all(asked, EPILEPSY=yes())
    page = text_of(phone.get("/my/answers/"))
    marked = [line for line in page.split("</li>") if "Not as last time" in line]
    assert ["epilepsy" in line or "faint" in line for line in marked] == [True, True]


def test_a_yes_asks_for_what_it_needs(phone):
    page = phone.post(question("BOTOX_RECENT"), {"BOTOX_RECENT": "yes", "seen": "0"})
    assert page.status_code == 422
    assert "Fill this in, or tick that you do not know." in text_of(page)


@pytest.mark.parametrize(
    ("given", "sentence"),
    [
        ({"BOTOX_RECENT-injected_on": "2100-01-01"}, "This day has not come yet."),
        ({"BOTOX_RECENT-injected_on": "soon"}, "Write a day such as 7/12/2026."),
    ],
)
def test_a_day_that_is_none_has_its_sentence(phone, given, sentence):
    page = phone.post(question("BOTOX_RECENT"), {"BOTOX_RECENT": "yes", "seen": "0"} | given)
    assert (page.status_code, sentence in text_of(page)) == (422, True)
    assert Questionnaire.objects.get().answers == {}


def test_a_day_that_is_not_known_is_said_so(phone, asked):
    data = {"BOTOX_RECENT": "yes", "seen": "0", "BOTOX_RECENT-injected_on-unknown": "on"}
    assert phone.post(question("BOTOX_RECENT"), data).status_code == 302
    asked.refresh_from_db()
    assert questionnaires.answers_of(asked)["BOTOX_RECENT"] == yes()


def test_nothing_picked_is_said(phone):
    page = phone.post(question("PREGNANT"), {"seen": "0"})
    assert (page.status_code, "Pick one of the three." in text_of(page)) == (422, True)


def test_answered_on_another_device_is_said_with_that_answer(phone, asked):
    questionnaires.keep_answer(asked, code="PREGNANT", answer=yes(), seen=0)
    page = phone.post(question("PREGNANT"), {"PREGNANT": "no", "seen": "0"})
    assert page.status_code == 409
    assert "This question was answered somewhere else just now." in text_of(page)
    assert re.search(r'value="yes"[^>]*checked|checked[^>]*value="yes"', text_of(page))


@pytest.mark.parametrize("code", ["ORBITAL_RIM", "NO_SUCH_RULE", "AGE_UNDER_18"])
def test_what_is_not_asked_has_no_page(phone, code):
    assert phone.get(question(code)).status_code == 404
    assert phone.post(question(code), {code: "no", "seen": "0"}).status_code == 404


def test_all_answers_are_looked_through_before_they_are_sent(phone, asked):
    answer_all(phone, SUNBURN={"SUNBURN": "yes", "SUNBURN-burnt_on": "2026-01-02"})
    page = text_of(phone.get("/my/answers/"))
    assert "52 of 52 answered" in page and "2 January 2026" in page
    assert phone.post("/my/answers/")["Location"] == "/my/sent/"
    assert Screening.objects.get().link is not None
    assert phone.get("/my/answers/")["Location"] == "/my/sent/"


def test_changing_one_answer_leads_back_to_the_list(phone, asked):
    phone.post(question("PREGNANT"), {"PREGNANT": "no", "seen": "0"})
    page = text_of(phone.get(question("PREGNANT") + "?back_to=answers"))
    seen = re.search(r'name="seen" value="(\d+)"', page)[1]
    answer = phone.post(question("PREGNANT"), {"PREGNANT": "yes", "seen": seen, "back_to": "answers"})
    assert answer["Location"] == "/my/answers/"


def test_open_questions_are_refused_in_words(phone, asked):
    page = phone.post("/my/answers/")
    assert (page.status_code, Screening.objects.count()) == (422, 0)


def test_who_may_come_is_told_so_and_nothing_more(phone, answered):
    phone.post("/my/answers/")
    assert "You can come as planned." in text_of(phone.get("/my/sent/"))


@pytest.mark.parametrize("code", ["PREGNANT", "EPILEPSY", "OPEN_WOUND"])
def test_who_has_to_wait_reads_no_diagnosis(phone, answered, code):
    seen = re.search(r'name="seen" value="(\d+)"', text_of(phone.get(question(code))))[1]
    phone.post(question(code), {code: "yes", "seen": seen})
    phone.post("/my/answers/")
    page = re.sub(r"<[^>]*>", " ", text_of(phone.get("/my/sent/"))).lower()
    assert "please do not come yet." in page
    told = ("pregnan", "epilep", "wound", "suitable", "deferred", "decision", "stop")
    assert [word for word in told if word in page] == []


def test_questions_taken_back_are_gone(phone, asked, amara, rosa, acne_scars, chin):
    phone.post(question("PREGNANT"), {"PREGNANT": "no", "seen": "0"})
    Questionnaire.objects.update(dropped_at=dt.datetime(2026, 1, 1, tzinfo=dt.UTC))
    assert phone.get(question("PREGNANT"))["Location"] == "/my/questions/"
    assert "No questions now" in text_of(phone.get("/my/questions/"))


def test_a_revoked_link_closes_the_questions(phone, asked, amara, rosa):
    links.revoke_link(amara.links.get(), by=rosa)
    assert phone.post(question("PREGNANT"), {"PREGNANT": "no", "seen": "0"}).status_code == 403
    assert Questionnaire.objects.get().answers == {}


def test_the_questions_are_in_spanish(phone):
    phone.post(reverse("own_language"), {"language": "es", "next": "/my/"})
    assert "¿Está embarazada o podría estarlo?" in text_of(phone.get(question("PREGNANT")))
    assert "Última dosis" in text_of(phone.get(question("ISOTRETINOIN_RECENT")))


def send_page(patient, indication, areas):
    chosen = "&".join(f"areas={area.pk}" for area in areas)
    return reverse("questionnaire_send", args=[patient.pk]) + f"?indication={indication.pk}&{chosen}"


def test_the_tablet_is_handed_over_signed_out(amara, rosa, rule_set, acne_scars, cheeks, client_for):
    browser = client_for(rosa)
    answer = browser.post(send_page(amara, acne_scars, [cheeks]), {"how": "tablet"})
    assert answer["Location"].startswith("/my/open/")
    assert browser.get(reverse("today")).status_code == 302
    assert browser.post(answer["Location"], RIGHT, follow=True).status_code == 200


def test_the_questions_go_out_on_paper(amara, rosa, rule_set, acne_scars, cheeks, client_for):
    page = client_for(rosa).post(send_page(amara, acne_scars, [cheeks]), {"how": "paper"})
    assert re.search(r"/my/open/[\w-]{43}/", text_of(page))
    assert Questionnaire.objects.get().areas.get() == cheeks


def test_without_areas_it_asks_what_for(amara, rosa, rule_set, client_for):
    answer = client_for(rosa).get(reverse("questionnaire_send", args=[amara.pk]))
    assert answer["Location"] == reverse("screening_create", args=[amara.pk])


@kept
def sent(asked, cookies):
    """Answers that came in."""
    keep_all(asked, MOLE_RAISED=yes())
    phone_with(cookies).post("/my/answers/")
    return Screening.objects.get()


def test_the_practitioner_confirms_at_the_visit(sent, priya, client_for):
    browser = client_for(priya)
    page = reverse("screening_confirm", args=[sent.pk])
    shown = text_of(browser.get(page))
    assert "Do you have moles or raised marks in the area?" in shown
    codes = set(answers("visit")) - set(answers("booking"))
    data = dict.fromkeys(codes, "no")
    refused = browser.post(page, data)
    assert (refused.status_code, "Go through the answers with the patient first." in text_of(refused)) == (
        422,
        True,
    )
    assert browser.post(page, data | {"confirmed": "on"}).status_code == 302
    assert Screening.objects.get(stage="visit").confirms == sent


def test_the_visit_screen_offers_the_answers_of_the_phone(sent, amara, acne_scars, cheeks, priya, client_for):
    page = reverse("screening_create", args=[amara.pk])
    shown = client_for(priya).get(f"{page}?indication={acne_scars.pk}&areas={cheeks.pk}&stage=visit")
    assert reverse("screening_confirm", args=[sent.pk]) in text_of(shown)


def test_staff_see_that_answers_came_by_phone(sent, amara, rosa, client_for):
    assert "the patient’s phone" in text_of(client_for(rosa).get(reverse("patient_detail", args=[amara.pk])))


def test_screening_confirm_is_for_phone_answers_only(amara, screen, priya, client_for):
    assert client_for(priya).get(reverse("screening_confirm", args=[screen(amara).pk])).status_code == 404


def test_staff_signed_in_answer_nothing_by_link(asked, rosa):
    assert people.sign_in(rosa).get(question("PREGNANT")).status_code == 403
