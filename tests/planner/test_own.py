"""What patients do on their own pages: once, in time, for their own visits only; the desk hears of it."""

import datetime as dt
import uuid

import pytest
from django.db import DatabaseError, transaction

from clinic.refusals import Refusal
from patients import links
from planner import booking, notices, own
from planner.models import AppointmentEvent, CourseChange, PatientNotice
from planner.queries.attention import attention_items
from planner.queries.notices import is_open, open_notices
from tests.guards.writes import refused
from tests.kept import kept
from tests.planner import making, moves, treating
from tests.planner.making import MONDAY, NOW
from tests.planner.moves import cancel

MINUTE, DAY = dt.timedelta(minutes=1), dt.timedelta(days=1)
SECOND = dt.datetime(2026, 10, 12, 9, 0, tzinfo=dt.UTC)  # the second visit, 10:00 in London
KEY = uuid.UUID(int=7)


@kept
def link(ana, rosa):
    return links.create_link(ana, purpose="plan", by=rosa, at=NOW)


@kept
def visit(ana, site, rosa):
    """Ana's second visit."""
    return making.book(ana, site, rosa).appointments.get(number=2)


@kept
def stranger(rosa):
    """The link of somebody else."""
    return links.create_link(making.make_patient(rosa), purpose="plan", by=rosa, at=NOW)


def kinds(visit):
    return list(visit.events.order_by("pk").values_list("kind", "by__name"))


def test_confirm_visit_is_written_once_and_by_the_patient(link, visit):
    for minute in (1, 2):
        own.confirm_visit(link, visit, at=NOW + minute * MINUTE)
    visit.refresh_from_db()
    assert visit.confirmed_at == NOW + MINUTE
    assert kinds(visit) == [("booked", "Rosa Diaz"), ("confirmed", None)]


def test_ask_to_move_reaches_the_desk_with_the_words_and_the_visit_stays(link, visit, rosa):
    own.confirm_visit(link, visit, at=NOW)
    notice = own.ask_to_move(link, visit, words=" Any Tuesday ", key=KEY, at=NOW)
    assert own.ask_to_move(link, visit, words="Twice", key=KEY, at=NOW) == notice
    visit.refresh_from_db()
    assert (visit.status, visit.confirmed_at, notice.words) == ("booked", None, "Any Tuesday")
    items = attention_items(visit.location, [], MONDAY)
    assert [(item.what, item.why.replace("\u00a0", " ")) for item in items] == [
        ("asks for another date", "Visit 2, Mon 12 Oct, 10:00. “Any Tuesday”")
    ]


def test_the_newest_wish_counts_and_confirming_takes_it_back(link, visit):
    first = own.ask_to_move(link, visit, words="Tuesday", key=KEY, at=NOW)
    second = own.ask_to_move(link, visit, words="Friday", key=uuid.uuid4(), at=NOW + MINUTE)
    assert list(open_notices(visit.location)) == [second]
    own.confirm_visit(link, visit, at=NOW + 2 * MINUTE)
    assert list(open_notices(visit.location)) == []
    first.refresh_from_db()
    assert first.withdrawn_at == NOW + MINUTE


def test_moving_the_visit_answers_the_wish(link, visit, rosa):
    notice = own.ask_to_move(link, visit, words="Tuesday", key=KEY, at=NOW)
    assert is_open(notice)
    moves.move(visit.course, 2, visit.on + DAY, rosa)
    assert not is_open(notice)


def test_ask_to_move_needs_words(link, visit):
    with pytest.raises(Refusal) as no:
        own.ask_to_move(link, visit, words="  ", key=KEY, at=NOW)
    assert (no.value.code, no.value.field) == ("own_words", "words")
    assert not PatientNotice.objects.exists()


def test_cancel_visit_frees_it_once_tells_the_desk_and_waits_with_the_mail(link, visit):
    made = [own.cancel_visit(link, visit, words="I am ill", version=visit.version, at=NOW) for _ in range(2)]
    assert made[0] == made[1]
    visit.refresh_from_db()
    assert (visit.status, visit.status_reason) == ("cancelled", "Cancelled on the own page. I am ill")
    change = CourseChange.objects.get()
    assert (change.kind, change.by, change.message.due_at) == ("cancelled", None, NOW + 10 * MINUTE)
    assert kinds(visit)[-1] == ("cancelled", None)
    items = attention_items(visit.location, [], MONDAY)
    assert [item.what for item in items] == ["cancelled a visit"]  # not said again as "needs new dates"


