"""The one lock order: what was read before its locks is read again, and moved visits are locked anew."""

import pytest
from django.db import OperationalError, connection, transaction

from clinic.models import Practitioner
from planner.locks import lock_held
from planner.models import Appointment
from tests.planner import making
from tests.planner.locking import watched
from tests.refusing import at_once

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.sweep]


def is_free(person):
    """Whether somebody else could lock this practitioner now."""

    def look():
        try:
            with transaction.atomic():
                rows = Practitioner.objects.select_for_update(nowait=True).filter(pk=person.pk)
                return bool(list(rows))
        except OperationalError:
            return False

    return at_once(look)[0]


def test_a_visit_that_moved_before_its_locks_is_locked_where_it_is(site, ana, rosa):
    making.book(ana, site, rosa)
    one, other = site.practitioners
    visit = Appointment.objects.get(number=2)
    readings = []

    def read():
        rows = list(Appointment.objects.filter(pk=visit.pk))
        if not readings:  # somebody else is faster between the first reading and the locks
            moved = Appointment.objects.filter(pk=visit.pk)
            at_once(lambda: moved.update(practitioner=other))
        readings.append(rows[0].practitioner_id)
        return rows

    with transaction.atomic():
        (row,) = lock_held(read)
        assert row.practitioner_id == other.pk
        assert not is_free(other)
        assert is_free(one)  # the lock on the old place was given back: it would be out of order
    assert readings == [one.pk, other.pk, other.pk, other.pk]


def test_locks_out_of_the_one_order_are_seen_by_the_watch(site, ana, rosa):
    from planner.locks import lock_places

    with transaction.atomic(), watched() as watch:
        lock_places(patients=[ana.pk])
        lock_places(rooms=[site.rooms[0].pk])
    assert len(watch.wrong) == 1
    with transaction.atomic(), watched() as watch:
        lock_places(patients=[ana.pk], rooms=[site.rooms[0].pk])
        lock_places(patients=[ana.pk])
    assert watch.wrong == []
    with transaction.atomic(), watched() as watch:
        try:
            with transaction.atomic():
                lock_places(patients=[ana.pk])
                connection.cursor().execute("SELECT 1 / 0")
        except Exception:  # what was locked inside was given back
            lock_places(rooms=[site.rooms[0].pk])
    assert watch.wrong == []
