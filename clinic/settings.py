"""All settings. What differs between machines comes from the environment (docs/operations.md)."""

import os
from pathlib import Path

from csp.constants import NONE, SELF

from clinic.environment import env_bool, env_hosts, env_int, env_secret
from clinic.postgres import database_settings

BASE_DIR = Path(__file__).resolve().parent.parent
DEBUG = env_bool("NEEDLEPLAN_DEBUG")
SECRET_KEY = env_secret("NEEDLEPLAN_SECRET_KEY", DEBUG)
ALLOWED_HOSTS = env_hosts("NEEDLEPLAN_HOSTS") or (["127.0.0.1", "localhost"] if DEBUG else [])
CSRF_TRUSTED_ORIGINS = [f"https://{host}" for host in ALLOWED_HOSTS if not DEBUG]

INSTALLED_APPS = [
    "clinic",
    "patients",
    "planner",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "whitenoise.runserver_nostatic",
    "django.contrib.staticfiles",
    "django.contrib.postgres",
    "django.forms",
    "allauth",
    "allauth.account",
    "crispy_forms",
    "crispy_bootstrap5",
    "csp",
    "django_htmx",
    "phonenumber_field",
    "pgtrigger",
]

MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "csp.middleware.CSPMiddleware",
    "clinic.middleware.response_headers",
    "clinic.middleware.bounded_bodies",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.locale.LocaleMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "clinic.idle.idle_sign_out",
    "django.contrib.auth.middleware.LoginRequiredMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
    "clinic.middleware.plain_answers",
    "clinic.middleware.PermissionMiddleware",
    "clinic.middleware.short_statements",
    "clinic.middleware.refusal_pages",
    "patients.middleware.MergedFiles",
]

ROOT_URLCONF = "clinic.urls"
WSGI_APPLICATION = "clinic.wsgi.application"
TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [BASE_DIR / "templates"],
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "clinic.navigation.navigation",
            ],
        },
    }
]
FORM_RENDERER = "django.forms.renderers.TemplatesSetting"
CRISPY_ALLOWED_TEMPLATE_PACKS = CRISPY_TEMPLATE_PACK = "bootstrap5"

DATABASES = {"default": database_settings(BASE_DIR)}
CACHES = {"default": {"BACKEND": "django.core.cache.backends.db.DatabaseCache", "LOCATION": "clinic_cache"}}
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"
MIGRATION_MODULES: dict[str, str] = {}

# Sign-in: by e-mail, sign-up closed, argon2. allauth's own limits slow guessing down.
AUTH_USER_MODEL = "clinic.User"
AUTHENTICATION_BACKENDS = ["allauth.account.auth_backends.AuthenticationBackend"]
PASSWORD_HASHERS = ["django.contrib.auth.hashers.Argon2PasswordHasher"]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator"},
    {
        "NAME": "django.contrib.auth.password_validation.MinimumLengthValidator",
        "OPTIONS": {"min_length": 12},
    },
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
]
ACCOUNT_ADAPTER = "clinic.adapter.ClosedSignupAdapter"
ACCOUNT_LOGIN_METHODS = {"email"}
ACCOUNT_SIGNUP_FIELDS = ["email*", "password1*", "password2*"]
ACCOUNT_USER_MODEL_USERNAME_FIELD = None
ACCOUNT_EMAIL_VERIFICATION = "none"
ACCOUNT_LOGOUT_REDIRECT_URL = "account_login"
ACCOUNT_PREVENT_ENUMERATION = True
ACCOUNT_EMAIL_UNKNOWN_ACCOUNTS = False  # strangers get no mail from us
# Ten wrong passwords an hour for one account. A whole clinic comes from one address: who guesses there, or
# types badly, keeps no colleague out.
ACCOUNT_RATE_LIMITS = {"login": "120/m/ip", "login_failed": "100/m/ip,5/5m/key,10/h/key"}
LOGIN_URL = "account_login"
LOGIN_REDIRECT_URL = "today"
SESSION_EXPIRE_AT_BROWSER_CLOSE = True
SESSION_COOKIE_AGE = 8 * 60 * 60
IDLE_MINUTES = env_int("NEEDLEPLAN_IDLE_MINUTES", 15)  # without a sign of the person; 0: never
SESSION_COOKIE_SAMESITE = CSRF_COOKIE_SAMESITE = "Lax"
MESSAGE_STORAGE = "django.contrib.messages.storage.session.SessionStorage"

# Which app counts what waits in a section of the sidebar.
NAVIGATION_COUNTS = {"screening": "patients.queries.waiting_count"}
# Which app says what a screening means for courses under way.
SCREENING_AFTER = "planner.queries.midcourse.after_screening"
# Which app lets courses follow, in the same transaction, what is written about a patient's safety.
COURSES_FOLLOW = "planner.midcourse.courses_follow"

PHONENUMBER_DEFAULT_REGION = "GB"  # how a number without a country code is read

