"""What the tests of booking share."""

import datetime as dt
from dataclasses import replace

from clinic.models import OutboxMessage
from planner.models import Appointment, AppointmentArea, AppointmentEvent, TreatmentCourse
from tests.refusing import refusing

DAY = dt.timedelta(days=1)
DIARY = (TreatmentCourse, Appointment, AppointmentArea, AppointmentEvent, OutboxMessage)
refused = refusing(*DIARY)


def utc(*parts):
    return dt.datetime(*parts, tzinfo=dt.UTC)


def with_two_pens(site):
    pen = site.location.devices.create(name="Pen 2", model_name="Fine 3")
    for person in site.practitioners:
        person.devices.add(pen)
    return replace(site, devices=(*site.devices, pen))
