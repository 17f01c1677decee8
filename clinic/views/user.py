"""What belongs to the person who is signed in: their settings, and the help."""

from django.contrib import messages
from django.http import Http404
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from clinic.accounts import locations_of, set_own_settings, switch_location
from clinic.forms.user import UserSettingsForm
from clinic.returning import next_url


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
    context = {"form": form, "places": locations_of(request.user)}
    return render(request, "user/user_settings.html", context, status=status)


@require_POST
def location_switch(request):
    """Work at another location; back to the page that asked."""
    wanted = request.POST.get("location", "")
    known = {str(one.pk): one for one in locations_of(request.user)}
    if wanted not in known:
        raise Http404("not a location of this person")
    switch_location(request.user, known[wanted])
    messages.success(request, f"You work at {known[wanted]} now.")
    return redirect(next_url(request) or "today")


@require_safe
def help_page(request):
    """Keys, words and colours on one page."""
    return render(request, "user/help.html")
