"""Reading environment variables; a bad value stops the start in words."""

import os
import re

from django.core.exceptions import ImproperlyConfigured

_HOST = re.compile(r"[a-z0-9]([a-z0-9.-]*[a-z0-9])?|\[[0-9a-f:.]+\]", re.IGNORECASE)
TRUE, FALSE = {"1", "true", "yes", "on"}, {"", "0", "false", "no", "off"}


def env_bool(name: str, default: bool = False) -> bool:
    """Return a switch from the environment; anything but a plain yes or no is refused."""
    value = os.environ.get(name, "1" if default else "").strip().lower()
    if value in TRUE | FALSE:
        return value in TRUE
    raise ImproperlyConfigured(f"{name} must be 1 or 0, not {value!r}.")


def env_int(name: str, default: int) -> int:
    """Return a whole number from the environment."""
    value = os.environ.get(name, "").strip()
    if not value:
        return default
    if value.isdecimal():
        return int(value)
    raise ImproperlyConfigured(f"{name} must be a whole number, not {value!r}.")


def env_list(name: str) -> list[str]:
    """Return a comma-separated list from the environment."""
    return [part.strip() for part in os.environ.get(name, "").split(",") if part.strip()]


def env_hosts(name: str) -> list[str]:
    """Return host names; one that would never answer, or would answer under any name, stops the start."""
    hosts = env_list(name)
    for host in hosts:
        if not _HOST.fullmatch(host):
            raise ImproperlyConfigured(
                f"{name} must be names such as clinic.example, separated by commas, not {host!r}: "
                "no *, no https://, no port, no path."
            )
    return hosts


def env_secret(name: str, debug: bool) -> str:
    """Return a secret; only a debug run may do without one."""
    value = os.environ.get(name, "")
    if value or debug:
        return value or "only-for-debug-never-in-production-0123456789-abcdefghij"
    raise ImproperlyConfigured(f"Set {name} to a long random text. It signs the sessions.")
