"""Photos of a visit: the step that takes them, the pictures themselves, pairs to compare, deleting."""

from urllib.parse import quote

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from clinic import clock
from clinic.fresh import check_fresh
from clinic.permissions import may
from clinic.refusals import Refusal
from clinic.returning import next_url
from patients import queries as patients
from patients.forms.base import refuse
from planner import photos
from planner.forms.photo import DeleteForm, PhotoForm, ReasonForm, UseForm
from planner.models import CourseReview, TreatmentSession
from planner.queries import photos as queries
from planner.queries.record import planned_in
from planner.queries.session_pages import RecordPage
from planner.queries.sessions import record_rows


@require_http_methods(["GET", "HEAD", "POST"])
def session_photos(request, pk):
    """The standard views of a visit, before and after."""
    session = get_object_or_404(record_rows(request.user.location), pk=pk)
    if session.signed_at:
        return redirect("session_detail", pk)
    page = RecordPage(session, "photos", clock.now())
    context = {"rail": page.room.rail, "tiles": queries.tiles_of(session, planned_in(session.appointment))}
    return taking_page(request, session, "sessions/photos.html", context)


def taking_page(request, record: TreatmentSession | CourseReview, template: str, context: dict):
    """Keep a picture that was sent with an open record; else its views, with what was refused."""
    if ask := asks_reason(request, record.patient_id):
        return ask
    form, status, visit = PhotoForm(request.POST or None, request.FILES or None), 200, record.appointment
    if request.method == "POST":
        status = 422
        if form.is_valid():
            data = form.cleaned_data
            try:
                file = data.pop("file").read()
                photo = photos.add_photo(record, data=file, by=request.user, **data)
                messages.success(request, f"Kept: {photo}.")
                return redirect(request.path)
            except Refusal as refusal:
                status = refuse(form, refusal)
    context |= {
        "session": record,
        "visit": visit,
        "zone": visit.location.time_zone,
        "form": form,
        "asked": queries.asked_photos(visit.location).filter(appointment=visit),
        "tried": f"{form.data.get('moment')}-{form.data.get('view')}" if status == 422 else "",
    }
    answer = render(request, template, context, status=status)
    answer["Permissions-Policy"] = "camera=(self)"  # the pages with a live picture
    return answer


@require_http_methods(["GET", "HEAD", "POST"])
def photo_open(request, pk):
    """Say why you look at the photos of somebody whom you do not treat."""
    patient = get_object_or_404(patients.patient_rows(), pk=pk)
    onward = next_url(request) or reverse("photo_compare", args=[pk])
    if queries.access_to(patient, request.user, clock.now()).is_open:
        return redirect(onward)
    form, status = ReasonForm(request.POST or None), 200
    if request.method == "POST":
        status = 422
        if form.is_valid():
            try:
                photos.open_photos(patient, reason=form.cleaned_data["reason"], by=request.user)
                return redirect(onward)
            except Refusal as refusal:
                form.add_error("reason", str(refusal))
    return render(request, "photos/open.html", {"patient": patient, "form": form}, status=status)


def asks_reason(request, patient_id: int):
    """The way to `photo_open` and back for somebody who may not look at the photos yet; else None."""
    if queries.access_to(patient_id, request.user, clock.now()).is_open:
        return None
    return redirect(f"{reverse('photo_open', args=[patient_id])}?next={quote(request.get_full_path())}")


@require_safe
def photo_image(request, pk):
    """The picture, to people who may see the record."""
    return _pixels(request, pk, is_small=False)


@require_safe
def photo_thumb(request, pk):
    """The small copy."""
    return _pixels(request, pk, is_small=True)


@require_POST
def photo_change(request, pk):
    """What a photo may be used for; with a reason, a second person is asked to delete it."""
    photo, form = _photo(request, pk), UseForm(request.POST)
    if not form.is_valid():
        raise Refusal("reason_long", "A reason has 200 characters at most.")
    data = form.cleaned_data
    if "delete" in request.POST:
        photos.ask_to_delete(photo, reason=data["reason"], by=request.user)
        messages.success(request, "The photo is hidden. A second person confirms that it is deleted.")
    else:
        photos.allow_photo(
            photo,
            for_teaching=data["for_teaching"],
            for_marketing=data["for_marketing"],
            by=request.user,
        )
        messages.success(request, "Saved.")
    return redirect(*_back(photo))


@require_safe
def photo_removals(request):
    """The photos that somebody asked to delete, without the pictures."""
    return _removals(request, DeleteForm(), 0, 200)


@require_POST
def photo_delete(request, pk):
    """A second person confirms with the password: the picture is erased."""
    photo, form, status = _photo(request, pk), DeleteForm(request.POST), 422
    if form.is_valid():
        try:
            check_fresh(request, form.cleaned_data["password"])
            photos.delete_photo(photo, fresh=True, by=request.user)
            messages.success(request, "The photo is deleted. Who asked, why and who deleted it stay.")
            return redirect("photo_removals")
        except Refusal as refusal:
            status = refuse(form, refusal)
    return _removals(request, form, photo.pk, status)


def _removals(request, form: DeleteForm, tried: int, status: int) -> HttpResponse:
    location = request.user.location
    context = {
        "asked": queries.asked_photos(location),
        "form": form,
        "tried": tried,
        "zone": location.time_zone,
        "sees": may(request.user, "photo_compare"),
    }
    return render(request, "photos/removals.html", context, status=status)


@require_safe
def photo_compare(request, pk):
    """Before and after of one view, side by side and under a slider."""
    patient, location = get_object_or_404(patients.patient_rows(), pk=pk), request.user.location
    if ask := asks_reason(request, pk):
        return ask
    wanted = request.GET.get("for", "")
    purpose = queries.Purpose(wanted) if wanted in queries.Purpose else queries.Purpose.RECORD
    pair = queries.comparison_of(
        patient,
        location,
        view=request.GET.get("view", ""),
        first=_number(request.GET.get("first")),
        second=_number(request.GET.get("second")),
        purpose=purpose,
    )
    asked = queries.asked_photos(location).filter(patient=patient)
    context = {
        "patient": patient,
        "pair": pair,
        "asked": asked,
        "purpose": purpose,
        "purposes": queries.Purpose,
        "photos": queries.shown_photos(patient, location),
        "lookers": queries.lookers_of(patient, location),
        "zone": location.time_zone,
    }
    return render(request, "photos/compare.html", context)


def _photo(request, pk: int):
    return get_object_or_404(queries.photo_rows(request.user.location), pk=pk)


def _pixels(request, pk: int, *, is_small: bool) -> HttpResponse:
    """Only pixels that we wrote ourselves, never kept by the browser, never run as anything else."""
    photo = _photo(request, pk)
    try:
        pixels = photos.show_photo(photo, is_small=is_small, by=request.user)
    except Refusal as refusal:
        raise PermissionDenied(refusal.code) from None
    answer = HttpResponse(pixels, content_type="image/jpeg")
    answer["Cache-Control"] = "no-store"
    answer["Content-Security-Policy"] = "default-src 'none'; sandbox"
    answer["Content-Disposition"] = f'inline; filename="photo-{photo.pk}.jpg"'
    return answer


def _back(photo):
    visit = photo.appointment
    if (review := getattr(visit, "review", None)) and not review.signed_at:
        return "review_photos", visit.pk
    if (session := getattr(visit, "session", None)) and not session.signed_at:
        return "session_photos", session.pk
    return "photo_compare", photo.patient_id


def _number(text: str | None) -> int | None:
    return int(text) if text and text.isdecimal() and len(text) < 10 else None
