"""The own consent behind the link: read again what was signed, take it back in two steps."""

import uuid

from django.http import Http404
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods, require_safe

from clinic import clock
from clinic.refusals import Refusal
from patients.consents import own_consents
from patients.models import Consent
from planner import own
from planner.forms.own import KeyForm
from planner.queries.midcourse import courses_of_consent
from planner.views.own import framed, plan_page, show_plan


@plan_page
@require_safe
def own_consent(request, pk):
    """The very text that was signed, in the language it was signed in."""
    return render(request, "own/consent.html", framed(request, "plan", consent=_consent(request, pk)))


@plan_page
@require_http_methods(["GET", "HEAD", "POST"])
def own_withdraw(request, pk):
    """What taking it back means, then the press of the button; looking changes nothing."""
    if request.method == "POST":
        form = KeyForm(request.POST)
        if not form.is_valid():
            return redirect("own_withdraw", pk)
        try:
            own.withdraw_consent(request.link, _any_consent(request, pk), key=form.cleaned_data["key"])
        except Refusal as refusal:
            return show_plan(request, refusal=refusal)
        return render(request, "own/withdrawn.html", framed(request, "plan"))
    consent = _consent(request, pk)
    courses = courses_of_consent(consent, clock.now())
    visits = [visit for one in courses for visit in one.visits]
    form = KeyForm(initial={"key": uuid.uuid4()})
    context = framed(request, "plan", consent=consent, courses=courses, visits=visits, form=form)
    return render(request, "own/withdraw.html", context)


def _consent(request, pk: int) -> Consent:
    """A consent of the patient's own that stands; any other does not exist here."""
    found = next((one for one in own_consents(request.link.patient) if one.pk == pk), None)
    if found is None:
        raise Http404
    return found


def _any_consent(request, pk: int) -> Consent:
    """Also one that was taken back meanwhile, so that it can be said."""
    found = request.link.patient.consents.select_related("indication").filter(pk=pk).first()
    if found is None:
        raise Http404
    return found
