"""Who may open what: every address, every role, every method, against a table typed by hand.

F front desk, P practitioner, M manager. The letters repeat the permission matrix of the clinic; the code's
own table is compared with them, so that opening a page to a role takes two edits.
"""

import copy
import datetime as dt
import functools
import itertools
import re
import uuid

import pytest
import time_machine
from django.db import connection, transaction
from django.test import Client
from django.urls import get_resolver, reverse

from clinic.models import OutboxMessage
from clinic.permissions import MATRIX, OWN, PUBLIC, SIGNED_IN
from patients import links, questionnaires, ruledrafts
from patients.models import Questionnaire
from patients.screening.rows import answer_to_row
from planner import own
from planner.events import report_event
from planner.models import TreatmentCourse
from planner.offers import offer_slot
from planner.photos import add_photo
from planner.queries.reviews import review_times
from planner.reviews import book_review
from tests import people
from tests.kept import kept
from tests.patients.conftest import answers
from tests.patients.screening.samples import yes
from tests.planner import making, moves, treating
from tests.planner.pictures import picture

pytestmark = pytest.mark.sweep

EXPECTED = {
    "today": "FPM",
    "day_list": "FPM",
    "search": "FPM",
    "walk_in": "FPM",
    "walk_in_patient": "FPM",
    "board": "FPM",
    "board_changes": "FPM",
    "appointment_check_in": "FPM",
    "appointment_undo_check_in": "FPM",
    "appointment_cancel": "FPM",
    "appointment_no_show": "FPM",
    "appointment_move": "FPM",
    "appointment_pin": "FPM",
    "change_undo": "FPM",
    "short_notice": "FPM",
    "slot_offer": "FPM",
    "offer_take": "FPM",
    "offer_release": "FPM",
    "course_earlier": "FPM",
    "diary_repair": "FPM",
    "diary_repair_all": "FPM",
    "patient_list": "FPM",
    "patient_create": "FPM",
    "patient_detail": "FPM",
    "patient_edit": "FPM",
    "patient_hold": "FPM",
    "consent_create": "FP",
    "consent_paper": "FP",
    "consent_detail": "FPM",
    "consent_withdraw": "P",
    "link_create": "FPM",
    "link_revoke": "FPM",
    "patient_messages": "FPM",
    "message_detail": "FPM",
    "message_stop": "FPM",
    "message_again": "FPM",
    "message_settle": "FPM",
    "message_failures": "FPM",
    "message_examples": "FPM",
    "course_send": "FPM",
    "screening_list": "FPM",
    "screening_create": "FP",
    "screening_preview": "FP",
    "screening_detail": "FPM",
    "questionnaire_send": "FP",
    "questionnaire_paper": "FP",
    "screening_paper": "FPM",
    "screening_open": "M",
    "screening_confirm": "P",
    "screening_decide": "P",
    "finding_clear": "P",
    "course_list": "FPM",
    "course_start": "FPM",
    "course_plan": "FPM",
    "course_edit": "FPM",
    "course_book": "FPM",
    "course_detail": "FPM",
    "course_replan": "FPM",
    "course_change": "FPM",
    "course_change_edit": "FPM",
    "course_hold": "FPM",
    "course_resume": "FPM",
    "course_extend": "FPM",
    "course_stop": "FPM",
    "course_review": "FPM",
    "review_cancel": "FPM",
    "review_close": "P",
    "course_problem": "M",
    "course_itinerary": "FPM",
    "course_calendar": "FPM",
    "course_code": "FPM",
    "course_itinerary_pdf": "FPM",
    "session_start": "P",
    "session_numbing": "P",
    "session_treatment": "P",
    "session_finish": "P",
    "session_sign": "P",
    "session_detail": "P",
    "session_amend": "P",
    "session_close": "P",
    "event_create": "FPM",
    "notice_detail": "FPM",
    "notice_settle": "FPM",
    "event_detail": "P",
    "event_close": "P",
    "course_outcomes": "P",
    "session_photos": "P",
    "photo_image": "P",
    "photo_thumb": "P",
    "photo_change": "P",
    "photo_removals": "PM",
    "photo_delete": "PM",
    "photo_compare": "P",
    "lot_list": "PM",
    "lot_detail": "PM",
    "lot_recall": "PM",
    "lot_csv": "M",
    "sheet_print": "FPM",
    "sheet_text_size": "FPM",
    "sheet_hand_over": "FPM",
    "sheet_today": "FPM",
    "sheet_detail": "FPM",
    "sheet_pdf": "FPM",
    "rules_draft": "M",
    "rules_drop": "M",
    "rule_edit": "M",
    "settings_home": "M",
    "settings_list": "M",
    "settings_create": "M",
    "settings_edit": "M",
    "settings_delete": "M",
    "text_edit": "M",
    "text_start": "M",
    "text_block": "M",
    "text_preview": "M",
    "text_sheet": "M",
    "text_sheet_pdf": "M",
    "approval_list": "PM",
    "approval_detail": "PM",
    "approval_give": "P",
}
# Pages that the sign-in package brings and the clinic does not offer: closed to everybody.
CLOSED = {
    "account_email",
    "account_email_verification_sent",
    "account_set_password",
    "account_confirm_login_code",
    "account_confirm_email",
}
OPEN = {
    "health",
    "account_login",
    "account_logout",
    "account_reset_password",
    "account_reset_password_done",
    "account_reset_password_from_key",
    "account_reset_password_from_key_done",
    "account_signup",
    "account_inactive",
}
# The patient's own pages: nobody signs in; all but two ask for the key that the birth date gave.
BY_LINK = {
    "own_open",
    "own_home",
    "own_leave",
    "own_end",
    "own_language",
    "own_text_size",
    "own_questions",
    "own_question",
    "own_answers",
    "own_sent",
}
BY_LINK |= {"own_plan", "own_aftercare", "own_sheet", "own_sheet_pdf"}
BY_LINK |= {"own_calendar", "own_confirm", "own_move", "own_cancel", "own_undo", "own_problem", "own_report"}
BEFORE_THE_BIRTH_DATE = {"own_open", "own_language", "own_text_size"}
POST_ONLY = {
    "sheet_print",
    "sheet_text_size",
    "sheet_hand_over",
    "text_start",
    "text_preview",
    "notice_settle",
    "message_stop",
    "message_again",
    "message_settle",
    "course_send",
    "course_code",
    "appointment_check_in",
    "appointment_undo_check_in",
    "screening_preview",
    "screening_open",
    "screening_decide",
    "finding_clear",
    "link_revoke",
    "rules_drop",
    "approval_give",
    "session_amend",
    "appointment_pin",
    "change_undo",
    "course_change",
    "course_change_edit",
    "lot_recall",
    "lot_csv",
    "diary_repair_all",
    "slot_offer",
    "offer_take",
    "offer_release",
    "course_earlier",
    "photo_change",
    "photo_delete",
    "review_cancel",
}
ROLE = {"F": "front_desk", "P": "practitioner", "M": "manager"}
NOWHERE = 987_654_321


