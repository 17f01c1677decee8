"""Every guard of our tables is in `guards.txt` with its definition: none is dropped or weakened unseen."""

import re
from pathlib import Path

import pytest
from django.db import connection

LIST = Path(__file__).with_name("guards.txt")
INSTALLED = """
    SELECT conrelid::regclass || ' | ' || conname || ' | ' || pg_get_constraintdef(oid)
    FROM pg_constraint
    WHERE connamespace = 'public'::regnamespace AND contype IN ('c', 'u', 'x', 'f') AND convalidated
    AND conrelid::regclass::text ~ '^(clinic|patients|planner)_' AND conname !~ '_[0-9a-f]{8}_'
    UNION ALL
    SELECT tgrelid::regclass || ' | ' || regexp_replace(tgname, '_[0-9a-f]{5}$', '') || ' | '
        || CASE tgenabled WHEN 'O' THEN '' ELSE 'OFF ' END
        || regexp_replace(pg_get_triggerdef(pg_trigger.oid), '.*(BEFORE|AFTER|CONSTRAINT)', '\\1') || ' | '
        || regexp_replace(prosrc, '\\s+', ' ', 'g')
    FROM pg_trigger JOIN pg_proc ON pg_proc.oid = tgfoid WHERE NOT tgisinternal
    UNION ALL
    SELECT indrelid::regclass || ' | ' || indexrelid::regclass || ' | ' || pg_get_indexdef(indexrelid)
    FROM pg_index LEFT JOIN pg_constraint ON conindid = indexrelid
    WHERE indisunique AND indisvalid AND pg_constraint.oid IS NULL
    AND indrelid::regclass::text ~ '^(clinic|patients|planner)_'
"""


def installed():
    """Every guard of the database, one a line."""
    with connection.cursor() as cursor:
        cursor.execute(INSTALLED)
        return sorted(re.sub(r"_[0-9a-f]{5}\(\)", "()", row[0]).strip() for row in cursor.fetchall())


@pytest.mark.django_db
def test_the_guards_of_the_list_are_installed_and_no_others():
    assert installed() == LIST.read_text().splitlines()
