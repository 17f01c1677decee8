"""One object of each kind, everybody's browser, and what they saw at every address."""

import datetime as dt
import functools
import itertools
import uuid

import pytest
import time_machine

from clinic.accounts import create_account
from clinic.models import OutboxMessage
from patients import links, questionnaires, ruledrafts
from patients.models import Questionnaire
from patients.screening.rows import answer_to_row
from patients.unfinished import keep_unfinished
from planner import own
from planner.events import report_event
from planner.models import TreatmentCourse
from planner.offers import offer_slot
from planner.photos import add_photo
from planner.queries.reviews import review_times
from planner.reviews import book_review
from tests.kept import kept
from tests.patients.conftest import answers
from tests.patients.screening.samples import yes
from tests.permissions.asking import AFTERWARDS, NAMES, address, ask, browsers, contents, kind_of
from tests.planner import making, moves, treating
from tests.planner.merges import merge_two
from tests.planner.pictures import picture


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
    draft = keep_unfinished(
        reviewed,
        stage="booking",
        indication=acne_scars,
        areas=[cheeks],
        rule_set=rule_set,
        typed={"PREGNANT": ["no"]},
        counted=(1, 30),
        seen=(0, 0),
        by=rosa,
    )
    new = {"name": "Daniel Okafor", "email": "daniel@larkmoor.example", "role": "practitioner"}
    new = create_account(**new, location=site.location, is_active=True, by=mona)
    merged = merge_two(making.make_patient(rosa), making.make_patient(rosa), by=mona)
    return {
        "review": review.pk,
        "account": new.pk,
        "merge": merged.pk,
        "draft": draft.pk,
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


@pytest.fixture
def everybody(rosa, priya, mona, otto):
    """Letter of the role → browser; `-` is nobody, `x` an account that was closed."""
    return browsers(F=rosa, P=priya, M=mona, **{"-": None, "x": otto})


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