def patterns(found=None):
    """Every URL pattern of the resolver."""
    for one in get_resolver().url_patterns if found is None else found:
        if hasattr(one, "url_patterns"):
            yield from patterns(one.url_patterns)
        else:
            yield one


NAMES = sorted(one.name for one in patterns())
OURS = [name for name in NAMES if name in EXPECTED]


def test_every_address_has_a_name_of_its_own():
    assert None not in NAMES
    assert len(set(NAMES)) == len(NAMES)


def test_every_address_is_in_a_table():
    assert set(NAMES) - set(EXPECTED) - OPEN - BY_LINK - CLOSED - SIGNED_IN == set()


def test_every_name_of_the_tables_is_an_address():
    assert (set(EXPECTED) | OPEN | BY_LINK | CLOSED | SIGNED_IN) - set(NAMES) == set()


def test_the_code_opens_what_the_clinic_agreed_to_open():
    agreed = {name: {ROLE[letter] for letter in letters} for name, letters in EXPECTED.items()}
    assert agreed == MATRIX
    assert OPEN == PUBLIC
    assert BY_LINK == OWN
    assert {
        "account_reauthenticate",
        "account_change_password",
        "user_settings",
        "location_switch",
        "help",
    } == SIGNED_IN


AFTERWARDS = treating.SIGNED + dt.timedelta(minutes=5)  # the day of the first visits, after they are over


@pytest.fixture(autouse=True)
def _one_day():
    with time_machine.travel(AFTERWARDS):
        yield


