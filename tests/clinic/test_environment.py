"""Environment variables are read strictly."""

import pytest
from django.core.exceptions import ImproperlyConfigured

from clinic.environment import env_bool, env_hosts, env_int, env_list, env_secret


@pytest.mark.parametrize(
    ("value", "expected"),
    [("1", True), ("Yes", True), ("on", True), ("0", False), ("", False), ("off", False)],
)
def test_env_bool_reads_plain_words(monkeypatch, value, expected):
    monkeypatch.setenv("A_SWITCH", value)
    assert env_bool("A_SWITCH") is expected


def test_env_bool_refuses_anything_else(monkeypatch):
    monkeypatch.setenv("A_SWITCH", "maybe")
    with pytest.raises(ImproperlyConfigured, match="A_SWITCH must be 1 or 0, not 'maybe'"):
        env_bool("A_SWITCH")


def test_env_bool_keeps_its_default_when_unset(monkeypatch):
    monkeypatch.delenv("A_SWITCH", raising=False)
    assert (env_bool("A_SWITCH"), env_bool("A_SWITCH", default=True)) == (False, True)


def test_env_int_reads_refuses_and_defaults(monkeypatch):
    monkeypatch.setenv("A_NUMBER", "465")
    assert env_int("A_NUMBER", 587) == 465
    monkeypatch.setenv("A_NUMBER", "")
    assert env_int("A_NUMBER", 587) == 587
    monkeypatch.setenv("A_NUMBER", "many")
    with pytest.raises(ImproperlyConfigured, match="A_NUMBER must be a whole number"):
        env_int("A_NUMBER", 587)


def test_env_list_splits_and_trims(monkeypatch):
    monkeypatch.setenv("HOSTS", " a.example, ,b.example ")
    assert env_list("HOSTS") == ["a.example", "b.example"]


def test_env_secret_is_required_outside_debug(monkeypatch):
    monkeypatch.delenv("A_SECRET", raising=False)
    with pytest.raises(ImproperlyConfigured, match="Set A_SECRET"):
        env_secret("A_SECRET", debug=False)
    assert env_secret("A_SECRET", debug=True).startswith("only-for-debug")


@pytest.mark.parametrize(
    "value",
    ["*", ".clinic.example", "https://clinic.example", "clinic.example:8000", "clinic.example/desk", "a b"],
)
def test_env_hosts_refuses_what_is_no_name_or_every_name(monkeypatch, value):
    monkeypatch.setenv("HOSTS", f"plan.example, {value}")
    with pytest.raises(ImproperlyConfigured, match="HOSTS must be names such as clinic.example") as refused:
        env_hosts("HOSTS")
    assert repr(value) in str(refused.value)


def test_env_hosts_reads_names_and_addresses(monkeypatch):
    monkeypatch.setenv("HOSTS", "Plan.clinic.example, 192.0.2.7,[::1],localhost")
    assert env_hosts("HOSTS") == ["Plan.clinic.example", "192.0.2.7", "[::1]", "localhost"]
