"""The manager's settings: an index, and one list, form and deletion page for every kind."""

import hashlib

from django.conf import settings
from django.contrib import messages
from django.http import Http404
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_safe

from clinic import clock
from clinic.limits import waiting_pks
from clinic.models import User
from clinic.refusals import Refusal
from planner import removal, versions
from planner.queries import settings as queries
from planner.queries.affected import visits_touched
from planner.queries.approvals import limit_words
from planner.views.setting_kinds import Kind, by_group, kind_or_404


@require_safe
def settings_home(request):
    """Everything that can be set, in groups."""
    return render(request, "settings/settings_home.html", {"groups": by_group()})


@require_safe
def settings_list(request, kind):
    """All rows of one kind."""
    kind = kind_or_404(kind)
    page = queries.page_of(
        queries.rows_of(kind.model, kind.related, kind.prefetch), request.GET.get("page", "1")
    )
    rows = [(row, kind.name(row), [(title, show(row)) for title, show in kind.columns]) for row in page]
    context = {"kind": kind, "page": page, "rows": rows, "waiting": waiting_pks(kind.model)}
    return render(request, "settings/settings_list.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
def settings_create(request, kind):
    """A new row."""
    kind = kind_or_404(kind)
    return _form_page(request, kind, stored=None, instance=kind.model())


@require_http_methods(["GET", "HEAD", "POST"])
def settings_edit(request, kind, pk):
    """Change a row; of an approved version, start the next one."""
    kind = kind_or_404(kind)
    row = _row_or_404(kind, pk)
    instance = versions.to_change(row, kind.family) if kind.family else row
    return _form_page(request, kind, stored=row, instance=instance)


def _form_page(request, kind: Kind, stored, instance):
    """Show the form; save it, after one warning where booked visits are touched."""
    stored_name = kind.said(stored) if stored else ""  # before the form writes on the row
    typed = request.POST if request.method == "POST" else None
    form = kind.form(typed, instance=instance, by=request.user)
    touched = []
    if request.method == "POST" and form.is_valid():
        touched = _touched(instance, form)
        seen = request.POST.get("seen") == _fingerprint(touched)
        if (not touched or seen) and form.save_row():
            messages.success(request, _saved_words(kind, form))
            return redirect(_after_saving(kind, form.instance))
    waiting = getattr(form, "waiting", None)
    context = {
        "kind": kind,
        "form": form,
        "stored": stored,
        "stored_name": stored_name,
        "next_version": bool(stored and instance.pk is None),
        "touched": [] if form.errors else touched,
        "seen": _fingerprint(touched),
        "wants_link": _wants_link(stored),
        "mails": bool(settings.EMAIL_HOST),
        "waiting": waiting,
        "waiting_words": limit_words(waiting) if waiting else "",
    }
    return render(
        request,
        "settings/settings_form.html",
        context,
        status=(409 if form.is_stale else 422) if form.errors else 200,
    )


@require_http_methods(["GET", "HEAD", "POST"])
def settings_delete(request, kind, pk):
    """Delete a row, or switch it off where it is in use."""
    kind = kind_or_404(kind)
    row = _row_or_404(kind, pk)
    name, refusal = kind.said(row), None
    if request.method == "POST":
        try:
            return _deleted(request, kind, row, name)
        except Refusal as said:
            refusal = said
    context = {
        "kind": kind,
        "row": row,
        "name": name,
        "refusal": refusal,
        "can_switch_off": removal.can_be_switched_off(row),
        "going_along": removal.going_along(row),
        "touched": visits_touched(row, after=[], now=clock.now(), switched_off=True),
    }
    return render(request, "settings/settings_delete.html", context, status=422 if refusal else 200)


def _deleted(request, kind: Kind, row, name: str):
    if "switch_off" in request.POST and removal.can_be_switched_off(row):
        removal.switch_off(row, by=request.user)
        messages.success(request, f"{name} is switched off.")
    else:
        removal.delete_row(row, by=request.user)
        messages.success(request, f"{name} is deleted.")
    return redirect("settings_list", kind.slug)


def _row_or_404(kind: Kind, pk: int):
    row = queries.row_of(kind.model, pk)
    if row is None:
        raise Http404(kind.slug)
    return row


def _touched(instance, form) -> list:
    """The booked visits that this change would leave without a place."""
    switched_off = "is_active" in form.changed_data and not form.cleaned_data["is_active"]
    return visits_touched(
        instance, after=form.after_saving(), now=clock.now(), switched_off=bool(switched_off)
    )


def _fingerprint(visits: list) -> str:
    """Name exactly the visits that were shown, so that a new one is shown before it is touched."""
    return hashlib.sha256(",".join(str(visit.pk) for visit in visits).encode()).hexdigest()[:16]


def _saved_words(kind: Kind, form) -> str:
    name, waiting = kind.said(form.instance), getattr(form, "waiting", None)
    if waiting is None:
        return f"{name} is saved."
    what = "It is used" if waiting.is_first else "Its new limits count"
    return f"{name} is saved. {what} once a practitioner has approved it."


def _after_saving(kind: Kind, row) -> str:
    """Back to the list; a new account's page shows the link that its owner needs."""
    if isinstance(row, User) and not row.has_usable_password():
        return reverse("settings_edit", args=[kind.slug, row.pk])
    return reverse("settings_list", args=[kind.slug])


def _wants_link(row) -> bool:
    """Whether this is an open account without a password."""
    return isinstance(row, User) and row.is_active and not row.has_usable_password()
