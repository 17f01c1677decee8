"""What the frame of every page shows: open sections, who is signed in, where search and planning go."""

from dataclasses import dataclass

from django.conf import settings
from django.urls import NoReverseMatch, reverse
from django.utils.functional import SimpleLazyObject
from django.utils.module_loading import import_string

from clinic.models import Location
from clinic.permissions import may


@dataclass(frozen=True)
class Section:
    """One entry of the sidebar; `words` are the first words of the URL names that belong to it."""

    key: str
    icon: str
    label: str
    url_name: str
    words: frozenset[str]
    go: str = ""


@dataclass(frozen=True)
class Entry:
    """A section as one person sees it."""

    key: str
    icon: str
    label: str
    url: str
    count: int = 0
    go: str = ""  # the letter after G


@dataclass(frozen=True)
class SignedIn:
    """Who is signed in, for the corner of the page."""

    name: str
    initials: str
    role: str
    place: str


# In the order of the day.
SECTIONS = (
    Section(
        "today",
        "sun",
        "Today",
        "today",
        frozenset({"today", "appointment", "day", "session", "short", "diary", "walk"}),
        "t",
    ),
    Section("board", "layout-three-columns", "Board", "board", frozenset({"board"}), "b"),
    Section(
        "patients",
        "people",
        "Patients",
        "patient_list",
        frozenset({"patient", "merge", "duplicate", "consent", "sheet", "link", "event", "notice", "photo"}),
        "p",
    ),
    Section("courses", "calendar2-range", "Courses", "course_list", frozenset({"course"}), "c"),
    Section(
        "screening",
        "shield-check",
        "Screening",
        "screening_list",
        frozenset({"screening", "finding", "questionnaire"}),
        "s",
    ),
    Section("stock", "box-seam", "Stock and lots", "lot_list", frozenset({"lot"}), "l"),
)
FOOT = (
    Section("approvals", "patch-check", "Approvals", "approval_list", frozenset({"approval"})),
    Section(
        "settings",
        "gear",
        "Settings",
        "settings_home",
        frozenset({"settings", "rules", "rule", "text"}),
    ),
    Section("help", "question-circle", "Help and shortcuts", "help", frozenset({"help"})),
)


def navigation(request) -> dict:
    """Context processor: the frame's variables. A view may set `nav` (a section's key) itself."""
    user = getattr(request, "user", None)
    frame = {
        "home_url": _open_url(user, "today") or "/",
        "clinic_line": SimpleLazyObject(clinic_line),
        "clinic_name": SimpleLazyObject(clinic_name),
    }
    if user is None or not user.is_authenticated:
        return frame
    return frame | {
        "navigation": [entry for section in SECTIONS if (entry := _entry(section, user))],
        "navigation_foot": [entry for section in FOOT if (entry := _entry(section, user))],
        "nav": _current(request),
        "signed_in": SimpleLazyObject(lambda: signed_in(user)),
        "search_url": _open_url(user, "search"),
        "search_words": "Search patients and lots" if may(user, "lot_detail") else "Search patients",
        "plan_url": _open_url(user, "course_start"),
        "idle_minutes": settings.IDLE_MINUTES,
    }


def signed_in(user) -> SignedIn:
    """Name the person, the role and the location."""
    return SignedIn(user.name, user.initials, user.get_role_display(), user.location.name)


def clinic_name() -> str:
    """Name the clinic to people who have not signed in; nothing where several locations share the server."""
    places = list(Location.objects.order_by("id")[:2])
    return places[0].name if len(places) == 1 else ""


def clinic_line() -> str:
    """Name the clinic and its phone number, at the foot of the sign-in page."""
    places = list(Location.objects.order_by("id")[:2])
    if len(places) != 1:
        return ""
    phone = f"call {places[0].phone}" if places[0].phone else ""
    return " · ".join(part for part in (places[0].name, phone) if part)


def _entry(section: Section, user) -> Entry | None:
    url = _open_url(user, section.url_name)
    if not url:
        return None
    return Entry(section.key, section.icon, section.label, url, _count(section, user), section.go)


def _open_url(user, url_name: str) -> str:
    if user is None or not may(user, url_name):
        return ""
    try:
        return reverse(url_name)
    except NoReverseMatch:
        return ""


def _count(section: Section, user) -> int:
    """Ask the app that owns a section how much waits there; the settings name the function."""
    path = getattr(settings, "NAVIGATION_COUNTS", {}).get(section.key)
    return import_string(path)(user) if path else 0


def _current(request) -> str:
    match = getattr(request, "resolver_match", None)
    first_word = ((match.url_name if match else "") or "").split("_")[0]
    found = (section.key for section in (*SECTIONS, *FOOT) if first_word in section.words)
    return next(found, "")
