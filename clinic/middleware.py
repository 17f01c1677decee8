"""What every request passes: permission by URL name, short database waits, refusals in words, headers."""

from django.conf import settings
from django.core.exceptions import PermissionDenied
from django.db import connection
from django.shortcuts import render

from clinic.constraints import EVERYWHERE, busy, violated
from clinic.permissions import may
from clinic.refusals import Refusal
from clinic.views.errors import not_done, not_found, too_large

CHUNK, DROPPED_AT_MOST = 2**20, 2**28  # bytes


class PermissionMiddleware:
    """Default deny: a URL name that the matrix does not open to this role answers 403."""

    def __init__(self, get_response):
        self.get_response = get_response

    def __call__(self, request):
        return self.get_response(request)

    def process_view(self, request, view, args, kwargs):
        """Refuse before the view loads anything."""
        name = request.resolver_match.url_name or ""
        if not may(request.user, name):
            raise PermissionDenied(name)


def short_statements(get_response):
    """Web requests wait 2 s for a lock and 5 s for a statement at most; commands are exempt."""

    def middleware(request):
        with connection.cursor() as cursor:
            cursor.execute("SET statement_timeout = '5s'; SET lock_timeout = '2s'")
        return get_response(request)

    return middleware


class refusal_pages:  # noqa: N801 - reads as the other middleware do
    """A refusal that a view did not show beside its form becomes a page in words."""

    def __init__(self, get_response):
        self.get_response = get_response

    def __call__(self, request):
        return self.get_response(request)

    def process_exception(self, request, exception):
        """Turn a Refusal into its page; a long wait for somebody else, wherever it was, into one too."""
        exception = busy(exception) or EVERYWHERE.get(violated(exception)) or exception
        if isinstance(exception, Refusal):
            return render(request, "errors/refusal.html", {"refusal": exception}, status=exception.status)
        return None


def bounded_bodies(get_response):
    """Refuse what is larger than a photo before anybody reads it: a larger body would go to the disk.

    What comes all the same is dropped, as far as that is quick: a browser that is cut off shows no page.
    """

    def middleware(request):
        length = request.META.get("CONTENT_LENGTH") or "0"
        if not length.isdecimal() or int(length) <= settings.FILE_UPLOAD_MAX_MEMORY_SIZE:
            return get_response(request)
        for _ in range(DROPPED_AT_MOST // CHUNK):
            if not request.read(CHUNK):
                break
        return too_large(request)

    return middleware


def plain_answers(get_response):
    """A missing page looks the same in debug; an address that only a button reaches says so in words.

    The second happens to people: a button is pressed after the sign-in ended, and signing in leads there.
    """

    def middleware(request):
        response = get_response(request)
        if settings.DEBUG and response.status_code == 404 and not request.path.startswith("/static/"):
            return not_found(request, None)
        if response.status_code == 405 and request.method == "GET" and not request.htmx:
            return not_done(request, response["Allow"])
        return response

    return middleware


def response_headers(get_response):
    """Nothing that a person saw stays in the browser; no sensor is asked for."""

    def middleware(request):
        response = get_response(request)
        if not request.path.startswith("/static/"):
            response.headers.setdefault("Cache-Control", "no-store")
            response.headers.setdefault(
                "Permissions-Policy", "camera=(), geolocation=(), microphone=(), payment=(), usb=()"
            )
            response.headers.setdefault("Cross-Origin-Resource-Policy", "same-origin")
        return response

    return middleware
