"""Access to accounts: the link for a password, a colleague's confirmation, what the owner has read."""

from django.contrib import messages
from django.http import HttpResponse
from django.middleware.csrf import get_token
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_POST, require_safe

from clinic import accounts
from clinic.fresh import check_fresh
from clinic.models import User
from clinic.refusals import Refusal
from clinic.returning import next_url


@require_POST
def access_link(request, pk):
    """Send the link that sets a password, or show it this once where no mail server is named."""
    user = get_object_or_404(User, pk=pk)
    link = accounts.give_link(user, by=request.user)
    if link:
        page = {"account": user, "link": request.build_absolute_uri(link)}
        return render(request, "settings/access_link.html", page)
    messages.success(request, f"The link is on its way to {user.email}.")
    return redirect("settings_edit", "accounts", pk)


@require_POST
def access_confirm(request, pk):
    """A colleague confirms, with the password, who uses an account."""
    user = get_object_or_404(accounts.waiting_accounts(), pk=pk)
    try:
        check_fresh(request, request.POST.get("password", ""))
        accounts.confirm_access(user, by=request.user)
        messages.success(request, f"You confirmed that {user} uses this account.")
    except Refusal as refusal:
        messages.error(request, str(refusal))
    return redirect("approval_list")


@require_safe
def access_here(request):
    """Somebody types or points: the session goes on. Say whose it is, and the token of its forms."""
    headers = {"X-Account": str(request.user.pk), "X-CSRFToken": get_token(request)}
    return HttpResponse(status=204, headers=headers)


@require_POST
def access_read(request):
    """The owner has read what others did to the account."""
    accounts.read_access(request.user)
    return redirect(next_url(request) or "today")
