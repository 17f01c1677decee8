"""Aftercare sheets as they were issued: as a page, as the stored PDF, and how they were handed over."""

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.http import url_has_allowed_host_and_scheme
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from clinic import clock
from clinic.permissions import may
from clinic.refusals import Refusal
from patients.contact import way_to
from patients.forms.base import refuse
from patients.views.link import address_page
from planner import handing
from planner.codes import code_for
from planner.forms.sheet import HandOverForm, PrintForm
from planner.queries.sessions import sheet_rows
from planner.queries.sheets import chosen_sheets, handovers_of, sheets_of_day

TEXT_SIZE = "np_sheet_text"


@require_safe
def sheet_detail(request, pk):
    """The sheet from its frozen content, in its own language, to read, to print, to hand over."""
    return _page(request, _sheet(request, pk))


@require_safe
def sheet_pdf(request, pk):
    """The very bytes that were given; `?download=1` saves them."""
    sheet = get_object_or_404(sheet_rows(request.user.location).defer("content"), pk=pk)
    return _pdf(bytes(sheet.pdf), sheet, "attachment" if request.GET.get("download") else "inline")


@require_POST
def sheet_text_size(request):
    """Larger letters on every sheet read in this browser, or the usual ones again; kept for a year."""
    wanted = request.POST.get("next", "")
    own = wanted.startswith("/") and url_has_allowed_host_and_scheme(wanted, allowed_hosts=None)
    response = redirect(wanted if own else "sheet_today")
    if request.POST.get("size") == "large":
        how = {"httponly": True, "samesite": "Lax", "secure": request.is_secure()}
        response.set_cookie(TEXT_SIZE, "large", max_age=365 * 24 * 3600, **how)
    else:
        response.delete_cookie(TEXT_SIZE, samesite="Lax")
    return response


@require_POST
def sheet_print(request, pk):
    """The sheet for the printer in the chosen paper and size, recorded as printed."""
    sheet = get_object_or_404(sheet_rows(request.user.location), pk=pk)
    form = PrintForm(request.POST)
    if not form.is_valid():
        return _page(request, sheet, printing=form, status=422)
    return _pdf(handing.print_sheet(sheet, by=request.user, **form.cleaned_data), sheet, "inline")


@require_POST
def sheet_hand_over(request, pk):
    """Another way than paper: a link by e-mail, a link shown, not wanted."""
    sheet, form = _sheet(request, pk), HandOverForm(request.POST)
    if not form.is_valid():
        return _page(request, sheet, handing_over=form, status=422)
    try:
        if form.cleaned_data["how"] == "link":
            return address_page(request, *handing.show_link(sheet, by=request.user))
        if form.cleaned_data["how"] == "mailed":
            handing.mail_sheet(sheet, by=request.user)
            messages.success(request, f"The link goes to {way_to(sheet.patient).masked}.")
        else:
            handing.refuse_sheet(sheet, note=form.cleaned_data["note"], by=request.user)
            messages.success(request, "Recorded: not wanted.")
    except Refusal as refusal:
        return _page(request, sheet, handing_over=form, status=refuse(form, refusal))
    return redirect("sheet_detail", pk)


@require_http_methods(["GET", "HEAD", "POST"])
def sheet_today(request):
    """The sheets of today's visits with what happened to each; print the chosen ones in one go."""
    location, status, refusal = request.user.location, 200, None
    day = clock.local_date(clock.now(), location.time_zone)
    if request.method == "POST":
        chosen = chosen_sheets(location, day, request.POST.getlist("sheets"))
        try:
            pdf = handing.print_sheets(chosen, by=request.user)
        except Refusal as no:
            refusal, status = no, no.status
        else:
            response = HttpResponse(pdf, content_type="application/pdf")
            response["Content-Disposition"] = f'inline; filename="aftercare-{day}.pdf"'
            return response
    rows = list(sheets_of_day(location, day))
    context = {"location": location, "day": day, "rows": rows, "refusal": refusal}
    return render(request, "sheets/today.html", context, status=status)


def _sheet(request, pk):
    return get_object_or_404(sheet_rows(request.user.location).defer("pdf"), pk=pk)


def _page(request, sheet, *, printing=None, handing_over=None, status=200):
    location = sheet.session.appointment.location
    context = {
        "sheet": sheet,
        "content": sheet.content,
        "location": location,
        "may_read_record": may(request.user, "session_detail"),
        "code": code_for(sheet.patient, language=sheet.content["language"], at=clock.now()),
        "handovers": handovers_of(sheet),
        "printing": printing or PrintForm(initial={"paper": location.paper, "points": "12"}),
        "handing_over": handing_over or HandOverForm(),
        "form": handing_over or printing,
    }
    return render(request, "sheets/detail.html", context, status=status)


def _pdf(pdf: bytes, sheet, how: str) -> HttpResponse:
    response = HttpResponse(pdf, content_type="application/pdf")
    response["Content-Disposition"] = (
        f'{how}; filename="aftercare-{sheet.patient.record_number}-{sheet.pk}.pdf"'
    )
    return response
