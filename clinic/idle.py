"""Signs a person out who has done nothing for a while: an unattended screen closes itself.

A page that asks for news by itself does nothing; typing and pointing count (app.js tells of them).
"""

import time

from django.conf import settings
from django.contrib.auth import logout
from django.http import HttpResponse
from django.urls import reverse

SEEN = "np_seen"  # of the session: when its person last did something, in seconds
NOTED_EVERY = 60  # seconds; more often would be a write with every page

PASSIVE = ("today_changes", "board_changes")


def idle_sign_out(get_response):
    """End the session after IDLE_MINUTES without a sign of its person; 0 leaves it to SESSION_COOKIE_AGE."""

    def middleware(request):
        most = settings.IDLE_MINUTES * 60
        if not most:
            return get_response(request)
        passive = request.path in {reverse(name) for name in PASSIVE}
        if request.user.is_authenticated:
            _end_or_note(request, most, passive=passive)
        if passive and not request.user.is_authenticated:
            return HttpResponse(status=401)
        return get_response(request)

    return middleware


def _end_or_note(request, most: int, *, passive: bool) -> None:
    now, seen = time.time(), request.session.get(SEEN)
    if seen is not None and now - seen > most:
        logout(request)
    elif seen is None or (not passive and now - seen > NOTED_EVERY):
        request.session[SEEN] = int(now)
