"""Many more rows like the ones a test has made, at once: for counting queries."""

import uuid

from clinic.models import Practitioner, Room
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
    _book_like(course, made)
    return made


def _link(through, name, row, copies):
    """The areas of a row for its copies too."""
    areas = [link.treatmentarea_id for link in through.objects.filter(**{name: row})]
    through.objects.bulk_create(
        through(**{f"{name}_id": copy.pk, "treatmentarea_id": area}) for copy in copies for area in areas
    )


def _book_like(course, made):
    """The visits of a course for its copies: each with somebody and some room of their own, without a pen."""
    location = course.location
    staff = Practitioner.objects.bulk_create(
        Practitioner(name=f"Person {place}", title="RN") for place in range(len(made))
    )
    for name, row in (("locations", location), ("indications", course.indication)):
        through = getattr(Practitioner, name).through
        column = f"{row._meta.model_name}_id"
        through.objects.bulk_create(through(practitioner_id=one.pk, **{column: row.pk}) for one in staff)
    for person in staff:
        making.make_hours(person, location)
    rooms = Room.objects.bulk_create(
        Room(location=location, name=f"Extra {place}", turnover_minutes=10) for place in range(len(made))
    )
    for visit in course.appointments.prefetch_related("areas"):
        copies = Appointment.objects.bulk_create(
            making.copied(
                visit,
                course_id=other.pk,
                patient_id=other.patient_id,
                practitioner_id=person.pk,
                room_id=room.pk,
                device_id=None,
                device_from=None,
                device_until=None,
            )
            for other, person, room in zip(made, staff, rooms, strict=True)
        )
        AppointmentArea.objects.bulk_create(
            making.copied(link, appointment_id=copy.pk, patient_id=copy.patient_id)
            for copy in copies
            for link in visit.areas.all()
        )
    for other in made:
        assert Appointment.objects.filter(course=other).count() == course.sessions
