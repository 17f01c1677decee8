"""Plan a course: inputs, three proposals, confirm, book."""

from django.contrib import messages
from django.core import signing
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods, require_safe

from clinic import clock
from clinic.refusals import Refusal
from planner.booking import book_course
from planner.engine.proposals import proposals
from planner.forms.plan import PlanForm, typed_again
from planner.planning import CourseRequest, lost_visits, read_planning
from planner.queries import courses as queries
from planner.queries.desk import Closed, Desk, desk_of, find_patient, request_for
from planner.queries.edits import edit_of
from planner.queries.proposals import lines_of, page_of, refuse_stale_dates
from planner.queries.reasons import reasons_of, typed_pairs
from planner.views.proposal_seal import open_proposal, seal_proposal
from planner.views.wishes import booked_last, remember_booked, remember_wishes, remembered_wishes

TOO_OLD = Refusal(
    "proposal_expired",
    "These proposals are more than two hours old.",
    "Here are new ones.",
    stale=True,
)


@require_safe
def course_start(request):
    """Whom is the course for? Search, then plan."""
    context = queries.start_page(request.user.location, request.GET.get("q", ""))
    return render(request, "planner/course_start.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
def course_plan(request, pk):
    """Inputs on the left, three proposals on the right; a GET shows the wishes of before."""
    desk = desk_of(find_patient(pk), request.user, clock.now())
    if not isinstance(desk, Desk):
        return _closed_page(request, pk, desk)
    if request.method != "POST":
        is_here = request.GET.get("first") == "today"
        wished = None if is_here else remembered_wishes(request, desk)
        return _plan_page(request, desk, wished or request_for(desk, is_here=is_here))
    form = _form(desk, request.POST)
    if not form.is_valid():
        return render(request, "planner/course_plan.html", {"desk": desk, "form": form}, status=422)
    remember_wishes(request, desk, form.request())
    return _plan_page(request, desk, form.request(), form=form)


@require_http_methods(["GET", "HEAD", "POST"])
def course_book(request, pk):
    """First shows the dates to read out, then books them: all or none.

    A GET goes back to the inputs, or to the course that they have become.
    """
    if request.method != "POST":
        booked = booked_last(request, pk)
        return redirect("course_detail", booked) if booked else redirect("course_plan", pk=pk)
    desk = desk_of(find_patient(pk), request.user, clock.now())
    if not isinstance(desk, Desk):
        return _closed_page(request, pk, desk)
    try:
        sealed, is_fresh = open_proposal(request.POST.get("proposal", ""), pk)
    except signing.BadSignature:
        messages.warning(request, "These proposals cannot be used. Here are new ones.")
        return redirect("course_plan", pk=pk)
    if booked := queries.course_booked_as(sealed["booking_key"], desk.patient):
        return redirect("course_detail", booked.pk)
    if not is_fresh:
        return _plan_page(request, desk, sealed["request"], refusal=TOO_OLD)
    try:
        if not request.POST.get("confirmed"):
            return _confirm_page(request, desk, sealed)
        course = book_course(desk.patient, location=desk.location, by=request.user, **sealed)
    except Refusal as refusal:
        return _nearest_page(request, desk, sealed, refusal) or _plan_page(
            request, desk, sealed["request"], refusal=refusal
        )
    remember_booked(request, pk, course.pk)
    messages.success(request, f"{course.sessions} visits are booked for {desk.patient}.")
    return redirect("course_detail", course.pk)


@require_http_methods(["GET", "HEAD", "POST"])
def course_edit(request, pk):
    """One proposal open for changes: its visits, and for one of them where else it could be."""
    if request.method != "POST":
        return redirect("course_plan", pk=pk)
    desk = desk_of(find_patient(pk), request.user, clock.now())
    if not isinstance(desk, Desk):
        return _closed_page(request, pk, desk)
    try:
        sealed, is_fresh = open_proposal(request.POST.get("proposal", ""), pk)
    except signing.BadSignature:
        messages.warning(request, "These proposals cannot be used. Here are new ones.")
        return redirect("course_plan", pk=pk)
    if not is_fresh:
        return _plan_page(request, desk, sealed["request"], refusal=TOO_OLD)
    number = request.POST.get("visit", "")
    try:
        return _edit_page(request, desk, sealed, int(number) if number.isdecimal() else None)
    except Refusal as refusal:
        return _plan_page(request, desk, sealed["request"], refusal=refusal)


def _edit_page(request, desk: Desk, sealed: dict, number: int | None, refusal: Refusal | None = None):
    asked, slots = sealed["request"], sealed["slots"]
    remember_wishes(request, desk, asked)
    planning = read_planning(
        desk.patient.pk, desk.location, asked, earliest_on=desk.gate.earliest_on, at=desk.at
    )
    edit = edit_of(slots, planning, number, desk.location)

    def carried(chosen):
        return seal_proposal(desk.patient.pk, sealed["proposal"], asked, chosen)

    context = {
        "desk": desk,
        "edit": edit,
        "refusal": refusal,
        "asked": list(typed_pairs(asked)),
        "sealed": carried(slots),
        "options": [(option, carried(option.slots)) for option in edit.options],
    }
    return render(request, "planner/course_edit.html", context, status=refusal.status if refusal else 200)


def _nearest_page(request, desk: Desk, sealed: dict, refusal: Refusal):
    """The proposal with what is free near the visit that was just taken; None where more is lost."""
    if not refusal.stale:
        return None
    try:
        planning = read_planning(
            desk.patient.pk, desk.location, sealed["request"], earliest_on=desk.gate.earliest_on, at=desk.at
        )
        lost = lost_visits(sealed["slots"], planning)
        if len(lost) != 1:
            return None
        words = Refusal(
            refusal.code,
            f"Visit {lost[0] + 1} was just taken by someone else.",
            "Nothing was booked. Take another time for it below.",
            stale=True,
        )
        return _edit_page(request, desk, sealed, lost[0] + 1, words)
    except Refusal:
        return None


def _plan_page(request, desk: Desk, asked: CourseRequest, *, form=None, refusal: Refusal | None = None):
    context = {"desk": desk, "form": form or _form(desk, None, asked)}
    try:
        context |= _proposed(desk, asked)
    except Refusal as impossible:
        refusal = refusal or impossible
    status = refusal.status if refusal else 200
    return render(request, "planner/course_plan.html", context | {"refusal": refusal}, status=status)


def _proposed(desk: Desk, asked: CourseRequest) -> dict:
    planning = read_planning(
        desk.patient.pk, desk.location, asked, earliest_on=desk.gate.earliest_on, at=desk.at
    )
    page = page_of(planning, proposals(planning.problem), desk.location)
    if not page.cards:
        return {"reasons": reasons_of(planning)}
    sealed = [seal_proposal(desk.patient.pk, card.kind, asked, card.slots) for card in page.cards]
    return {"page": page, "cards": list(zip(page.cards, sealed, strict=True))}


def _confirm_page(request, desk: Desk, sealed: dict):
    asked, slots = sealed["request"], sealed["slots"]
    planning = read_planning(
        desk.patient.pk, desk.location, asked, earliest_on=desk.gate.earliest_on, at=desk.at, only_for=slots
    )
    refuse_stale_dates(slots, planning)
    remember_wishes(request, desk, asked)
    context = {
        "desk": desk,
        "planning": planning,
        "visits": lines_of(slots, planning),
        "asked": list(typed_pairs(asked)),
        "stay": planning.treatment_minutes + asked.numbing_minutes,
        "sealed": request.POST["proposal"],
    }
    return render(request, "planner/course_confirm.html", context)


def _closed_page(request, pk: int, closed: Closed | None):
    context = {"patient": find_patient(pk), "closed": closed}
    if closed is None:
        return render(request, "planner/course_unscreened.html", context)
    return render(request, "planner/course_closed.html", context, status=422)


def _form(desk: Desk, data, asked: CourseRequest | None = None) -> PlanForm:
    return PlanForm(
        data,
        initial=typed_again(asked, desk.today) if asked else None,
        location=desk.location,
        screened=desk.screened,
        areas=desk.areas,
        protocol=desk.protocol,
        today=desk.today,
    )
