"""Django's PostgreSQL backend, which starts the project's own cluster when nobody listens."""

from pathlib import Path

from django.db.backends.postgresql import base
from django.db.utils import OperationalError as DjangoOperationalError

from . import server
from .places import Places
from .refusals import ClusterRefused

# What libpq says when nobody listens yet. Everything else (a wrong name, a refused login) goes on to the caller.
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
            return super().get_new_connection(conn_params | server.proof(places))
        except base.Database.OperationalError as error:
            if not any(words in str(error).lower() for words in NOBODY_LISTENS):
                raise
        try:
            server.ensure_running(places)
        except ClusterRefused as refused:
            raise DjangoOperationalError(str(refused)) from None
        return super().get_new_connection(conn_params | server.proof(places))
