"""Where a page goes back to: the `next` of its address, if it is a page of ours."""

from django.utils.http import url_has_allowed_host_and_scheme


def next_url(request) -> str:
    """Return the `next` of the address when it is a path on this site, else an empty text.

    A path, since `redirect` would take a bare word for the name of a page.
    """
    wanted = request.GET.get("next", "")
    safe = url_has_allowed_host_and_scheme(
        wanted, allowed_hosts={request.get_host()}, require_https=request.is_secure()
    )
    return wanted if safe and wanted.startswith("/") else ""