@kept
def clinic(location, acne_scars, cheeks, chin, rosa, priya, mona, otto, rule_set):
    """One object of each kind that an address can name, all at Larkmoor."""
    site = making.make_site(location, acne_scars, [cheeks, chin], priya.practitioner)
    stock = treating.make_stock(location)
    treating.approve_texts(priya.practitioner)
    treated, booked, reviewed = (making.make_patient(rosa) for _ in range(3))
    for patient in (treated, booked):
        making.screen(patient, site, rosa)
        consent = treating.consent(patient, site, rosa)
    visit = treating.arrive(treated, site, rosa)
    treating.screen_today(visit, priya)
    record = treating.start(visit, priya)
    signed = treating.sign(treating.complete(record, site, stock, priya), priya)
    afternoon = making.slots_at(site, making.every(35), dt.time(11, 30))
    other = treating.arrive(booked, site, rosa, slots=afternoon)
    treating.screen_today(other, priya, at=treating.SIGNED)
    finding = making.screen(reviewed, site, rosa, KELOID_TENDENCY=yes()).findings.get()
    event = report_event(treated, onset_on=treating.SIGNED.date(), said="Red.", by=rosa, at=treating.SIGNED)
    third, earlier = moves.visit(other.course, 3), making.every(35)[2] - dt.timedelta(days=1)
    held = making.slots_at(site, [earlier])[0]
    offer = offer_slot(third, held, minutes=30, key=uuid.UUID(int=3), by=rosa, at=making.NOW)
    change = moves.move(other.course, 2, making.every(35)[1] + dt.timedelta(days=1), rosa)
    link = links.create_link(treated, purpose="screening", by=rosa)
    asked = questionnaires.ask_by_link(treated, indication=acne_scars, areas=[cheeks, chin], by=rosa)
    Questionnaire.objects.filter(pk=asked.pk).update(
        answers={code: answer_to_row(answer) for code, answer in answers("booking").items()}
    )
    opened = treating.start(other, priya, at=treating.SIGNED + treating.MINUTE)
    photo = add_photo(opened, moment="before", view="face", data=picture(), by=priya, at=treating.SIGNED)
    review = book_a_review(site, rosa)
    return {
        "review": review.pk,
        "change": change.pk,
        "notice": own.report_problem(
            link, signs=["pus"], words="", language="en", key=uuid.uuid4(), at=treating.SIGNED
        ).pk,
        "message": OutboxMessage.objects.filter(patient_id=booked.pk).earliest("pk").pk,
        "offer": offer.pk,
        "rule": ruledrafts.begin_draft(by=mona).rules.first().pk,
        "event": event.pk,
        "phone": questionnaires.send_in(asked, link=link).pk,
        "lot": stock.cartridges.pk,
        "photo": photo.pk,
        "patient": booked.pk,
        "course": other.course_id,
        "appointment": other.pk,
        "screening": finding.screening_id,
        "finding": finding.pk,
        "consent": consent.pk,
        "link": links.create_link(booked, purpose="plan", by=rosa).pk,
        "session": opened.pk,
        "sheet": signed.sheet.pk,
        "text": signed.sheet.text_id,
        "room": site.rooms[0].pk,
        "protocol": making.make_protocol(acne_scars, 2).pk,
    }


def book_a_review(site, rosa):
    """The review of a course that is over, in the spring after it."""
    patient = making.make_patient(rosa)
    making.screen(patient, site, rosa)
    course = making.book(patient, site, rosa, slots=making.slots_at(site, making.every(35), dt.time(16)))
    course.appointments.filter(number__gt=1).update(status="cancelled")
    course.appointments.filter(number=1).update(status="fulfilled")
    TreatmentCourse.objects.filter(pk=course.pk).update(status="completed")
    course = TreatmentCourse.objects.select_related("location", "protocol").get(pk=course.pk)
    time = review_times(course, making.NOW)[0]
    places = {"practitioner_id": time.gap.person.pk, "room_id": time.gap.room.pk}
    return book_review(course, start=time.start, **places, by=rosa, at=making.NOW)


