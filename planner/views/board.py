"""The board: a day or a week of people and rooms side by side; what others change appears by itself."""

import datetime as dt

from django.http import HttpResponseNotModified
from django.shortcuts import render
from django.urls import reverse
from django.utils.http import urlencode
from django.views.decorators.http import require_safe

from clinic import clock
from clinic.accounts import locations_of
from patients.gates import safety_beside
from planner.queries import board as days
from planner.queries import board_week as weeks
from planner.queries import today as visits
from planner.queries.gaps import fitting_gaps
from planner.shortlist import listed_courses

SHOWN = ("both", "people", "rooms")


@require_safe
def board(request):
    """One day or week of the person's location; `visit` is the one that is picked."""
    picked = request.GET.get("visit", "")
    picked = int(picked) if picked.isdecimal() and len(picked) < 18 else None
    page = _page(request, picked) | {"picked": picked}
    if picked:
        page["selected"] = weeks.selected_visit(page["location"], page["picked"])
        page["step"] = _step(page["selected"], request.user)
    if request.htmx and request.htmx.target == "drawer":
        return render(request, "planner/_board_drawer.html", page)
    page["places"] = locations_of(request.user)
    return render(request, "planner/board.html", page | _drawn(request, page))


@require_safe
def board_changes(request):
    """The board anew if it changed since the version that the page holds, else 304 and nothing."""
    page = _page(request)
    if request.headers.get("If-None-Match") == page["version"]:
        return HttpResponseNotModified()
    page["picked"] = None
    response = render(request, "planner/_board.html", page | _drawn(request, page))
    response["ETag"] = page["version"]
    return response


def _page(request, picked: int | None = None) -> dict:
    """What the address asks for; without a day that of the picked visit, and today if it cannot be read."""
    location, now = request.user.location, clock.now()
    today = clock.local_date(now, location.time_zone)
    known = weeks.day_of_visit(location, picked) if picked and "day" not in request.GET else None
    day, view = known or _day(request, today), "week" if request.GET.get("view") == "week" else "day"
    show = request.GET.get("show") if request.GET.get("show") in SHOWN else "both"
    first = weeks.monday_of(day) if view == "week" else day
    last = first + (weeks.WEEK - 1) * days.ONE_DAY if view == "week" else day
    step = weeks.WEEK * days.ONE_DAY if view == "week" else days.ONE_DAY
    minutes = now.replace(minute=now.minute // days.TICK * days.TICK, second=0, microsecond=0)
    return {
        "location": location,
        "now": now,
        "today": today,
        "day": day,
        "view": view,
        "show": show,
        "first": first,
        "last": last,
        "before": _address(day - step, view, show),
        "after": _address(day + step, view, show),
        "this_day": _address(today, view, show),
        "as_day": _address(day, "day", show),
        "as_week": _address(day, "week", show),
        "key": ("planned", "confirmed", "arrived", "treating", "completed", "noshow", "hold"),
        "columns": [(one, _address(day, view, one)) for one in SHOWN],
        "here": _address(day, view, show),
        "opens": _opens(view, show),
        "changes": reverse("board_changes") + _address(day, view, show),
        "version": f'"{days.board_version(location, first, last)}.{minutes:%H%M}"',
    }


def _drawn(request, page: dict) -> dict:
    location, first, last = page["location"], page["first"], page["last"]
    held = visits.visits_drawn(location, first, last)
    if page["view"] == "week":  # it says neither the safety nor who has a similar name
        rows = visits.rows_of(held, {}, request.user, page["now"], alike=False)
        return {"rows": rows, "week": weeks.week_of(location, first, rows)}
    open_now = {one.patient_id for one in held if not visits.is_over(one)}
    courses = listed_courses(location) if first >= page["today"] else []
    waiting = {one.patient_id for one in courses}
    safety, files = safety_beside(open_now, waiting, page["today"])
    rows = visits.rows_of(held, safety, request.user, page["now"])
    gaps = fitting_gaps(location, first, page["now"], courses, files)
    return {"rows": rows, "board": days.board_of(location, first, rows, page["now"], gaps)}


def _step(selected, user) -> str:
    return visits.next_step(selected.visit, selected.state, user) if selected else ""


def _day(request, today: dt.date) -> dt.date:
    """The day of the address, within what a diary can hold."""
    try:
        day = dt.date.fromisoformat(request.GET.get("day", ""))
    except ValueError:
        return today
    return day if abs((day - today).days) < 3660 else today


def _opens(view: str, show: str) -> str:
    """How the address of a visit begins: short, for a board has hundreds. Its day is that of the visit."""
    chosen = {name: one for name, one in (("view", view), ("show", show)) if one not in ("day", "both")}
    return "?" + urlencode(chosen) + "&" * bool(chosen)


def _address(day: dt.date, view: str, show: str) -> str:
    return "?" + urlencode({"day": day.isoformat(), "view": view, "show": show})
