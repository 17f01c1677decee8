"""What belongs to the person who is signed in: their settings, and the help."""

from django.contrib import messages
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods, require_safe

from clinic.accounts import set_own_settings
from clinic.forms.user import UserSettingsForm


@require_http_methods(["GET", "HEAD", "POST"])
def user_settings(request):
    """Keys and colours of the person."""
    known = {"keys_on": request.user.keys_on, "appearance": request.user.appearance}
    form = UserSettingsForm(request.POST if request.method == "POST" else None, initial=known)
    if form.is_valid():
        set_own_settings(request.user, **form.cleaned_data)
        messages.success(request, "Your settings are saved.")
        return redirect("user_settings")
    status = 422 if form.errors else 200
    return render(request, "user/user_settings.html", {"form": form}, status=status)


@require_safe
def help_page(request):
    """Keys, words and colours on one page."""
    return render(request, "user/help.html")
