"""Pages: screen, see the result, decide, clear."""

import datetime as dt

import pytest
from django.urls import reverse

from patients import screenings
from patients.models import ClearingEvent, ClinicalDecision, Screening
from patients.screening.evaluate import questions
from patients.screening.table import SHIPPED
from patients.screening.terms import BOOKING_STAGES, START_STAGES
from tests import people
from tests.kept import kept
from tests.patients.conftest import NOT_SURE, screened, yes

SECRET = "Apixaban 5 mg"
DECISION = {"choice": "accept", "reason": "Talked it through.", "password": people.PASSWORD}


def typed(stages=BOOKING_STAGES, **given):
    """No to every question, but for what is given."""
    return {rule.code: "no" for rule in questions(SHIPPED, stages)} | given


@pytest.fixture
def url(amara, acne_scars, cheeks, chin):
    """The questions for both areas."""

    def address(name="screening_create", stage="booking"):
        areas = f"&areas={cheeks.pk}&areas={chin.pk}"
        return f"{reverse(name, args=[amara.pk])}?indication={acne_scars.pk}{areas}&stage={stage}"

    return address


@kept
def answered(amara, rosa, rule_set, acne_scars, cheeks, chin):
    """A screen with a blood thinner."""
    return screened(amara, acne_scars, [cheeks, chin], rosa, ANTICOAGULANT=yes(medicine=SECRET))


def detail(screening):
    """Where the result is."""
    return reverse("screening_detail", args=[screening.pk])


def prefixed(kind, finding, values):
    """The values as the form of one finding sends them."""
    return {f"{kind}{finding.pk}-{name}": value for name, value in values.items()}


@pytest.mark.parametrize("role", ["rosa", "priya"])
def test_screening_create_asks_what_for_first(client_for, amara, rule_set, role, request, cheeks):
    page = client_for(request.getfixturevalue(role)).get(reverse("screening_create", args=[amara.pk]))
    assert (page.status_code, page.templates[0].name) == (200, "patients/screening_scope.html")
    assert ("stage" in page.context["form"].fields) is (role == "priya")


def test_screening_create_without_approved_rules_says_who_helps(client_for, rosa, amara):
    page = client_for(rosa).get(reverse("screening_create", args=[amara.pk]))
    assert page.status_code == 422
    assert "No screening rules are approved yet." in page.content.decode()


@pytest.mark.parametrize("query", ["indication=", "indication=x&areas=y", "indication=1&areas=999999"])
def test_screening_create_for_nothing_asks_again(client_for, rosa, amara, rule_set, cheeks, query):
    page = client_for(rosa).get(f"{reverse('screening_create', args=[amara.pk])}?{query}")
    assert (page.status_code, page.templates[0].name) == (422, "patients/screening_scope.html")


def test_screening_create_shows_every_question_with_three_answers_and_nothing_chosen(
    client_for, rosa, rule_set, url
):
    page = client_for(rosa).get(url())
    asked = questions(SHIPPED, BOOKING_STAGES)
    html = page.content.decode()
    assert page.status_code == 200
    assert html.count("data-question=") == len(asked)
    assert html.count('type="radio"') == 3 * len(asked)
    assert "checked" not in html
    assert "Last time" not in html


def test_screening_create_shows_last_answers_to_practitioners_only(
    client_for, rosa, mona, priya, answered, url
):
    for user, shown in ((priya, True), (rosa, False), (mona, False)):
        html = client_for(user).get(url()).content.decode()
        assert ("Last time: Yes" in html) is shown
        assert "checked" not in html


def test_screening_create_of_the_visit_asks_the_examination_too(client_for, priya, rosa, rule_set, url):
    page = client_for(priya).get(url(stage="visit"))
    assert page.content.decode().count("data-question=") == len(questions(SHIPPED, START_STAGES))
    desk = client_for(rosa).get(url(stage="visit"))
    assert desk.content.decode().count("data-question=") == len(questions(SHIPPED, BOOKING_STAGES))


