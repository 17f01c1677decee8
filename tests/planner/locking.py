"""Watches what a transaction locks and in what order: the one order of `planner.locks`, told from the SQL."""

import re
from contextlib import contextmanager

from django.db import connection

from planner.locks import ORDER

RANKS = {model._meta.db_table: place for place, model in enumerate(ORDER)}
LOCKED = re.compile(r'^SELECT .*?FROM "(\w+)".* FOR (?:NO KEY )?UPDATE', re.S)
SAVEPOINT = re.compile(r'^(SAVEPOINT|ROLLBACK TO SAVEPOINT) "?(\w+)"?')


class Watch:
    """The locks of one connection; `wrong` holds tables that were locked after one that comes later."""

    def __init__(self):
        self.outermost, self.last, self.kept, self.wrong = None, -1, {}, []

    def __call__(self, execute, sql, params, many, context):
        answer = execute(sql, params, many, context)
        outermost = next(iter(context["connection"].atomic_blocks), None)
        if outermost is not self.outermost:
            self.outermost, self.last, self.locked = outermost, -1, set()
        self.see(str(sql), params)
        return answer

    def see(self, sql, params):
        """One statement, after it was done."""
        if found := SAVEPOINT.match(sql):
            self._savepoint(*found.groups())
        elif sql.startswith("SELECT FROM"):  # planner.locks: several at once, a list of keys for each
            for one, keys in zip(sql.split("; "), params, strict=True):
                self._locked(one, keys)
        else:
            self._locked(sql, params or ())

    def _locked(self, sql, keys):
        if (found := LOCKED.match(sql)) and found[1] in RANKS:
            rank = RANKS[found[1]]
            new = {(rank, key) for key in keys if isinstance(key, int)} - self.locked
            if new and rank < self.last:
                self.wrong.append((found[1], sql[:300]))
            self.last, self.locked = max(rank, self.last), self.locked | new

    def _savepoint(self, what, name):
        if what == "SAVEPOINT":
            self.kept[name] = self.last, self.locked
        else:
            self.last, self.locked = self.kept[name]


@contextmanager
def watched():
    """Watch this thread's connection during one command."""
    watch = Watch()
    with connection.execute_wrapper(watch):
        yield watch
