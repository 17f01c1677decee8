"""The embedded PostgreSQL of development and tests; with DATABASE_URL set nothing here is ever started."""

import os
from pathlib import Path

from .places import Places


def database_settings(project: Path) -> dict[str, object]:
    """Return Django's settings of the default database; reads the environment, starts nothing.

    DATABASE_URL names a server of one's own. Without it the engine is this package, which starts the
    project's own cluster when the first connection finds nobody listening.
    """
    url = os.environ.get("DATABASE_URL")
    settings = _given(url) if url else _embedded(project)
    settings["TEST"] = {"NAME": os.environ.get("TEST_DATABASE_NAME", "test_needleplan")}
    return settings


def _given(url: str) -> dict[str, object]:
    import dj_database_url
    from django.core.exceptions import ImproperlyConfigured

    try:
        settings = dict(dj_database_url.parse(url, conn_max_age=60, conn_health_checks=True))
    except ValueError:
        settings = {}
    if settings.get("ENGINE") != "django.db.backends.postgresql" or not settings["NAME"]:
        # The address holds a password: it is not repeated.
        raise ImproperlyConfigured(
            "DATABASE_URL must name a PostgreSQL database, such as postgres://user:password@host:5432/name "
            "(signs of a password as %40 and the like)."
        )
    return settings


def _embedded(project: Path) -> dict[str, object]:
    places = Places(project)
    return {
        "ENGINE": "clinic.postgres",
        "NAME": os.environ.get("DATABASE_NAME", places.database),
        "USER": places.role,
        "PASSWORD": "",
        "HOST": str(places.sockets),
        "PORT": places.port,
        "CONN_MAX_AGE": 60,
        "CONN_HEALTH_CHECKS": True,  # else a restart of PostgreSQL costs one error page per worker
        "PROJECT": str(places.project),
    }
