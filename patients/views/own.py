"""The patient's own pages: open the link, say the birth date, leave. No sign-in of the staff counts here."""

import functools

from allauth.account.adapter import get_adapter
from django.contrib.auth.decorators import login_not_required
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone, translation
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from clinic.refusals import Refusal
from patients import links
from patients.forms.base import refuse
from patients.forms.link import BirthDateForm
from patients.languages import spoken
from patients.models import Patient, PatientLink

COOKIE, LANGUAGE, TEXT_SIZE, PATH = "np_own", "np_own_language", "np_own_text", "/my/"
YEAR = 365 * 24 * 3600  # seconds
STATUS = {"link_unknown": 404, "too_many_tries": 429}
HOME = {
    PatientLink.Purpose.PLAN: "own_plan",
    PatientLink.Purpose.SCREENING: "own_questions",
}  # where each purpose leads after the birth date


def own_view(view):
    """A page open without sign-in: private headers, the language the reader chose."""

    @login_not_required
    @functools.wraps(view)
    def page(request, *args, **kwargs):
        with translation.override(language_of(request)):
            return private(view(request, *args, **kwargs))

    return page


def own_page(view):
    """A page behind the birth date: `request.link` is the open link, times are those of its clinic."""

    @own_view
    @functools.wraps(view)
    def page(request, *args, **kwargs):
        link = links.link_of_visit(request.COOKIES.get(COOKIE, ""))
        if link is None:
            return closed(request, _("This page is closed"), _("Open your link again to come back."), 403)
        request.link = link
        patient = link.patient
        with (
            translation.override(language_of(request, patient)),
            timezone.override(patient.location.time_zone),
        ):
            return view(request, *args, **kwargs)

    return page


def language_of(request, patient: Patient | None = None) -> str:
    """The language chosen on the page, else the patient's, else the browser's."""
    known_here = spoken()
    chosen = request.COOKIES.get(LANGUAGE, "")
    known = patient.language if patient else translation.get_language_from_request(request)[:2]
    return next((code for code in (chosen, known) if code in known_here), Patient.Language.ENGLISH.value)


def private(response: HttpResponse) -> HttpResponse:
    """Nothing is kept, indexed or passed on to the next page."""
    response.headers["Cache-Control"] = "no-store, private"
    response.headers["Referrer-Policy"] = "strict-origin"  # never the path, which may hold the secret
    response.headers["X-Robots-Tag"] = "noindex, nofollow, noarchive"
    return response


def own_context(request, **more) -> dict:
    """What the frame of the own pages needs."""
    patient = request.link.patient
    return {"link": request.link, "patient": patient, "place": patient.location} | more


def closed(request, title: str, text: str, status: int, place=None) -> HttpResponse:
    """A page that leads nowhere: what happened and whom to call."""
    context = {"title": title, "text": text, "place": place}
    return render(request, "own/closed.html", context, status=status)


@require_http_methods(["GET", "HEAD", "POST"])
@own_view
def own_open(request, token):
    """Ask for the birth date and name nobody before; looking at it changes nothing."""
    try:
        link = links.open_link(token)
    except Refusal as refusal:
        return closed(request, refusal.sentence, refusal.next_step, STATUS.get(refusal.code, 410))
    form, status = BirthDateForm(request.POST if request.method == "POST" else None), 200
    if request.method == "POST":
        status = 422
        if form.is_valid():
            try:
                return _come_in(request, token, form.cleaned_data["born"])
            except Refusal as refusal:
                status = STATUS.get(refusal.code, refuse(form, refusal))
    return render(request, "own/open.html", {"form": form, "place": link.patient.location}, status=status)


@own_page
@require_safe
def own_home(request):
    """Lead to the page that the link is for."""
    return redirect(HOME[request.link.purpose])


@own_page
@require_POST
def own_leave(request):
    """End the stay: the back button shows nothing any more, the link still works."""
    links.leave(request.COOKIES[COOKIE])
    return _left(request, _("You have left your page"), _("To come back, open your link again."))


@own_page
@require_POST
def own_end(request):
    """The patient ends the link for good."""
    links.revoke_link(request.link, by=None)
    return _left(request, _("Your link is ended"), _("Nobody can open it any more. Call us for a new one."))


@require_POST
@own_view
def own_language(request):
    """Change the language of the own pages in this browser."""
    response = _back(request)
    if (language := request.POST.get("language", "")) in spoken():
        response.set_cookie(LANGUAGE, language, **_cookie(request))
    return response


@require_POST
@own_view
def own_text_size(request):
    """Larger letters on the own pages in this browser, or the usual ones again; kept for a year."""
    response = _back(request)
    if request.POST.get("size") == "large":
        response.set_cookie(TEXT_SIZE, "large", max_age=YEAR, **_cookie(request))
    else:
        response.delete_cookie(TEXT_SIZE, path=PATH, samesite="Lax")
    return response


def _back(request) -> HttpResponse:
    """To the page that asked, if it is one of ours."""
    wanted = request.POST.get("next", "")
    on_site = url_has_allowed_host_and_scheme(wanted, allowed_hosts=None)
    return redirect(wanted if on_site and wanted.startswith(PATH) else "own_home")


def _come_in(request, token: str, born) -> HttpResponse:
    key = links.come_in(token, birth_date=born, address=get_adapter().get_client_ip(request))
    response = redirect("own_home")
    response.set_cookie(COOKIE, key, **_cookie(request))
    return response


def _cookie(request) -> dict:
    """Until the browser closes, for the own pages only, out of reach of scripts."""
    return {"path": PATH, "httponly": True, "samesite": "Lax", "secure": request.is_secure()}


def _left(request, title: str, text: str) -> HttpResponse:
    response = closed(request, title, text, 200, place=request.link.patient.location)
    response.delete_cookie(COOKIE, path=PATH, samesite="Lax")
    response.headers["Clear-Site-Data"] = '"cache"'
    return response
