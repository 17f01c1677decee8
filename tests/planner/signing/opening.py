"""Open records, as the tests of signing need them."""

import datetime as dt

from planner.models import Appointment
from tests.planner import making, treating
from tests.planner.treating import MINUTE, start


def open_record(patient, site, priya, rosa, **how):
    visit = treating.arrive(patient, site, rosa, **how)
    treating.consent(patient, site, rosa)
    treating.screen_today(visit, priya, at=visit.start + MINUTE)
    return start(visit, priya, at=visit.start + 5 * MINUTE)


def two_records(patient, site, priya, rosa):
    """Open records of two patients without a practitioner, room or device, so without a lock, in common."""
    other = making.make_patient(rosa)
    making.screen(other, site, rosa)
    later = making.slots_at(site, making.every(35), dt.time(14), practitioner=1, room=1)
    sessions = [open_record(patient, site, priya, rosa), open_record(other, site, priya, rosa, slots=later)]
    apart = {"device": None, "device_from": None, "device_until": None}
    Appointment.objects.filter(patient=other).update(**apart)
    return sessions