# Which object a number in an address names, and where a kind is named, which.
NAMED = {
    "patient_detail": "patient",
    "patient_edit": "patient",
    "walk_in_patient": "patient",
    "patient_hold": "patient",
    "screening_create": "patient",
    "screening_preview": "patient",
    "consent_create": "patient",
    "consent_paper": "patient",
    "course_plan": "patient",
    "course_edit": "patient",
    "course_book": "patient",
    "event_create": "patient",
    "course_outcomes": "course",
    "session_photos": "session",
    "photo_image": "photo",
    "photo_thumb": "photo",
    "photo_change": "photo",
    "photo_delete": "photo",
    "photo_compare": "patient",
    "lot_detail": "lot",
    "lot_recall": "lot",
    "lot_csv": "lot",
    "patient_messages": "patient",
    "message_detail": "message",
    "message_stop": "message",
    "message_again": "message",
    "message_settle": "message",
    "course_send": "course",
    "notice_detail": "notice",
    "notice_settle": "notice",
    "own_report": "notice",
    "own_confirm": "appointment",
    "own_move": "appointment",
    "own_cancel": "appointment",
    "own_undo": "appointment",
    "event_detail": "event",
    "event_close": "event",
    "consent_detail": "consent",
    "consent_withdraw": "consent",
    "questionnaire_send": "patient",
    "questionnaire_paper": "patient",
    "screening_paper": "screening",
    "screening_open": "screening",
    "screening_confirm": "phone",
    "link_create": "patient",
    "link_revoke": "link",
    "screening_detail": "screening",
    "screening_decide": "finding",
    "finding_clear": "finding",
    "course_detail": "course",
    "course_problem": "course",
    "course_itinerary": "course",
    "course_calendar": "course",
    "course_code": "course",
    "course_itinerary_pdf": "course",
    "appointment_check_in": "appointment",
    "appointment_undo_check_in": "appointment",
    "appointment_cancel": "appointment",
    "appointment_no_show": "appointment",
    "appointment_move": "appointment",
    "appointment_pin": "appointment",
    "change_undo": "change",
    "offer_take": "offer",
    "offer_release": "offer",
    "course_earlier": "course",
    "course_replan": "course",
    "course_change": "course",
    "course_change_edit": "course",
    "course_hold": "course",
    "course_review": "course",
    "review_cancel": "review",
    "review_close": "review",
    "course_resume": "course",
    "course_extend": "course",
    "course_stop": "course",
    "session_start": "appointment",
    "session_detail": "session",
    "session_numbing": "session",
    "session_treatment": "session",
    "session_finish": "session",
    "session_sign": "session",
    "session_amend": "session",
    "session_close": "session",
    "sheet_print": "sheet",
    "sheet_hand_over": "sheet",
    "sheet_detail": "sheet",
    "own_sheet": "sheet",
    "own_sheet_pdf": "sheet",
    "sheet_pdf": "sheet",
    "rule_edit": "rule",
    "settings_edit": "room",
    "settings_delete": "room",
    "text_edit": "text",
    "text_start": "text",
    "text_block": "text",
    "text_preview": "text",
    "text_sheet": "text",
    "text_sheet_pdf": "text",
    "approval_detail": "protocol",
    "approval_give": "protocol",
}
KIND = {"settings": "rooms", "approval": "protocol"}
ARGUMENTS = {one.name: set(one.pattern.regex.groupindex) for one in patterns()}


def address(name, objects):
    """The address of a name with an object that exists."""
    values = {
        "pk": objects.get(NAMED.get(name)),
        "kind": KIND.get(name.split("_")[0]),
        "uidb36": "1",
        "key": "set-password",
        "token": "guess",
        "code": "do.drink" if name.startswith("text_") else "PREGNANT",
    }
    wanted = {argument: values[argument] for argument in ARGUMENTS[name]}
    assert None not in wanted.values(), f"say in NAMED which object {name} shows"
    return reverse(name, kwargs=wanted)


def browsers(**users):
    """A browser for each person; None is nobody."""
    return {who: people.sign_in(user) if user else Client() for who, user in users.items()}


@pytest.fixture
def everybody(rosa, priya, mona, otto):
    """Letter of the role → browser; `-` is nobody, `x` an account that was closed."""
    return browsers(F=rosa, P=priya, M=mona, **{"-": None, "x": otto})


def kind_of(response):
    """login, refused, broken or answered."""
    if response.status_code == 302 and response["Location"].startswith("/accounts/login/?"):
        return "login"
    return {403: "refused", 500: "broken"}.get(response.status_code, "answered")


def agreed(name, who):
    """What a person should get."""
    if name in OPEN | BEFORE_THE_BIRTH_DATE:
        return "answered"
    if name in BY_LINK:
        return "refused"
    if who in "-x":
        return "login"
    return "answered" if name in SIGNED_IN or who in EXPECTED.get(name, "") else "refused"


def ask(browser, method, path):
    """Send one request and undo what it did."""
    browser.raise_request_exception = False
    cookies = copy.copy(browser.cookies)
    with transaction.atomic():
        answer = getattr(browser, method)(path)
        transaction.set_rollback(True)
    browser.cookies = cookies
    return answer