def test_undo_cancel_gives_the_same_visit_back_within_ten_minutes(link, visit):
    notice = own.cancel_visit(link, visit, version=visit.version, at=NOW)
    before = visit.start
    for _ in range(2):
        own.undo_cancel(link, visit, at=NOW + 10 * MINUTE)
    visit.refresh_from_db()
    notice.refresh_from_db()
    assert (visit.status, visit.start, notice.withdrawn_at) == ("booked", before, NOW + 10 * MINUTE)
    assert list(open_notices(visit.location)) == []
    assert CourseChange.objects.get().undone_at == NOW + 10 * MINUTE
    again = own.cancel_visit(link, visit, version=visit.version, at=NOW + 11 * MINUTE)
    assert again != notice


def test_undo_cancel_is_refused_after_ten_minutes(link, visit):
    own.cancel_visit(link, visit, version=visit.version, at=NOW)
    with pytest.raises(Refusal) as no:
        own.undo_cancel(link, visit, at=NOW + 10 * MINUTE + dt.timedelta(seconds=1))
    assert str(no.value) == "It is too late to take this back. Call us for a new date."


def test_undo_cancel_is_refused_when_somebody_else_has_the_time(link, visit, site, rosa):
    own.cancel_visit(link, visit, version=visit.version, at=NOW)
    bea = making.make_patient(rosa)
    making.screen(bea, site, rosa)
    days = making.every(29, first=visit.on)
    request = making.asking(site, start_from=visit.on)
    making.book(bea, site, rosa, slots=making.slots_at(site, days), request=request)
    with pytest.raises(Refusal) as no:
        own.undo_cancel(link, visit, at=NOW + MINUTE)
    assert str(no.value) == "This time is gone. Call us for a new date."
    visit.refresh_from_db()
    assert visit.status == "cancelled"


def test_undo_cancel_takes_back_no_cancelling_of_the_desk(link, visit, rosa):
    cancel(visit, reason="Closed", by=rosa, at=NOW)
    with pytest.raises(Refusal) as no:
        own.undo_cancel(link, visit, at=NOW + MINUTE)
    assert no.value.code == "own_gone"


def doings(link, visit, at):
    """Everything that can be done with a visit."""
    return [
        lambda: own.confirm_visit(link, visit, at=at),
        lambda: own.ask_to_move(link, visit, words="x", key=KEY, at=at),
        lambda: own.cancel_visit(link, visit, version=visit.version, at=at),
    ]


def codes(link, visit, at):
    found = []
    for do in doings(link, visit, at):
        with pytest.raises(Refusal) as no:
            do()
        assert no.value.sentence and no.value.stale
        found.append(no.value.code)
    return found


def test_nothing_is_done_with_what_has_begun_or_is_over(link, visit, rosa):
    assert codes(link, visit, SECOND) == ["own_begun"] * 3
    booking.check_in(visit, by=rosa, at=SECOND - MINUTE)
    assert codes(link, visit, SECOND - MINUTE) == ["own_begun"] * 3


def test_nothing_is_done_with_a_visit_that_the_desk_cancelled(link, visit, rosa):
    cancel(visit, reason="Closed", by=rosa, at=NOW)
    assert codes(link, visit, NOW) == ["own_not_booked"] * 3


def test_nothing_is_done_with_somebody_elses_visit(stranger, visit):
    assert codes(stranger, visit, NOW) == ["own_not_booked"] * 3
    with pytest.raises(Refusal) as no:
        own.undo_cancel(stranger, visit, at=NOW)
    visit.refresh_from_db()
    assert (no.value.code, visit.status, visit.version) == ("own_gone", "booked", 1)


def test_cancel_visit_is_refused_for_a_page_older_than_the_visit(link, visit, rosa):
    seen = visit.version
    moves.move(visit.course, 2, visit.on + DAY, rosa)
    with pytest.raises(Refusal) as no:
        own.cancel_visit(link, visit, version=seen, at=NOW)
    assert str(no.value) == "This visit was changed meanwhile. Look at your plan again, or call us."


def report(link, signs=("pus",), words="", key=KEY, language="en"):
    return own.report_problem(link, signs=signs, words=words, language=language, key=key, at=NOW)


