"""What happened to whom: today's board half done, courses in every state, screenings of every verdict."""

import datetime as dt
import uuid
from dataclasses import dataclass

from clinic.models import Absence, Indication, TreatmentArea
from patients.consents import record_consent
from patients.models import ConsentText, Patient
from planner.booking import book_course
from planner.demo import visits
from planner.demo.answers import screen
from planner.demo.letters import send_due, send_reminders
from planner.demo.own import tell_from_home
from planner.demo.place import Place
from planner.demo.reactions import tell_outcomes, tell_reactions
from planner.demo.reviews import tell_reviews
from planner.demo.screens import tell_screens
from planner.models import Appointment, CourseChange, TreatmentCourse
from planner.moving import Order, change_course
from planner.offers import mark_earlier
from planner.planning import CourseRequest, Slot, approved_protocol
from planner.telling import UNDO_MINUTES

GAP = 35  # days: the usual gap, and five weeks later is the same weekday and time
ARRIVALS = [dt.time(8, 30), dt.time(9, 45), dt.time(11), dt.time(13, 45), dt.time(15), dt.time(16, 15)]


@dataclass(frozen=True)
class Story:
    """A course: whose, at which arrival, with whom (0 to 2), its visit on the anchor day, of how many."""

    name: str
    arrival: int
    person: int
    visit: int
    of: int
    indication: str
    areas: tuple[str, ...]


FACE, CHIN = ("right_cheek", "left_cheek"), ("chin",)
TODAY = [
    Story("Bea Lindholm", 0, 1, 4, 6, "ACNE_MIXED", FACE),
    Story("Paul Serrano", 0, 0, 2, 4, "FINE_LINES_TEXTURE", ("forehead",)),
    Story("Lena Vogt", 0, 2, 1, 5, "STRIAE_ALBAE", ("abdomen",)),
    Story("Viktor Sand", 1, 2, 3, 6, "ACNE_ROLLING", FACE),
    Story("Tomasz Wilk", 1, 1, 3, 5, "SCAR_SURG_TRAUMA", ("right_arm",)),
    Story("Ines Duarte", 2, 0, 2, 6, "ACNE_MIXED", FACE),
    Story("Amara Osei", 2, 1, 5, 6, "ACNE_BOXCAR", (*FACE, *CHIN)),
    Story("Joanna Petrenko", 2, 2, 4, 6, "ACNE_MIXED", FACE),
    Story("Priscilla Raman", 3, 2, 1, 5, "STRIAE_RUBRAE", ("abdomen",)),
    Story("Daniel Acker", 3, 1, 4, 4, "FINE_LINES_TEXTURE", ("forehead", *FACE)),
    Story("Sofia Lindqvist", 4, 2, 2, 4, "NECK_LINES", ("neck",)),
    Story("Marcus Adeyemi", 3, 0, 4, 6, "ACNE_ICEPICK", FACE),
    Story("Yuki Tanabe", 4, 1, 3, 6, "ACNE_MIXED", FACE),
    Story("Grace Ibarra", 4, 0, 3, 6, "ACNE_ROLLING", ("forehead",)),
    Story("Hannah Byrne", 5, 1, 2, 4, "SCAR_SURG_TRAUMA", ("right_calf",)),
    Story("Omar Haddad", 5, 2, 1, 4, "FINE_LINES_TEXTURE", FACE),
]
LATER = [  # the visit of the anchor day is past, by as many days; the next one is booked five weeks after it
    (7, Story("Nia Farrow", 0, 0, 2, 5, "ACNE_MIXED", FACE)),
    (14, Story("Owen Brandt", 1, 1, 2, 4, "SCAR_SURG_TRAUMA", ("left_arm",))),
    (33, Story("Camila Rojas", 1, 2, 3, 5, "STRIAE_ALBAE", ("right_thigh", "left_thigh"))),
    (29, Story("Ravi Menon", 3, 0, 1, 6, "ACNE_BOXCAR", FACE)),
    (34, Story("Aoife Kelly", 4, 1, 2, 4, "NECK_LINES", ("neck",))),
    (14, Story("Samuel Okoye", 4, 2, 4, 5, "ACNE_MIXED", FACE)),
    (21, Story("Zoë Ångström", 5, 0, 1, 4, "FINE_LINES_TEXTURE", ("forehead",))),
]
OVER = [
    Story("Ingrid Dahl", 2, 0, 4, 4, "ACNE_MIXED", FACE),
    Story("Marta Kowalczyk", 2, 1, 4, 4, "STRIAE_RUBRAE", ("abdomen",)),
    Story("Diego Álvarez", 2, 2, 4, 4, "SCAR_SURG_TRAUMA", ("right_calf",)),
]


