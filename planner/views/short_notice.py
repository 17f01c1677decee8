"""The short-notice list: who would come earlier, which slots came free, and what is held for whom."""

import uuid

from django.contrib import messages
from django.core import signing
from django.http import Http404
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_POST, require_safe

from clinic import clock
from clinic.refusals import Refusal
from planner import freed, offers
from planner.forms.short_notice import EarlierForm, HoldMinutesForm, slot_from
from planner.planning import Slot
from planner.queries import changes as queries
from planner.queries.courses import course_rows
from planner.shortlist import waiters_of
from planner.site import read_site
from planner.views.move import done

SALT = "planner.offer"


@require_safe
def short_notice(request):
    """Freed slots with the patients they suit, what is held, and the list itself."""
    return _page(request)


@require_POST
def slot_offer(request):
    """Hold a freed slot for one patient while they are asked."""
    try:
        content = signing.loads(request.POST.get("offer", ""), salt=SALT)
    except signing.BadSignature:
        messages.warning(request, "This page cannot be used any more. Nothing is held.")
        return redirect("short_notice")
    visit = get_object_or_404(queries.movable(request.user.location), pk=content["visit"])
    form = HoldMinutesForm(request.POST)
    minutes = form.cleaned_data["minutes"] if form.is_valid() else 0
    try:
        offer = offers.offer_slot(
            visit,
            Slot.from_json(content["slot"]),
            minutes=minutes,
            key=uuid.UUID(content["key"]),
            by=request.user,
        )
    except Refusal as refusal:
        return _page(request, refusal)
    until = clock.local(offer.held_until, visit.location.time_zone)
    messages.success(request, f"Held for {visit.patient} until {clock.said_of(until)}.")
    return redirect("short_notice")


@require_POST
def offer_take(request, pk):
    """The patient says yes."""
    try:
        change = offers.take_offer(_offer(request, pk), by=request.user)
    except Refusal as refusal:
        return _page(request, refusal)
    return done(request, change)


@require_POST
def offer_release(request, pk):
    """The patient says no, or was not reached."""
    offer = _offer(request, pk)
    try:
        offers.release_offer(offer, by=request.user)
    except Refusal as refusal:
        return _page(request, refusal)
    messages.success(request, f"The time is free again. {offer.course.patient} stays on the list.")
    return redirect("short_notice")


@require_POST
def course_earlier(request, pk):
    """Put a patient on the list, or take them off it."""
    course = get_object_or_404(course_rows(request.user.location), pk=pk)
    form = EarlierForm(request.POST)
    if not form.is_valid():
        messages.error(request, "The note is too long. Nothing was changed.")
        return redirect("course_detail", pk=pk)
    welcome = form.cleaned_data["welcome"]
    offers.mark_earlier(course, welcome=welcome, note=form.cleaned_data["note"], by=request.user)
    words = "is on the short-notice list" if welcome else "is no longer on the short-notice list"
    messages.success(request, f"{course.patient} {words}.")
    return redirect("short_notice" if request.POST.get("list") else "course_detail", **_where(request, pk))


def _where(request, pk) -> dict:
    return {} if request.POST.get("list") else {"pk": pk}


def _offer(request, pk):
    offer = freed.offers_at(request.user.location).filter(pk=pk).first()
    if offer is None:
        raise Http404("no such offer here")
    return offer


def _page(request, refusal: Refusal | None = None):
    location, now = request.user.location, clock.now()
    site, _ = read_site(location, None, first_date=clock.local_date(now, location.time_zone))
    waiters = waiters_of(location, site, now)
    slots = freed.freed_slots(location, site, waiters, now, slot_from(request.GET))
    context = {
        "location": location,
        "now": now,
        "waiters": waiters,
        "slots": [(slot, [(one, _sealed(one)) for one in slot.candidates]) for slot in slots],
        "held": freed.held_offers(location),
        "form": HoldMinutesForm(),
        "refusal": refusal,
    }
    return render(request, "planner/short_notice.html", context, status=refusal.status if refusal else 200)


def _sealed(candidate) -> str:
    """An offer as its button carries it: signed, with a key that makes it count once."""
    slot = candidate.slot
    content = {
        "visit": candidate.visit.pk,
        "slot": {
            "start": slot.start.isoformat(),
            "practitioner_id": slot.practitioner_id,
            "room_id": slot.room_id,
            "device_id": slot.device_id,
        },
        "key": str(uuid.uuid4()),
    }
    return signing.dumps(content, salt=SALT, compress=True)
