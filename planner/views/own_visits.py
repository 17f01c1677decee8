"""What a patient does with an own visit: confirm it, ask for another date, cancel it, take that back."""

from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_http_methods, require_POST

from clinic.refusals import Refusal
from patients.forms.base import refuse
from planner import own
from planner.forms.own import WordsForm
from planner.queries.own import own_visits
from planner.telling import UNDO_MINUTES
from planner.views.own import framed, plan_page, show_plan


@plan_page
@require_POST
def own_confirm(request, pk):
    """I will come."""
    return _done(request, lambda: own.confirm_visit(request.link, _visit(request, pk)))


@plan_page
@require_POST
def own_undo(request, pk):
    """I will come after all: take the cancellation back."""
    return _done(request, lambda: own.undo_cancel(request.link, _visit(request, pk)))


@plan_page
@require_http_methods(["GET", "HEAD", "POST"])
def own_move(request, pk):
    """Ask for another date, in the patient's words; the visit stays until the desk has called."""

    def ask(visit, typed):
        own.ask_to_move(request.link, visit, words=typed["words"], key=typed["key"])

    return _with_words(request, pk, "own/move.html", ask)


@plan_page
@require_http_methods(["GET", "HEAD", "POST"])
def own_cancel(request, pk):
    """Cancel one visit; the page asks once more and says what stays."""

    def cancel(visit, typed):
        own.cancel_visit(request.link, visit, words=typed["words"], version=typed["version"])

    return _with_words(request, pk, "own/cancel.html", cancel)


def _with_words(request, pk, template, command):
    visit, status = _visit(request, pk), 200
    form = WordsForm(request.POST) if request.method == "POST" else WordsForm.of(visit)
    if request.method == "POST":
        if not form.is_valid() and {"key", "version"} & set(form.errors):
            return redirect("own_plan")  # not a form of ours
        status = 422
        if form.is_valid():
            try:
                command(visit, form.cleaned_data)
                return redirect("own_plan")
            except Refusal as refusal:
                if refusal.stale:
                    return show_plan(request, refusal=refusal)
                status = refuse(form, refusal)
    return render(
        request,
        template,
        framed(request, "plan", visit=visit, form=form, undo_minutes=UNDO_MINUTES),
        status=status,
    )


def _done(request, command):
    try:
        command()
    except Refusal as refusal:
        return show_plan(request, refusal=refusal)
    return redirect("own_plan")


def _visit(request, pk):
    return get_object_or_404(own_visits(request.link.patient), pk=pk)