def consent(place: Place, patient: Patient, indication: Indication, at: dt.datetime) -> None:
    """A paper consent, witnessed at the desk."""
    text = ConsentText.objects.get(indication=indication, language=patient.language)
    record_consent(patient, text=text, method="paper", by=place.rosa, at=at)


def book(place: Place, story: Story, patient: Patient, anchor: dt.date) -> TreatmentCourse:
    """Book a whole course so that its visit number `story.visit` lies on the anchor day."""
    indication = Indication.objects.get(code=story.indication)
    areas = list(TreatmentArea.objects.filter(code__in=story.areas))
    day, protocol = dt.timedelta(days=1), approved_protocol(indication)
    gap = max(GAP, protocol.gap_min_days)
    days = [anchor + (number - story.visit) * gap * day for number in range(1, story.of + 1)]
    asked_at = min(place.at(days[0] - 4 * day, dt.time(10, 20)), place.now - dt.timedelta(hours=6))
    screen(place, patient, indication=indication, areas=areas, at=asked_at)
    consent(place, patient, indication, asked_at + dt.timedelta(minutes=5))
    slots = [
        Slot(
            start=place.at(on, ARRIVALS[story.arrival]),
            practitioner_id=place.practitioners[story.person].pk,
            room_id=place.rooms[story.person].pk,
            device_id=place.devices[story.person].pk,
        )
        for on in days
    ]
    request = CourseRequest(
        indication_id=indication.pk,
        area_ids=tuple(sorted(area.pk for area in areas)),
        sessions=story.of,
        gap_target_days=gap,
        start_from=days[0],
        numbing_minutes=30,
    )
    booked_at = asked_at + dt.timedelta(minutes=15)
    course = book_course(
        patient,
        location=place.location,
        request=request,
        slots=slots,
        proposal="best_fit",
        booking_key=uuid.uuid5(uuid.NAMESPACE_URL, f"demo/{story.name}"),
        by=place.rosa,
        at=booked_at,
    )
    send_due(booked_at + dt.timedelta(minutes=UNDO_MINUTES))
    return course


def tell_all(place: Place, patients: dict[str, Patient]) -> None:
    """Book every story and let the past happen."""
    week = dt.timedelta(days=7)
    for story in TODAY:
        _live_through(place, book(place, story, patients[story.name], place.today))
    for days, story in LATER:
        anchor = place.today - dt.timedelta(days=days)
        _live_through(place, book(place, story, patients[story.name], anchor))
    for number, story in enumerate(OVER):
        _live_through(place, book(place, story, patients[story.name], place.today - week * (16 + number)))
    send_reminders(place, patients)
    _travelling(place, patients["Owen Brandt"])
    _would_come_earlier(place, patients)
    _away(place, patients["Samuel Okoye"])
    screen_the_rest(place, patients)
    tell_reactions(place, patients)
    tell_outcomes(place, patients)
    tell_reviews(place, patients)
    tell_from_home(place, patients)
    tell_screens(place, patients)


def _live_through(place: Place, course: TreatmentCourse) -> None:
    """What has happened by now: visits of earlier days, and today's as far as the day has come."""
    for visit in course.appointments.order_by("start"):
        if visit.on < place.today:
            visits.whole_visit(place, visit)
        elif visit.on == place.today:
            _today(place, visit)