def test_report_problem_is_kept_with_its_urgency_and_answer_and_reaches_the_desk_once(link, site):
    notice = report(link, ["swelling", "pus"], " Since Friday ")
    assert report(link, ["swelling", "pus"], "again") == notice
    assert (notice.urgency, notice.signs, notice.words) == ("today", ["pus", "swelling"], "Since Friday")
    assert notice.told[0].startswith("Call us now on 020")
    (item,) = attention_items(site.location, [], MONDAY)
    assert (item.state, item.what) == ("unsuitable", "reports a problem: same day")
    assert "Friday" not in item.why and "pus" not in item.why


def test_reports_are_sorted_by_urgency_and_none_is_left_out(link, site):
    for number, sign in enumerate(["patches", "rash", "pus", "breathing"] * 3):
        report(link, [sign], key=uuid.UUID(int=number + 1))
    whats = [item.what for item in attention_items(site.location, [], MONDAY)]
    assert len(whats) == 12
    assert [what.rpartition(": ")[2] for what in whats[::3]] == [
        "emergency",
        "same day",
        "in 1 to 2 days",
        "by the next visit",
    ]


@pytest.mark.parametrize(("signs", "words"), [([], " "), (["nonsense"], ""), (["pus", "nonsense"], "x")])
def test_report_problem_needs_something_known(link, signs, words):
    with pytest.raises(Refusal) as no:
        report(link, signs, words)
    assert no.value.code == "own_nothing_said"


def test_settle_notice_says_who_and_when_and_keeps_the_first(link, rosa, priya):
    notice = report(link)
    with pytest.raises(Refusal) as no:
        notices.settle_notice(notice, note=" ", by=rosa, at=NOW)
    assert no.value.code == "note_missing"
    notices.settle_notice(notice, note="Called back.", by=rosa, at=NOW + MINUTE)
    notices.settle_notice(notice, note="Other.", by=priya, at=NOW + 2 * MINUTE)
    notice.refresh_from_db()
    assert (notice.done_by, notice.done_at, notice.done_note) == (rosa, NOW + MINUTE, "Called back.")
    assert not is_open(notice)


def test_settle_notice_refuses_who_is_no_longer_here(link, otto):
    with pytest.raises(Refusal) as no:
        notices.settle_notice(report(link), note="x", by=otto, at=NOW)
    assert no.value.code == "role"


def test_a_notice_keeps_what_was_said_and_stays(link):
    notice = report(link)
    for values in ({"words": "x"}, {"signs": []}, {"urgency": "next"}, {"told": []}):
        with pytest.raises(DatabaseError, match="pgtrigger"), transaction.atomic():
            PatientNotice.objects.filter(pk=notice.pk).update(**values)
    with pytest.raises(DatabaseError, match="pgtrigger"), transaction.atomic():
        notice.delete()


def test_a_notice_its_link_and_its_visit_belong_to_one_patient(link, visit, stranger):
    fields = {"key": KEY, "location": visit.location, "at": NOW, "told": ["x"]}
    with refused("patientnotice_link_same_patient"):
        PatientNotice.objects.create(
            kind="problem", urgency="next", patient=link.patient, link=stranger, **fields
        )
    with refused("patientnotice_appointment_same_patient"):
        PatientNotice.objects.create(
            kind="move",
            patient=stranger.patient,
            link=stranger,
            appointment=visit,
            about_start=visit.start,
            **fields,
        )


def test_the_desk_of_the_last_visit_hears_of_a_problem(ana, site, rosa, priya, link):
    stock = treating.make_stock(site.location)
    treating.approve_texts(priya.practitioner)
    treating.consent(ana, site, rosa)
    visit = treating.arrive(ana, site, rosa)
    treating.screen_today(visit, priya)
    treating.sign(treating.complete(treating.start(visit, priya), site, stock, priya), priya)
    branch = making.make_branch(site, "Hillcrest", "Europe/London")
    type(ana).objects.filter(pk=ana.pk).update(location=branch.location)
    link.refresh_from_db()
    assert report(link).location == site.location


def test_no_event_is_without_a_person_but_the_patients(link, visit):
    own.confirm_visit(link, visit, at=NOW)
    assert list(AppointmentEvent.objects.filter(by=None).values_list("kind", flat=True)) == ["confirmed"]
