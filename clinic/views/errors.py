"""Error pages in words."""

import logging
import secrets

from django.shortcuts import render

from clinic.accounts import manager_at

logger = logging.getLogger("needleplan.errors")


def csrf_failure(request, reason=""):
    """The form was open too long, or came from another page."""
    return render(request, "errors/csrf.html", status=403)


def bad_request(request, exception):
    """The address or the form cannot be read."""
    return render(request, "400.html", status=400)


def too_large(request):
    """More than any form of ours takes; without the request: its body is gone, its sender unknown."""
    return render(None, "413.html", status=413)


def forbidden(request, exception):
    """This role may not open the page; the manager who could change that is named."""
    manager = manager_at(request.user.location) if request.user.is_authenticated else None
    return render(request, "403.html", {"manager": manager}, status=403)


def not_found(request, exception):
    """No such page, or not for this person."""
    return render(request, "404.html", status=404)


def not_done(request, allowed):
    """The address does something and shows nothing; coming here by link or after signing in did nothing."""
    response = render(request, "405.html", status=405)
    response["Allow"] = allowed
    return response


def server_error(request):
    """A bug: the page shows a reference that is in the log."""
    reference = f"E-{secrets.token_hex(3).upper()}"
    logger.error("server error %s at %s", reference, request.path, extra={"reference": reference})
    # Without the request: the frame asks the database, which may be what broke.
    return render(None, "500.html", {"reference": reference}, status=500)
