"""The languages of papers and of the own page: those of patients, and test ones where a setting adds them."""

from django.conf import settings

from patients.models import Patient

# Here to prove pages and papers from right to left. Nobody has reviewed it; no patient's record can name it.
TEST_LANGUAGES = {"ar": "العربية"}


def spoken() -> dict[str, str]:
    """Language code → its name in itself; test languages last, and only where they are switched on."""
    known = {str(code): str(name) for code, name in Patient.Language.choices}
    return known | (TEST_LANGUAGES if settings.TEST_LANGUAGES else {})
