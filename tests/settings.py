"""The product's settings, with a fast password hasher and mail kept in memory."""

import os

os.environ.setdefault("NEEDLEPLAN_DEBUG", "1")

from clinic.settings import *  # noqa: E402, F403

PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
EMAIL_BACKEND = "django.core.mail.backends.locmem.EmailBackend"
LOGGING = {}
DATABASES["default"]["CONN_MAX_AGE"] = 0  # noqa: F405 - threads of the live server keep no connection
# A test database may be lost: its sessions need not wait for the disk. The server itself is left as it is.
DATABASES["default"].setdefault("OPTIONS", {}).setdefault("options", "-c synchronous_commit=off")  # noqa: F405
IDLE_MINUTES = 0  # tests travel in time; tests/clinic/test_idle.py sets it
WHITENOISE_AUTOREFRESH = True  # no collected files while testing
