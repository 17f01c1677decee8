"""What the tests of moving look at."""

import datetime as dt

from planner.models import Appointment, AppointmentArea, AppointmentEvent, CourseChange, TreatmentCourse
from tests.planner.making import every
from tests.refusing import refusing

DAY, MINUTE = dt.timedelta(days=1), dt.timedelta(minutes=1)
DAYS = every(35)


def diary():
    """Every row of the diary but versions and what was written down about it."""
    rows = Appointment.objects.order_by("pk").values()
    areas = AppointmentArea.objects.order_by("pk").values_list()
    return [{name: row[name] for name in row if name != "version"} for row in rows], list(areas)


refused = refusing(Appointment, AppointmentArea, TreatmentCourse, CourseChange, AppointmentEvent)