def test_screening_create_saves_and_shows_the_result(client_for, rosa, rule_set, url, today):
    given = {"SUNBURN": "yes", "SUNBURN-burnt_on": "1 Nov 2026", "SUNBURN-areas": ["chin"]}
    answer = client_for(rosa).post(url(), typed(**given, MOLE_RAISED="not_sure"))
    saved = Screening.objects.get()
    assert (answer.status_code, answer.url) == (302, detail(saved))
    row = saved.answers.get(code="SUNBURN")
    assert (row.given, row.details) == ("yes", {"burnt_on": "2026-11-01", "areas": ["chin"]})


def test_screening_create_forgets_follow_ups_after_a_no(client_for, rosa, rule_set, url):
    answer = client_for(rosa).post(url(), typed(**{"SUNBURN-burnt_on": "rubbish", "CARDIAC-medicine": "x"}))
    assert answer.status_code == 302
    assert Screening.objects.get().answers.get(code="CARDIAC").details == {}


def test_screening_create_keeps_everything_typed_when_something_is_left_out(client_for, rosa, rule_set, url):
    given = typed(ANTICOAGULANT="yes", **{"ANTICOAGULANT-medicine": SECRET})
    del given["PREGNANT"]
    answer = client_for(rosa).post(url(), given)
    html = answer.content.decode()
    assert answer.status_code == 422
    assert "1 question has no answer yet." in html and 'href="#id_PREGNANT_0"' in html
    assert SECRET in html
    assert html.count("checked") == len(given) - 1
    assert not Screening.objects.exists()


@pytest.mark.parametrize(
    ("given", "field", "sentence"),
    [
        ({"SUNBURN": "perhaps"}, "SUNBURN", "Pick one of three."),
        ({"SUNBURN": "yes"}, "SUNBURN-burnt_on", "This is needed after a Yes."),
        ({"SUNBURN": "yes", "SUNBURN-burnt_on": "31/2/2026"}, "SUNBURN-burnt_on", "has no day 31"),
        ({"SUNBURN": "yes", "SUNBURN-burnt_on": "1 Jan 2150"}, "SUNBURN-burnt_on", "has not come yet"),
        (
            {"CARDIAC": "yes", "CARDIAC-medicine": "x" * 201},
            "CARDIAC-medicine",
            "Shorten this to 200 characters; it has 201.",
        ),
        ({"DIABETES_UNCONTROLLED": "yes"}, "DIABETES_UNCONTROLLED-controlled", "needed after a Yes"),
        (
            {"SUNBURN": "yes", "SUNBURN-burnt_on": "1 Nov 2026", "SUNBURN-areas": ["knee"]},
            "SUNBURN-areas",
            "Select a valid choice",
        ),
    ],
)
def test_screening_create_says_beside_the_field_what_is_wrong(
    client_for, rosa, rule_set, url, given, field, sentence
):
    answer = client_for(rosa).post(url(), typed(**given))
    assert answer.status_code == 422
    assert any(sentence in error for error in answer.context["form"].errors[field])
    assert not Screening.objects.exists()


def test_screening_create_lets_a_planned_treatment_lie_ahead(client_for, rosa, rule_set, url):
    given = {"CHEMO_RADIO_STEROID-state": "planned", "CHEMO_RADIO_STEROID-starts_on": "1 Jan 2150"}
    assert client_for(rosa).post(url(), typed(CHEMO_RADIO_STEROID="yes", **given)).status_code == 302


def test_screening_preview_says_the_strictest_so_far_and_saves_nothing(client_for, rosa, rule_set, url):
    html = (
        client_for(rosa)
        .post(url("screening_preview"), {"PREGNANT": "yes", "EPILEPSY": "yes", "VASOVAGAL": "no"})
        .content.decode()
    )
    total = len(questions(SHIPPED, BOOKING_STAGES))
    assert "np-unsuitable" in html and "Not suitable: pregnant" in html
    assert "3 answered" in html and f"{total - 3} to answer" in html
    assert not Screening.objects.exists()


