"""Django's PostgreSQL backend, which starts the project's own cluster when nobody listens."""

from pathlib import Path

from django.db.backends.postgresql import base

from . import server
from .places import Places
from .refusals import ClusterRefused

# What libpq says when nobody listens yet. Everything else (a wrong name, a refused login) is the caller's.
NOBODY_LISTENS = (
    "connection refused",
    "no such file or directory",
    "the database system is starting up",
    "the database system is not yet accepting connections",
    "the database system is in recovery mode",
)


class DatabaseWrapper(base.DatabaseWrapper):
    """A connection to the embedded cluster; it ensures the server once and connects again."""

    def get_new_connection(self, conn_params):
        places = Places(Path(self.settings_dict["PROJECT"]))
        try:
            if places.home is not None:
                return super().get_new_connection(conn_params | server.proof(places))
        except base.Database.OperationalError as error:
            if not any(words in str(error).lower() for words in NOBODY_LISTENS):
                raise
        except ClusterRefused as refused:
            raise base.Database.OperationalError(str(refused)) from refused
        return self._connect_after_start(conn_params, places)

    def _connect_after_start(self, conn_params, places):
        try:
            server.ensure_running(places)
            return super().get_new_connection(conn_params | server.proof(places))
        except ClusterRefused as refused:
            raise base.Database.OperationalError(str(refused)) from refused
