"""What needs attention, most urgent first."""

import datetime as dt

import pytest
from django.urls import reverse

from patients.screenings import safety_of
from planner.models import CourseChange, TreatmentCourse
from planner.queries import today
from planner.queries.attention import AT_MOST, attention_items, undated_words
from tests.patients.screening.samples import yes
from tests.planner import making
from tests.planner.making import MONDAY, NOW, every
from tests.planner.moves import cancel

DAY = dt.timedelta(days=1)


@pytest.fixture
def course(site, rosa):
    """Book a course of a new patient from Monday on; a name, an hour, further answers given after booking."""

    def make(name, hour=10, person=0, **answers):
        given, family = name.split()
        patient = making.make_patient(rosa, given_name=given, family_name=family)
        making.screen(patient, site, rosa)
        slots = making.slots_at(site, every(35), dt.time(hour), practitioner=person, room=person)
        made = making.book(patient, site, rosa, slots=slots)
        if answers:
            making.screen(patient, site, rosa, at=NOW + dt.timedelta(minutes=5), **answers)
        return made

    return make


def items(site, user, day=MONDAY, at=NOW):
    visits = today.visits_of(site.location, day)
    rows = today.rows_of(visits, safety_of([visit.patient_id for visit in visits], day), user, at)
    return attention_items(site.location, rows, day)


def told(found):
    return [
        (item.state, item.name, item.what, item.why.replace("\u00a0", " "), item.action) for item in found
    ]


def test_attention_names_what_blocks_a_visit_before_all_else(site, rosa, course):
    course("Ada Lund", 8, ACNE_ACTIVE=yes("cheeks", "chin"))
    course("Bea Marsh", 10, EPILEPSY=yes())
    gone = course("Cleo Quist", 13)
    cancel(gone.appointments.get(number=2), reason="Ill", by=rosa, at=NOW)
    course("Dora Roux", 15, BLEEDING_DISORDER=yes())
    found = items(site, rosa)
    assert [(item.state, item.name, item.what) for item in found] == [
        ("decision", "Bea Marsh", "needs a decision"),
        ("unsuitable", "Dora Roux", "may not be treated"),
        ("deferred", "Ada Lund", "is deferred"),
        ("hold", "Cleo Quist", "needs new dates"),
    ]
    screening = gone.patient.__class__.objects.get(given_name="Bea").screenings.order_by("-pk")[0]
    assert found[0].action_url == reverse("screening_detail", args=[screening.pk])


def test_attention_says_how_late_a_course_drifts(site, rosa, course):
    made = course("Cleo Quist")
    cancel(made.appointments.get(number=2), reason="Ill", by=rosa, at=NOW)
    TreatmentCourse.objects.update(sessions=3)  # shortened: no date is missing, but the gap stays late
    assert told(items(site, rosa)) == [
        (
            "hold",
            "Cleo Quist",
            "is drifting out of window",
            "Visit 3 on Mon 16 Nov is 10 wk after the one before. The window ends at 6 wk.",
            "Find new dates",
        )
    ]


def test_attention_leaves_what_is_over_on_hold_or_past(site, rosa, course):
    made = course("Cleo Quist")
    cancel(made.appointments.get(number=2), reason="Ill", by=rosa, at=NOW)
    assert items(site, rosa, day=MONDAY + 120 * DAY)[1:] == []
    for status in ("on_hold", "completed", "stopped"):
        TreatmentCourse.objects.update(status=status)
        assert items(site, rosa) == []


def test_attention_names_one_patient_who_is_not_screened(site, rosa, course):
    made = course("Ada Lund")
    later = MONDAY + 35 * DAY
    why = "The screen of Mon 7 Sep 2026 is older than 30 days. Screen again."
    assert told(items(site, rosa, day=later)) == [
        ("missing", "Ada Lund", "is not screened yet", why, "Screen now")
    ]
    assert items(site, rosa, day=later)[0].action_url == reverse("screening_create", args=[made.patient_id])


@pytest.mark.parametrize(
    ("missing", "words"),
    [
        (1, "1 of 5 visits has no date."),
        (2, "2 of 5 visits have no date."),
        (5, "5 of 5 visits have no date."),
    ],
)
def test_undated_words_agree_with_their_number(missing, words):
    assert undated_words(missing, 5) == words


def test_attention_stops_at_a_handful(site, rosa, course):
    made = course("Ada Lund", ACNE_ACTIVE=yes("cheeks", "chin"))
    for number in range(AT_MOST + 2):
        made.pk, made.booking_key = None, f"00000000-0000-0000-0000-{number:012d}"
        made.save(force_insert=True)
        CourseChange.objects.create(
            course=made,
            kind="cancelled",
            key=made.booking_key,
            asked_hash="",
            at=NOW,
            by=rosa,
            before={"visits": []},
            after={"visits": []},
        )
    found = [item.state for item in items(site, rosa)]
    assert found == ["deferred", *["hold"] * (AT_MOST - 1)]
