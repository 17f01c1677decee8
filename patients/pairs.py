"""Compares all files with one another, at night: which may be one person's. For the list of duplicates."""

# ruff: noqa: S608 - the statement is put together from constants

import datetime as dt

from django.db import connection, transaction
from django.db.models import Max

from clinic import clock
from patients.duplicates import PAIRS_SQL, SAME, SAME_NAME
from patients.models import PairSearch, Patient

AGAIN = dt.timedelta(hours=20)
NAMESAKES_MOST = 3  # a name that more files share tells nothing by itself
RARE_NAME = f"""
    {SAME_NAME} AND one.sort_name IN (
        SELECT sort_name FROM patients_patient WHERE merged_into_id IS NULL
        GROUP BY 1 HAVING count(*) BETWEEN 2 AND {NAMESAKES_MOST})
"""
FIND = "INSERT INTO patients_foundpair (first_id, second_id, weight) "
FIND += "SELECT first_id, second_id, count(*) FROM ({pairs}) p GROUP BY 1, 2"


def compare_files(at: dt.datetime | None = None) -> bool:
    """Compare all files anew unless that was done within 20 hours; say whether it was. It may take minutes.

    Pages read the pairs of last time until this is done; two workers do not do it at once.
    """
    at = at or clock.now()
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("SELECT pg_try_advisory_xact_lock(hashtext('patients.pairs'))")
        if not cursor.fetchone()[0] or PairSearch.objects.filter(at__gt=at - AGAIN).exists():
            return False
        rules = [RARE_NAME if same == SAME_NAME else same for same in SAME]
        pairs = " UNION ALL ".join(PAIRS_SQL.format(same=f"one.id < other.id AND {same}") for same in rules)
        cursor.execute("DELETE FROM patients_foundpair")
        last_key = Patient.objects.aggregate(last=Max("pk"))["last"] or 0
        cursor.execute(FIND.format(pairs=pairs), {"last": 0})
        PairSearch.objects.all().delete()
        PairSearch.objects.create(at=at, last_key=last_key)
    return True
