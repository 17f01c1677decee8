"""The patient's own pages behind the birth date: the plan, aftercare with today's advice, the sheets."""

import functools

from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import get_language
from django.views.decorators.http import require_safe

from clinic import clock
from clinic.refusals import Refusal
from patients.consents import own_consents
from patients.languages import spoken
from patients.models import PatientLink
from patients.queries import open_questionnaire
from patients.views.own import HOME, own_context, own_page
from patients.views.phone import Asked
from planner.calendars import calendar_file, calendar_title
from planner.engine.aftercare.advice import rows_on
from planner.queries import own as queries
from planner.telling import UNDO_MINUTES


def plan_page(view):
    """A page of the links that open the whole plan; the others lead where they are for."""

    @own_page
    @functools.wraps(view)
    def page(request, *args, **kwargs):
        if request.link.purpose != PatientLink.Purpose.PLAN:
            return redirect(HOME[request.link.purpose])
        return view(request, *args, **kwargs)

    return page


def framed(request, tab: str, **more) -> dict:
    """What every page of the plan needs: the frame, and which tabs there are."""
    sheets = queries.own_sheets(request.link.patient)
    questions = Asked.of(request, open_questionnaire(request.link.patient))
    return own_context(request, tab=tab, has_sheets=sheets.exists(), questions=questions, **more)


@plan_page
@require_safe
def own_plan(request):
    """The next visit, what to do before it, today's advice, all visits."""
    return show_plan(request)


def show_plan(request, refusal: Refusal | None = None) -> HttpResponse:
    """The plan as it is now, with the sentence of a command that refused."""
    patient, now = request.link.patient, clock.now()
    courses = queries.own_courses(patient, get_language(), now)
    ahead = next((one for one in courses if one.next), None)
    sheet = queries.own_sheets(patient).defer("pdf").first()
    context = framed(
        request,
        "plan",
        courses=courses,
        ahead=ahead,
        before=queries.prepare_for(ahead.next, get_language()) if ahead and ahead.next.number else None,
        sheet=sheet,
        today=queries.todays_advice(sheet, now) if sheet else None,
        consents=own_consents(patient),
        cancelled=queries.own_cancellations(patient, now, UNDO_MINUTES),
        reports=queries.own_problems(patient).filter(at__gt=now - queries.SHOWN_FOR),
        undo_minutes=UNDO_MINUTES,
        refusal=refusal,
    )
    return render(request, "own/plan.html", context, status=refusal.status if refusal else 200)


@plan_page
@require_safe
def own_aftercare(request):
    """The newest sheet."""
    return _sheet_page(request, queries.own_sheets(request.link.patient).defer("pdf").first())


@plan_page
@require_safe
def own_sheet(request, pk):
    """One of the patient's own sheets; somebody else's does not exist here."""
    return _sheet_page(
        request, get_object_or_404(queries.own_sheets(request.link.patient).defer("pdf"), pk=pk)
    )


@plan_page
@require_safe
def own_sheet_pdf(request, pk):
    """The very bytes that were given on paper."""
    sheet = get_object_or_404(queries.own_sheets(request.link.patient).defer("content"), pk=pk)
    response = HttpResponse(bytes(sheet.pdf), content_type="application/pdf")
    response["Content-Disposition"] = f'inline; filename="aftercare-{sheet.pk}.pdf"'
    return response


@plan_page
@require_safe
def own_calendar(request):
    """The visits that are ahead, and those called off, for the phone's calendar."""
    patient, now = request.link.patient, clock.now()
    return calendar_response(queries.calendar_of(patient, now), patient.location, now)


def calendar_response(visits, location, now) -> HttpResponse:
    """A calendar file in the language of the page; it names the clinic and the visit, nothing else."""
    file = calendar_file(visits, title=calendar_title(location), at=now)
    response = HttpResponse(file, content_type="text/calendar")
    response["Content-Type"] = "text/calendar; charset=utf-8"
    response["Content-Disposition"] = 'attachment; filename="visits.ics"'
    return response


def given_in(language: str) -> str:
    """The language a sheet was given in by its own name; "" if it is that of the page."""
    return "" if language == get_language() else spoken().get(language, language)


def _sheet_page(request, sheet) -> HttpResponse:
    now, patient = clock.now(), request.link.patient
    context = framed(request, "aftercare", sheet=sheet)
    if sheet:
        zone = sheet.session.appointment.location.time_zone
        context |= {
            "content": sheet.content,
            "given_in": given_in(sheet.content["language"]),
            "today": queries.todays_advice(sheet, now),
            "rows": rows_on(sheet.content, clock.local_date(now, zone)),
            "others": queries.own_sheets(patient).exclude(pk=sheet.pk).defer("pdf", "content"),
        }
    return render(request, "own/aftercare.html", context)
