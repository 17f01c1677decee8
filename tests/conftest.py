"""Fixtures for every test: a clean cache, plain static files."""

import pytest


@pytest.fixture(autouse=True)
def _clean_cache(request):
    """allauth's rate limits live in the cache; one test must not lock out the next."""
    yield
    if "db" in request.fixturenames or "transactional_db" in request.fixturenames:
        from django.core.cache import cache

        cache.clear()