def test_screening_preview_counts_a_yes_before_its_date_is_typed(client_for, rosa, rule_set, url):
    html = client_for(rosa).post(url("screening_preview"), {"SUNBURN": "yes"}).content.decode()
    assert "sunburn in the area" in html and "1 answered" in html


def test_screening_preview_is_never_fetched(client_for, rosa, rule_set, url):
    assert client_for(rosa).get(url("screening_preview")).status_code == 405


def test_screening_detail_keeps_answers_from_the_desk(client_for, rosa, mona, priya, answered):
    for user, shown in ((priya, True), (rosa, False), (mona, False)):
        html = client_for(user).get(detail(answered)).content.decode()
        assert (SECRET in html) is shown
        assert ("All 52 answers" in html) is shown
        assert ("Takes a blood thinner" in html) is shown
        assert "Needs practitioner decision" in html


def test_screening_detail_shows_the_decision_form_to_deciding_practitioners_only(
    client_for, rosa, mona, priya, location, answered
):
    nadia = people.make_user("Nadia Rahman", "practitioner", location)
    people.make_practitioner(nadia, decides_reviews=False)
    for user, shown in ((priya, True), (nadia, False), (rosa, False), (mona, False)):
        assert ("Sign the decision" in client_for(user).get(detail(answered)).content.decode()) is shown


def test_screening_detail_shows_the_sum_behind_a_date(client_for, priya, screen, amara, today):
    last_dose = today - dt.timedelta(days=90)
    saved = screen(amara, ISOTRETINOIN_RECENT=yes(last_dose_on=last_dose))
    html = client_for(priya).get(detail(saved)).content.decode().replace("\u00a0", " ")
    until = last_dose + dt.timedelta(days=183)
    assert f"+ 183 days = {until:%a} {until.day} {until:%b} {until.year}" in html
    assert f"Deferred until {until:%a} {until.day} {until:%b} {until.year}" in html


def test_screening_detail_offers_the_plan_only_when_the_gate_is_open(client_for, rosa, screen, amara, joanna):
    open_one, closed_one = screen(amara), screen(joanna, PREGNANT=yes())
    client = client_for(rosa)
    assert reverse("course_plan", args=[amara.pk]) in client.get(detail(open_one)).content.decode()
    closed = client.get(detail(closed_one)).content.decode()
    assert reverse("course_plan", args=[joanna.pk]) not in closed
    assert "Nothing can be booked until this is settled." in closed


def test_screening_detail_of_an_older_one_points_to_the_newer(client_for, priya, answered, screen, amara):
    newer = screen(amara)
    html = client_for(priya).get(detail(answered)).content.decode()
    assert detail(newer) in html and "Sign the decision" not in html


def test_screening_detail_of_an_unknown_one_is_not_found(client_for, rosa):
    assert client_for(rosa).get(reverse("screening_detail", args=[987654])).status_code == 404


def test_screening_decide_signs(client_for, priya, answered):
    finding = answered.findings.get()
    values = DECISION | {"proposed": ["Less depth"], "conditions": "Call after a day"}
    answer = client_for(priya).post(
        reverse("screening_decide", args=[finding.pk]), prefixed("decide", finding, values)
    )
    made = ClinicalDecision.objects.get()
    assert (answer.status_code, answer.url) == (302, detail(answered))
    assert (made.finding, made.conditions) == (finding, "Less depth\nCall after a day")
    html = client_for(priya).get(detail(answered)).content.decode()
    assert "Talked it through." in html and "Less depth" in html
    assert "Needs decision" not in html and "Cleared with conditions" in html


@pytest.mark.parametrize(
    ("changed", "field"),
    [
        ({"choice": ""}, "choice"),
        ({"choice": "maybe"}, "choice"),
        ({"reason": ""}, "reason"),
        ({"reason": "x" * 1001}, "reason"),
        ({"choice": "defer"}, "until"),
        ({"choice": "defer", "until": "1 Jan 2020"}, "until"),
        ({"choice": "defer", "until": "31 Feb 2150"}, "until"),
        ({"password": ""}, "password"),
        ({"password": "wrong"}, "password"),
    ],
)
def test_screening_decide_says_beside_the_field_what_is_wrong(client_for, priya, answered, changed, field):
    finding = answered.findings.get()
    answer = client_for(priya).post(
        reverse("screening_decide", args=[finding.pk]), prefixed("decide", finding, DECISION | changed)
    )
    assert answer.status_code == 422
    assert answer.context["refused"].errors.keys() == {field}
    assert not ClinicalDecision.objects.exists()