def _today(place: Place, visit) -> None:
    """Over, missed, in the room, in the waiting area, or still to come, by the clock."""
    left = place.now - visit.start
    hour = dt.timedelta(hours=1)
    if left > 1.5 * hour:
        if visit.patient.family_name == "Sand":
            _missed(place, visit, visit.start + hour / 2)
        else:
            visits.whole_visit(place, visit)
    elif left > -hour / 3:
        visits.arrive(place, visit, min(place.now, visit.start) - 3 * visits.MINUTE)
        in_room = left > hour / 6 and visit.patient.family_name != "Petrenko"
        if visit.patient.family_name == "Petrenko":
            since = {
                "ANTICOAGULANT": {"medicine": "Apixaban", "since_on": place.today - dt.timedelta(days=9)}
            }
            visits.screen_again(place, visit, place.now - 2 * visits.MINUTE, yes=since)
        elif in_room:
            visits.screen_again(place, visit, visit.start)
            visits.start_numbing(place, visit, visit.start + visits.MINUTE)


def _missed(place: Place, visit: Appointment, at: dt.datetime) -> None:
    order = Order(visit.course_id, CourseChange.Kind.NO_SHOW, about=visit.pk, about_version=visit.version)
    change_course(order, key=uuid.uuid5(uuid.NAMESPACE_URL, "demo/missed"), by=place.rosa, at=at)


def _travelling(place: Place, patient: Patient) -> None:
    following = Appointment.objects.filter(patient=patient, status="booked").order_by("start").first()
    order = Order(
        following.course_id,
        CourseChange.Kind.CANCELLED,
        about=following.pk,
        about_version=following.version,
        reason="Travelling",
    )
    change_course(order, key=uuid.uuid5(uuid.NAMESPACE_URL, "demo/travelling"), by=place.rosa, at=place.now)


def _would_come_earlier(place: Place, patients: dict[str, Patient]) -> None:
    """Two patients on the short-notice list."""
    for name, note in (("Nia Farrow", "Mornings"), ("Aoife Kelly", "Any day, from tomorrow on")):
        course = TreatmentCourse.objects.get(patient=patients[name])
        mark_earlier(course, welcome=True, note=note, by=place.rosa, at=place.now)


def _away(place: Place, patient: Patient) -> None:
    """A practitioner will be away on a day on which visits are booked."""
    visit = Appointment.objects.filter(patient=patient, status="booked").order_by("start").last()
    Absence.objects.create(
        practitioner=visit.practitioner,
        start=place.at(visit.on, dt.time()),
        end=place.at(visit.on + dt.timedelta(days=1), dt.time()),
        reason="Course",
    )


def screen_the_rest(place: Place, patients: dict[str, Patient]) -> None:
    """Patients without a course: one for every verdict."""
    day = dt.timedelta(days=1)
    said = {
        "Nadine Ferrer": {},
        "Anya Sokolova": {"HSV_HISTORY": {}},
        "Noor Rahimi": {"ISOTRETINOIN_RECENT": {"last_dose_on": place.today - 60 * day}},
        "Jun Park": {"INFECTION_BACTERIAL": {"fever": "no"}},
        "Leah Goldmark": {"PREGNANT": {}},
        "Isaac Stern": {"ANTICOAGULANT": {"medicine": "Warfarin", "since_on": place.today - 400 * day}},
        "Fatima Zahra": {"BREASTFEEDING": {}},
        "Elena Popescu": {"ACNE_ACTIVE": {}},
    }
    indication = Indication.objects.get(code="ACNE_MIXED")
    areas = list(TreatmentArea.objects.filter(code__in=FACE))
    for number, (name, yes) in enumerate(said.items()):
        at = place.now - (1 + number) * day
        screen(place, patients[name], indication=indication, areas=areas, at=at, yes=yes)
