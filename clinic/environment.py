"""Reading environment variables; a bad value stops the start in words."""

import os

from django.core.exceptions import ImproperlyConfigured

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


def env_secret(name: str, debug: bool) -> str:
    """Return a secret; only a debug run may do without one."""
    value = os.environ.get(name, "")
    if value or debug:
        return value or "only-for-debug-never-in-production-0123456789-abcdefghij"
    raise ImproperlyConfigured(f"Set {name} to a long random text. It signs the sessions.")