# Where patients find the site, for addresses in mails; how many proxies stand in front and name the visitor.
PUBLIC_URL = os.environ.get("NEEDLEPLAN_URL", "").rstrip("/") or (
    f"http://127.0.0.1:{os.environ.get('PORT', '8000')}"
    if DEBUG
    else f"https://{next(iter(ALLOWED_HOSTS), '')}"
)
ALLAUTH_TRUSTED_PROXY_COUNT = env_int("NEEDLEPLAN_PROXIES", 0)

LANGUAGE_CODE = "en-gb"
LANGUAGES = [("en", "English"), ("es", "Español")]
# Arabic: texts that nobody has reviewed, to prove papers and pages from right to left. Never for patients.
TEST_LANGUAGES = env_bool("NEEDLEPLAN_TEST_LANGUAGES")
if TEST_LANGUAGES:
    LANGUAGES.append(("ar", "العربية"))
LOCALE_PATHS = [BASE_DIR / "clinic" / "locale"]
USE_TZ = True
TIME_ZONE = "UTC"  # storage and fallback only: pages show the location's own zone

# A photo comes as one file of at most 20 MB and stays in memory: what it carries never reaches a disk.
# Nothing larger is read (clinic.middleware.bounded_bodies).
FILE_UPLOAD_MAX_MEMORY_SIZE = 22 * 1024 * 1024

STATIC_URL = "static/"
STATIC_ROOT = BASE_DIR / "staticfiles"
WHITENOISE_USE_FINDERS = DEBUG
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {
        "BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"
        if DEBUG
        else "whitenoise.storage.CompressedManifestStaticFilesStorage"
    },
}

# Nothing from another origin, nothing inline.
CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": [NONE],
        "script-src": [SELF],
        "style-src": [SELF],
        "img-src": [SELF, "data:"],
        "font-src": [SELF],
        "connect-src": [SELF],
        "form-action": [SELF],
        "base-uri": [NONE],
        "frame-ancestors": [NONE],
        "manifest-src": [SELF],
    }
}
SECURE_CONTENT_TYPE_NOSNIFF = True
SECURE_REFERRER_POLICY = "same-origin"
X_FRAME_OPTIONS = "DENY"
SESSION_COOKIE_HTTPONLY = True
if not DEBUG:
    SECURE_SSL_REDIRECT = env_bool("NEEDLEPLAN_HTTPS", default=True)
    SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = SECURE_SSL_REDIRECT
    SECURE_HSTS_SECONDS = 31536000
    SECURE_HSTS_INCLUDE_SUBDOMAINS = SECURE_HSTS_PRELOAD = True
    SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")
    SECURE_REDIRECT_EXEMPT = [r"^health/$"]
CSRF_FAILURE_VIEW = "clinic.views.errors.csrf_failure"

# Mail goes out over SMTP where a server is named; without one it is written to the terminal.
EMAIL_HOST = os.environ.get("NEEDLEPLAN_SMTP_HOST", "")
EMAIL_PORT = env_int("NEEDLEPLAN_SMTP_PORT", 587)
EMAIL_HOST_USER = os.environ.get("NEEDLEPLAN_SMTP_USER", "")
EMAIL_HOST_PASSWORD = os.environ.get("NEEDLEPLAN_SMTP_PASSWORD", "")
EMAIL_USE_TLS = EMAIL_PORT == 587
EMAIL_USE_SSL = EMAIL_PORT == 465
EMAIL_TIMEOUT = 10  # seconds
EMAIL_BACKEND = f"django.core.mail.backends.{'smtp' if EMAIL_HOST else 'console'}.EmailBackend"
EMAIL_IS_ON = DEBUG or bool(EMAIL_HOST)  # patients' mails are not written into a real clinic's log
DEFAULT_FROM_EMAIL = os.environ.get("NEEDLEPLAN_MAIL_FROM", "") or "clinic@localhost"

# Text messages to patients: the class of a gateway (clinic.sms); without one they are off.
SMS_GATEWAY = os.environ.get("NEEDLEPLAN_SMS_GATEWAY", "")
SMS_FOLDER = os.environ.get("NEEDLEPLAN_SMS_FOLDER", "") or BASE_DIR / "var" / "sms"  # of clinic.sms.FileDrop

# Log lines name what happened, never whom it happened to: no request bodies, no database DETAIL.
LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "filters": {"no_patient_data": {"()": "clinic.logs.NoPatientData"}},
    "formatters": {"line": {"()": "clinic.logs.Line"}},
    "handlers": {
        "stderr": {"class": "logging.StreamHandler", "formatter": "line", "filters": ["no_patient_data"]}
    },
    "root": {"handlers": ["stderr"], "level": "INFO"},
    # Django brings a handler of its own for both: it would write what the filter takes out.
    "loggers": {
        name: {"handlers": ["stderr"], "level": "INFO", "propagate": False}
        for name in ("django", "django.server")
    },
}
