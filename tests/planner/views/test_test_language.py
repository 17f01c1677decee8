"""Arabic, a test language: not there unless a setting adds it and a practitioner has approved its texts."""

import pytest
from django.urls import reverse

from clinic.refusals import Refusal
from planner import sheets
from planner.models import AftercareSheet, AftercareText
from planner.shipped import load_aftercare
from tests.kept import kept
from tests.planner import treating
from tests.planner.views.test_own import come_in, text_of

pytestmark = pytest.mark.usefixtures("monday")


@pytest.fixture
def switched_on(settings):
    """As with NEEDLEPLAN_TEST_LANGUAGES=1."""
    settings.TEST_LANGUAGES = True


@kept
def session(ana, site, rosa, priya):
    """Ana's first visit, complete but not signed."""
    stock = treating.make_stock(site.location)
    treating.consent(ana, site, rosa)
    visit = treating.arrive(ana, site, rosa)
    treating.screen_today(visit, priya)
    return treating.complete(treating.start(visit, priya), site, stock, priya)


def test_without_the_setting_there_is_no_arabic(priya, ana, rosa):
    load_aftercare()
    assert set(AftercareText.objects.values_list("language", flat=True)) == {"en", "es"}
    phone = come_in(ana, rosa)
    phone.post(reverse("own_language"), {"language": "ar"})
    page = text_of(phone.get(reverse("own_plan")))
    assert '<html lang="en" dir="ltr"' in page and "العربية" not in page


def test_switched_on_it_is_a_draft_that_says_what_it_is(switched_on, site, priya):
    treating.approve_texts(priya.practitioner)
    text = AftercareText.objects.get(language="ar")
    assert (text.approved_at, text.notice) == (None, "Test language: reviewed by nobody, not for patients")
    assert set(sheets.sheet_languages()) == {"en", "es"}
    treating.approve_texts(priya.practitioner, languages=["ar"])
    assert list(sheets.sheet_languages()) == ["en", "es", "ar"]


def test_switched_off_again_no_sheet_is_issued_in_it(settings, session, priya):
    settings.TEST_LANGUAGES = True
    treating.approve_texts(priya.practitioner, languages=["en", "ar"])
    settings.TEST_LANGUAGES = False
    with pytest.raises(Refusal, match="There is no approved aftercare text in ar"):
        treating.sign(session, priya, language="ar")
    assert not AftercareSheet.objects.exists()


def test_its_sheet_is_a_page_from_right_to_left(switched_on, session, priya, rosa, client_for):
    treating.approve_texts(priya.practitioner, languages=["en", "ar"])
    sheet = treating.sign(session, priya, language="ar").sheet
    page = text_of(client_for(rosa).get(reverse("sheet_detail", args=[sheet.pk])))
    assert '<html lang="ar" dir="rtl"' in page
    assert "Test text, reviewed by nobody: not for patients." in page
    assert '<bdi class="ph" dir="ltr">020 7946 0018</bdi>' in page

    phone = come_in(session.patient, rosa)
    phone.post(reverse("own_language"), {"language": "ar"})
    plan = text_of(phone.get(reverse("own_plan")))
    assert '<html lang="ar" dir="rtl"' in plan and "مرحبا \u2068Ana\u2069" in plan
    assert "12 أكتوبر 2026، 10:00" in plan and "Test text, reviewed by nobody" in plan
    own = text_of(phone.get(reverse("own_aftercare")))
    assert "Test text, reviewed by nobody: not for patients." in own
    problem = text_of(phone.get(reverse("own_problem")))
    assert "صعوبة في التنفس" in problem
