"""Save and finish later, in the form: kept, shown, gone on with, dropped."""

from django.urls import reverse

from patients.models import Screening, UnfinishedScreening
from patients.queries import unfinished_of
from planner.queries.attention import attention_items
from tests import people
from tests.kept import kept


@kept
def address(amara, acne_scars, cheeks, rule_set):
    """The questions of Amara's cheeks before a booking."""
    page = reverse("screening_create", args=[amara.pk])
    return f"{page}?indication={acne_scars.pk}&areas={cheeks.pk}&stage=booking"


@kept
def unfinished(rosa, address, amara):
    """Rosa kept two answers, one with its follow-up."""
    typed = {"PREGNANT": "no", "ISOTRETINOIN_RECENT": "yes", "ISOTRETINOIN_RECENT-last_dose_on": "1 Sep 2026"}
    answer = people.sign_in(rosa).post(address, typed | {"later": "yes", "newest": "0"})
    assert (answer.status_code, answer.url) == (302, reverse("patient_detail", args=[amara.pk]))
    return unfinished_of(amara)


def going_on(address, row):
    return f"{address}&resume={row.pk}"


def test_a_form_is_kept_as_it_is_and_shown_as_not_finished(client_for, rosa, unfinished, amara):
    page = client_for(rosa).get(reverse("patient_detail", args=[amara.pk])).content.decode()
    assert "Screen not finished" in page and "2 of " in page and "It counts as no screen." in page
    assert unfinished.typed["ISOTRETINOIN_RECENT-last_dose_on"] == ["1 Sep 2026"]
    assert not Screening.objects.exists()


def test_going_on_shows_what_was_typed(client_for, rosa, unfinished, address):
    page = client_for(rosa).get(going_on(address, unfinished)).content.decode()
    assert "You go on where" in page and f'name="draft" value="{unfinished.pk},1"' in page
    assert 'value="1 Sep 2026"' in page
    assert page.count(" checked") == 2
    assert "<span data-answered>2</span>" in page


def test_the_form_without_going_on_holds_nothing_and_names_the_other(
    client_for, priya, unfinished, address, rosa
):
    page = client_for(priya).get(address).content.decode()
    assert f"{rosa} kept an unfinished screen" in page and " checked" not in page


def test_keeping_over_somebody_elses_answers_is_said_and_loses_nothing(
    client_for, priya, unfinished, address, rosa
):
    answer = client_for(priya).post(address, {"PREGNANT": "yes", "later": "yes", "newest": "0"})
    page = answer.content.decode()
    assert answer.status_code == 409
    assert f"{rosa} has kept other answers of this patient meanwhile." in page
    assert page.count(" checked") == 1
    assert UnfinishedScreening.objects.get().typed == unfinished.typed


def test_nothing_answered_is_not_kept(client_for, rosa, address):
    answer = client_for(rosa).post(address, {"later": "yes", "newest": "0"})
    assert (answer.status_code, "Nothing is answered yet." in answer.content.decode()) == (422, True)


def test_the_desk_does_not_open_what_a_practitioner_began(client_for, rosa, priya, address, amara):
    client_for(priya).post(address, {"PREGNANT": "yes", "later": "yes", "newest": "0"})
    row = unfinished_of(amara)
    answer = client_for(rosa).get(going_on(address, row))
    assert answer.status_code == 422
    assert "A practitioner began these questions." in answer.content.decode()
    page = client_for(rosa).get(reverse("patient_detail", args=[amara.pk])).content.decode()
    assert "Screen not finished" in page and "resume=" not in page


def test_dropping_it_forgets_the_answers(client_for, rosa, unfinished, amara):
    answer = client_for(rosa).post(reverse("screening_drop", args=[unfinished.pk]), follow=True)
    assert "The unfinished answers are dropped." in answer.content.decode()
    assert unfinished_of(amara) is None


def test_today_names_it_with_how_far_it_is(unfinished, rosa, amara, today):
    item = next(one for one in attention_items(rosa.location, [], today) if one.name == str(amara))
    assert item.what == "has a screen that is not finished"
    assert item.why.startswith(f"{rosa}, ") and item.why.endswith(f": 2 of {unfinished.total} answered.")