def contents():
    """A fingerprint of every table but sessions."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT tablename FROM pg_tables WHERE schemaname = 'public' ORDER BY 1")
        tables = [row[0] for row in cursor.fetchall() if row[0] not in ("django_session", "clinic_cache")]
        prints = " UNION ALL ".join(
            f"SELECT '{table}', count(*), md5(string_agg(t::text, '' ORDER BY t::text)) FROM {table} t"  # noqa: S608
            for table in tables
        )
        cursor.execute(prints)
        return {table: rest for table, *rest in cursor.fetchall()}


@kept
def looked(clinic, rosa, priya, mona, otto):
    """Everybody has looked at every address: what came, and the tables that are not as they were."""
    with time_machine.travel(AFTERWARDS):
        everybody = browsers(F=rosa, P=priya, M=mona, **{"-": None, "x": otto})
        before, came = contents(), {}
        for who, browser in everybody.items():
            browser.raise_request_exception = False
            for name, method in itertools.product(NAMES, ("get", "head")):
                theirs = name.startswith("account_")  # the sign-in package's own pages may write
                send = functools.partial(ask, browser, method) if theirs else getattr(browser, method)
                answer = send(address(name, clinic))
                came[name, who, method] = (kind_of(answer), answer.status_code)
    after = contents()
    return came, [table for table in after if after[table] != before[table]]


def test_every_answer_agrees_with_the_table(clinic, looked, everybody):
    came, _ = looked
    posted = {
        (name, who, "post"): (kind_of(ask(browser, "post", address(name, clinic))), None)
        for name in NAMES
        for who, browser in everybody.items()
    }
    wrong = []
    for (name, who, method), (got, _) in (came | posted).items():
        if name in CLOSED and who in "-x":
            got = {"refused": "login"}.get(got, got)  # either will do
        if got != agreed(name, who):
            wrong.append((name, who, method, got))
    assert wrong == []
    assert len(came | posted) == len(NAMES) * 5 * 3


def test_looking_changes_nothing(looked):
    _, changed = looked
    assert changed == ["planner_photoview"]  # who was shown a photo


def test_what_only_writes_cannot_be_looked_at(looked):
    came, _ = looked
    refused = {name for name in OURS if came[name, EXPECTED[name][0], "get"][1] == 405}
    assert refused == POST_ONLY & set(OURS)


def test_nothing_is_written_without_the_token_of_the_page(clinic, rosa, priya, mona):
    users = {"F": rosa, "P": priya, "M": mona}
    before, wrong = contents(), []
    for name in OURS:
        browser = Client(enforce_csrf_checks=True)
        browser.force_login(users[EXPECTED[name][0]])
        if (answer := browser.post(address(name, clinic))).status_code not in (403, 405):
            wrong.append((name, answer.status_code))
    assert wrong == []
    after = contents()
    assert {table for table in after if after[table] != before[table]} <= {"clinic_user"}  # last sign-in


def test_what_does_not_exist_is_not_found(clinic, everybody):
    nowhere = dict.fromkeys(clinic, NOWHERE)
    wrong = []
    for name in OURS:
        if "pk" not in ARGUMENTS[name]:
            continue
        for letter in EXPECTED[name]:
            method = "post" if name in POST_ONLY | {"course_book", "course_edit"} else "get"
            answer = ask(everybody[letter], method, address(name, nowhere))
            if answer.status_code != 404:
                wrong.append((name, letter, answer.status_code))
    assert wrong == []


def test_a_kind_that_does_not_exist_is_not_found(clinic, mona):
    browser = people.sign_in(mona)
    paths = [reverse(name, args=["wands"]) for name in ("settings_list", "settings_create")]
    paths += [
        reverse(name, args=["wands", 1]) for name in ("settings_edit", "settings_delete", "approval_detail")
    ]
    assert [browser.get(path).status_code for path in paths] == [404] * 5


FOREIGN = ("review", "course", "appointment", "change", "offer", "session", "sheet", "lot", "photo")


def plain(response):
    """The page without the token that differs from request to request."""
    return re.sub(rb"\b[A-Za-z0-9]{64}\b", b"", response.content)


@pytest.mark.parametrize(
    "name", [name for name, kind in NAMED.items() if kind in FOREIGN and name in EXPECTED]
)
def test_another_locations_visits_look_as_if_they_did_not_exist(clinic, name):
    branch = people.make_location("Hillcrest")
    role = ROLE[EXPECTED[name][0]]
    browser = people.sign_in(people.make_user("Hugo Lind", role, branch))
    method = browser.post if name in POST_ONLY else browser.get
    before = contents()
    foreign, missing = method(address(name, clinic)), method(address(name, dict.fromkeys(clinic, NOWHERE)))
    assert (foreign.status_code, missing.status_code) == (404, 404)
    assert plain(foreign) == plain(missing)
    assert contents() == before


def test_a_role_taken_away_counts_from_the_next_click(mona, priya):
    browser = people.sign_in(mona)
    assert browser.get(reverse("settings_home")).status_code == 200
    mona.role = "front_desk"
    mona.save()
    assert browser.get(reverse("settings_home")).status_code == 403
    mona.is_active = False
    mona.save()
    assert kind_of(browser.get(reverse("today"))) == "login"
