"""The words of all names: kept with the patients, shared by those of one surname, gone with the last one."""

import threading

import pytest
from django.db import connection, transaction
from django.db.migrations.loader import MigrationLoader

from patients import intake
from patients.models import NameWord, Patient
from patients.queries import search_patients
from tests.patients.conftest import AMARA
from tests.refusing import waits_for_us


def words():
    return list(NameWord.objects.values_list("word", flat=True))


@pytest.fixture
def namesake(rosa, amara):
    """Joan Osei, beside Amara Osei."""
    return intake.register_patient(details=AMARA | {"given_name": "Joan"}, by=rosa, passed_by=None)


def named(patient, text):
    """The patient is searched by other words now."""
    assert Patient.objects.filter(pk=patient.pk).update(search_text=text) == 1


def test_a_name_is_kept_until_nobody_has_it(rosa, amara, namesake):
    assert words() == ["amara", "joan", "osei"]
    intake.edit_patient(namesake, details={"family_name": "Mensah-Li 2nd"}, version=1, by=rosa)
    assert words() == ["amara", "joan", "mensah-li", "osei"]
    intake.edit_patient(amara, details={"family_name": "Mensah"}, version=1, by=rosa)
    assert words() == ["amara", "joan", "mensah", "mensah-li"]
    Patient.objects.all().delete()
    assert words() == []


def test_the_words_of_patients_from_before_are_filled_in(amara, namesake):
    NameWord.objects.all().delete()
    made = MigrationLoader(connection).get_migration("patients", "0013_name_words")
    (fill,) = [one.sql for one in made.operations if "INSERT" in str(getattr(one, "sql", ""))]
    with connection.cursor() as cursor:
        cursor.execute(fill)
    assert words() == ["amara", "joan", "osei"]


@pytest.mark.parametrize(
    "text",
    ["oesi joan", "joam osei", "jaon oesi", "osie jon", "ossei jo", "xosei joan", "oseij joam", "joan ose"],
)
def test_both_names_may_have_an_error(namesake, text):
    assert namesake in search_patients(text)


@pytest.mark.parametrize("text", ["np1{}", "np-1{}x", "joan np_1{}"])
def test_a_record_number_may_have_an_error(namesake, text):
    assert namesake in search_patients(text.format(f"{namesake.pk:04}"))


def test_the_index_of_the_words_can_be_used(amara):
    with connection.cursor() as cursor:
        # Of a few words only, any index is as good as another.
        cursor.execute("INSERT INTO patients_nameword SELECT md5(n::text) FROM generate_series(1, 5000) n")
        cursor.execute("SELECT gin_clean_pending_list('name_word_search')")
        cursor.execute("ANALYZE patients_nameword")
        cursor.execute("SET LOCAL enable_seqscan = off")
        cursor.execute("EXPLAIN SELECT word FROM patients_nameword WHERE 'oesi' <% word")
        assert "name_word_search" in "\n".join(row[0] for row in cursor.fetchall())


def meanwhile(first, second):
    """Both in transactions: the second begins while the first is open. Whether it had to wait for its end."""
    failed, done = [], threading.Event()

    def run():
        try:
            with transaction.atomic():
                second()
        except Exception as error:  # told below
            failed.append(error)
        finally:
            done.set()
            connection.close()

    thread = threading.Thread(target=run)
    with transaction.atomic():
        first()
        thread.start()
        waited = waits_for_us(done.is_set)
    thread.join()
    assert failed == []
    return waited


@pytest.mark.django_db(transaction=True)
def test_two_of_one_surname_do_not_wait_for_each_other(transactional_db, amara, namesake):
    assert not meanwhile(lambda: named(amara, "adwoa osei"), lambda: named(namesake, "adjoa osei"))
    assert words() == ["adjoa", "adwoa", "osei"]


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("leaves_first", [True, False])
def test_who_takes_a_name_as_its_last_one_leaves_is_found(transactional_db, amara, namesake, leaves_first):
    leave, come = lambda: named(amara, "mensah osei"), lambda: named(namesake, "amara osei")
    assert meanwhile(*((leave, come) if leaves_first else (come, leave)))
    assert words() == ["amara", "mensah", "osei"]
    assert search_patients("amaar") == [namesake]


@pytest.mark.django_db(transaction=True)
def test_the_last_two_of_a_name_may_leave_it_at_once(transactional_db, amara, namesake):
    assert meanwhile(lambda: named(amara, "amara"), lambda: named(namesake, "joan"))
    assert words() == ["amara", "joan"]


@pytest.mark.django_db(transaction=True)
def test_many_changes_at_once_end_without_a_deadlock(transactional_db, amara, namesake):
    texts = [f"{first} {last}" for first in ("osei", "boateng", "addo") for last in ("joan", "amara", "ama")]

    failed = []

    def change(patient, order):
        try:
            for text in order:
                named(patient, text)
        except Exception as error:  # told below
            failed.append(error)
        finally:
            connection.close()

    orders = ((amara, texts), (namesake, texts[::-1]))
    threads = [threading.Thread(target=change, args=one) for one in orders]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert failed == []
    assert words() == sorted({word for text in (texts[-1], texts[0]) for word in text.split()})