def test_screening_decide_slows_password_guessing_down(client_for, priya, answered):
    finding = answered.findings.get()
    client, url = client_for(priya), reverse("screening_decide", args=[finding.pk])
    for _ in range(10):
        client.post(url, prefixed("decide", finding, DECISION | {"password": "wrong"}))
    answer = client.post(url, prefixed("decide", finding, DECISION))
    assert "Too many tries" in answer.content.decode()
    assert not ClinicalDecision.objects.exists()


@pytest.mark.parametrize("role", ["rosa", "mona"])
@pytest.mark.parametrize("name", ["screening_decide", "finding_clear"])
def test_decisions_and_records_are_closed_to_other_roles(client_for, answered, role, name, request):
    url = reverse(name, args=[answered.findings.get().pk])
    assert client_for(request.getfixturevalue(role)).post(url, DECISION).status_code == 403


def test_screening_decide_is_closed_to_a_practitioner_who_does_not_decide(client_for, location, answered):
    nadia = people.make_user("Nadia Rahman", "practitioner", location)
    people.make_practitioner(nadia, decides_reviews=False)
    finding = answered.findings.get()
    values = prefixed("decide", finding, DECISION)
    answer = client_for(nadia).post(reverse("screening_decide", args=[finding.pk]), values)
    assert answer.status_code == 403


@pytest.mark.parametrize("name", ["screening_decide", "finding_clear"])
def test_decisions_and_records_of_an_unknown_finding_are_not_found(client_for, priya, name):
    assert client_for(priya).post(reverse(name, args=[987654]), {}).status_code == 404


def test_screening_decide_of_an_old_page_says_so_and_keeps_the_reason(client_for, priya, answered):
    finding = answered.findings.get()
    screenings.decide_finding(finding, choice="decline", reason="No.", by=priya)
    answer = client_for(priya).post(
        reverse("screening_decide", args=[finding.pk]), prefixed("decide", finding, DECISION)
    )
    assert answer.status_code == 409
    html = answer.content.decode()
    assert "This was already decided." in html and "You had typed: Talked it through." in html


def test_finding_clear_records(client_for, priya, screen, amara, today):
    saved = screen(amara, BREASTFEEDING=yes())
    finding = saved.findings.get()
    client = client_for(priya)
    assert "Record what ends it" in client.get(detail(saved)).content.decode()
    values = prefixed("clear", finding, {"happened_on": today.isoformat(), "note": "Stopped last week."})
    answer = client.post(reverse("finding_clear", args=[finding.pk]), values)
    assert (answer.status_code, answer.url) == (302, detail(saved))
    assert ClearingEvent.objects.get().finding == finding


@pytest.mark.parametrize(
    ("changed", "field"),
    [
        ({"happened_on": ""}, "happened_on"),
        ({"happened_on": "1 Jan 2150"}, "happened_on"),
        ({"happened_on": "soon"}, "happened_on"),
        ({"note": ""}, "note"),
        ({"note": "x" * 301}, "note"),
    ],
)
def test_finding_clear_says_beside_the_field_what_is_wrong(client_for, priya, screen, amara, changed, field):
    finding = screen(amara, BREASTFEEDING=NOT_SURE, ACNE_ACTIVE=yes()).findings.get(code="ACNE_ACTIVE")
    values = {"happened_on": "1 Nov 2026", "note": "Seen."} | changed
    answer = client_for(priya).post(
        reverse("finding_clear", args=[finding.pk]), prefixed("clear", finding, values)
    )
    assert answer.status_code == 422
    assert answer.context["refused"].errors.keys() == {field}
    assert not ClearingEvent.objects.exists()
