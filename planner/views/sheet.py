"""Aftercare sheets as they were issued: as a page, as the stored PDF."""

from django.http import HttpResponse
from django.shortcuts import get_object_or_404, render
from django.views.decorators.http import require_safe

from clinic import clock
from clinic.permissions import may
from planner.codes import code_for
from planner.queries.sessions import sheet_rows


@require_safe
def sheet_detail(request, pk):
    """The sheet from its frozen content, in its own language, to read and to print."""
    sheet = get_object_or_404(sheet_rows(request.user.location).defer("pdf"), pk=pk)
    context = {
        "sheet": sheet,
        "content": sheet.content,
        "location": sheet.session.appointment.location,
        "may_read_record": may(request.user, "session_detail"),
        "code": code_for(sheet.patient, language=sheet.content["language"], at=clock.now()),
    }
    return render(request, "sheets/detail.html", context)


@require_safe
def sheet_pdf(request, pk):
    """The very bytes that were given; `?download=1` saves them."""
    sheet = get_object_or_404(sheet_rows(request.user.location).defer("content"), pk=pk)
    response = HttpResponse(bytes(sheet.pdf), content_type="application/pdf")
    how = "attachment" if request.GET.get("download") else "inline"
    response["Content-Disposition"] = (
        f'{how}; filename="aftercare-{sheet.patient.record_number}-{sheet.pk}.pdf"'
    )
    return response
