"""Many more rows like the ones a test has made, at once: for counting queries."""

import uuid

from clinic.models import Room
from planner.models import Appointment, AppointmentArea, TreatmentCourse
from tests import people
from tests.planner import making


def crowd(course, number):
    """As many more courses with the same dates, each of another screened patient, person and room."""
    site = people.User.objects.get(role="front_desk")
    patients = making.make_patients(site, number)
    screening = course.screening
    screens = [making.copied(screening, patient_id=one.pk) for one in patients]
    type(screening).objects.bulk_create(screens)
    _link(type(screening).areas.through, "screening", screening, screens)
    made = TreatmentCourse.objects.bulk_create(
        making.copied(
            course,
            patient_id=patient.pk,
            screening_id=screen.pk,
            booking_key=uuid.uuid4(),
        )
        for patient, screen in zip(patients, screens, strict=True)
    )
    _link(TreatmentCourse.areas.through, "treatmentcourse", course, made)
    for place, other in enumerate(made):
        _book_like(course, other, place)
    return made


def _link(through, name, row, copies):
    """The areas of a row for its copies too."""
    areas = [link.treatmentarea_id for link in through.objects.filter(**{name: row})]
    through.objects.bulk_create(
        through(**{f"{name}_id": copy.pk, "treatmentarea_id": area}) for copy in copies for area in areas
    )


def _book_like(course, other, place):
    person = making.make_colleague(course.location, f"Person {place}")
    person.indications.add(course.indication_id)
    making.make_hours(person, course.location)
    room = Room.objects.create(location=course.location, name=f"Extra {place}", turnover_minutes=10)
    changed = {
        "course_id": other.pk,
        "patient_id": other.patient_id,
        "practitioner_id": person.pk,
        "room_id": room.pk,
        "device_id": None,
        "device_from": None,
        "device_until": None,
    }
    for visit in course.appointments.prefetch_related("areas"):
        copy = making.copied(visit, **changed)
        copy.save(force_insert=True)
        AppointmentArea.objects.bulk_create(
            making.copied(link, appointment_id=copy.pk, patient_id=copy.patient_id)
            for link in visit.areas.all()
        )
    assert Appointment.objects.filter(course=other).count() == course.sessions
