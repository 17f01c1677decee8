"""Editing drafts of aftercare texts: every block with its reading grade, one with a live preview."""

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from clinic.refusals import Refusal
from patients.forms.base import refuse
from planner import texts
from planner.aftercare_texts import blocks_of
from planner.engine.aftercare.checks import REQUIRED
from planner.forms.texts import BlockForm
from planner.print import sheet_pdf
from planner.queries import texts as queries


@require_POST
def text_start(request, pk):
    """Begin the next version as a draft, or open the one that waits."""
    draft = texts.start_draft(_text(pk), by=request.user)
    return redirect("text_edit", draft.pk)


@require_safe
def text_edit(request, pk):
    """All blocks of one version with their grades."""
    text = _text(pk)
    lines = queries.block_lines(text)
    context = {"text": text, "lines": lines, "whole": queries.whole_grade(text)}
    context["open"] = sum(bool(line.problems) for line in lines)
    context["new"] = 0 if text.approved_at else sum(line.is_new for line in lines)
    if context["new"]:
        context["lines"] = sorted(lines, key=lambda line: not line.is_new)
    return render(request, "settings/text_edit.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
def text_block(request, pk, code):
    """One block: write it, see it as patients will read it, with its grade."""
    text = _text(pk)
    line = _line(text, code)
    initial = {"words": line.text, "seen": line.text}
    form, status = BlockForm(request.POST if request.method == "POST" else None, initial=initial), 200
    if request.method == "POST":
        status = 422
        if form.is_valid():
            try:
                texts.save_block(text, code, by=request.user, **form.cleaned_data)
            except Refusal as refusal:
                status = refuse(form, refusal)
            else:
                messages.success(request, f"{code} is saved in the draft.")
                return redirect("text_edit", pk)
    words = form["words"].value() or ""
    context = {"text": text, "form": form} | _preview(text, code, words)
    return render(request, "settings/text_block.html", context, status=status)


@require_POST
def text_preview(request, pk, code):
    """The block as typed so far: filled in with an example, its grade, what is wrong; nothing is saved."""
    text = _text(pk)
    _line(text, code)
    return render(
        request, "settings/_text_preview.html", _preview(text, code, request.POST.get("words", "")[:600])
    )


@require_safe
def text_sheet(request, pk):
    """A whole sheet of an invented visit in these texts, as page; the visit can be chosen."""
    text = _text(pk)
    sheet = queries.whole_sheet(blocks_of(text), _chosen(request))
    context = {"text": text, "sheet": sheet, "visits": tuple(queries.EXAMPLE_VISITS)}
    context["content"] = sheet.content and sheet.content.as_data()
    return render(request, "settings/text_sheet.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
def text_sheet_pdf(request, pk):
    """The same sheet as PDF; a block typed but not saved comes with it, and nothing is kept."""
    blocks, code = blocks_of(_text(pk)), request.POST.get("code", "")
    if code in REQUIRED:
        sheet = queries.sheet_with(blocks, code, " ".join(request.POST.get("words", "")[:600].split()))
    else:
        sheet = queries.whole_sheet(blocks, _chosen(request))
    if sheet.content is None:
        return render(request, "settings/text_no_sheet.html", {"text": _text(pk)}, status=422)
    pdf = sheet_pdf(sheet.content, paper=request.user.location.paper)
    response = HttpResponse(pdf, content_type="application/pdf")
    response["Content-Disposition"] = 'inline; filename="example-sheet.pdf"'
    return response


def _preview(text, code: str, words: str) -> dict:
    words = " ".join(words.split())
    blocks = blocks_of(text)
    line = queries.block_line(blocks, code, words)
    sheet = queries.sheet_with(blocks, code, words)
    return {
        "text": text,
        "line": line,
        "example": queries.example_of(words),
        "sheet": sheet,
        "content": sheet.content and sheet.content.as_data(),
        "marked": code,
    }


def _chosen(request) -> str:
    visits = tuple(queries.EXAMPLE_VISITS)
    asked = request.POST.get("visit") or request.GET.get("visit", "")
    return asked if asked in visits else visits[0]


def _text(pk):
    return get_object_or_404(queries.text_versions(), pk=pk)


def _line(text, code: str):
    if code not in REQUIRED:
        raise Http404(code)
    return next(line for line in queries.block_lines(text) if line.code == code)
