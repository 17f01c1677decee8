"""The kinds of settings: one table drives the index, the lists and the forms."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django.db.models import Model
from django.http import Http404

from clinic import clock, forms, models
from clinic.dates import typed_date
from clinic.forms.base import SettingsForm
from clinic.words import day_date
from patients.models import ConsentText
from planner.forms.versions import ConsentTextForm, ProtocolForm
from planner.models import Protocol

Column = tuple[str, Callable[[Any], str]]


@dataclass(frozen=True)
class Kind:
    """One kind: its words, model, form, what its list shows beside the `name`, and how one row is `said`."""

    slug: str
    group: str
    title: str
    noun: str
    icon: str
    line: str
    model: type[Model]
    form: type[SettingsForm]
    columns: tuple[Column, ...]
    related: tuple[str, ...] = ()
    prefetch: tuple[str, ...] = ()
    name: Callable[[Any], str] = str
    said: Callable[[Any], str] = str

    @property
    def family(self) -> tuple[str, ...]:
        """For versions: what stays the same over all of them."""
        return getattr(self.form, "family", ())


def _names(rows) -> str:
    return ", ".join(str(row) for row in rows) or "–"


def _minutes(value: int | None) -> str:
    return "–" if value is None else f"{value} min"


def _mm(value) -> str:
    return f"{value.normalize():f}\u00a0mm"


def _validity(span) -> str:
    first = f"from {typed_date(span.valid_from)}" if span.valid_from else ""
    last = f"to {typed_date(span.valid_to)}" if span.valid_to else ""
    return " ".join(part for part in (first, last) if part) or "Always"


def _skin_types(use) -> str:
    if not use.phototype_from:
        return "Those of the device"
    return f"{use.get_phototype_from_display()} to {use.get_phototype_to_display()}"


def _span(span) -> str:
    return f"{span.opens:%H:%M}–{span.closes:%H:%M}"


def _away_when(absence) -> str:
    places = [absence.room.location] if absence.room else []
    places += [absence.device.location] if absence.device else []
    places += list(absence.practitioner.locations.all()) if absence.practitioner else []
    zone = places[0].time_zone if places else "UTC"
    first, last = clock.local(absence.start, zone), clock.local(absence.end, zone)
    begin, end = (f"{day_date(moment.date())}, {clock.said_of(moment)}" for moment in (first, last))
    return f"{begin} to {end}"


def _state(row) -> str:
    return f"Approved by {row.approved_by}" if row.approved_at else "Draft, waits for approval"


PLACES, TIME, STOCK, CARE = "Places and people", "Time", "Stock", "Care"
KINDS = (
    Kind(
        "locations",
        PLACES,
        "Locations",
        "location",
        "geo-alt",
        "Address, phone, time zone and paper of each site",
        models.Location,
        forms.LocationForm,
        (
            ("Time zone", lambda row: row.time_zone),
            ("Phone", lambda row: row.phone),
            ("Paper", lambda row: row.get_paper_display()),
        ),
    ),
    Kind(
        "rooms",
        PLACES,
        "Rooms",
        "room",
        "door-open",
        "Where one patient is at a time, with the minutes for cleaning",
        models.Room,
        forms.RoomForm,
        (
            ("Location", lambda row: str(row.location)),
            ("Cleaning", lambda row: _minutes(row.turnover_minutes)),
        ),
        related=("location",),
    ),
    Kind(
        "devices",
        PLACES,
        "Devices",
        "device",
        "tools",
        "Pens and rollers with the limits of their labels",
        models.Device,
        forms.DeviceForm,
        (
            ("Location", lambda row: str(row.location)),
            ("Make and model", lambda row: row.model_name),
            ("Deepest", lambda row: _mm(row.label_max_mm)),
        ),
        related=("location",),
    ),
    Kind(
        "label-uses",
        PLACES,
        "Uses on device labels",
        "use on a label",
        "card-checklist",
        "Where a label names other skin types for one use than for the rest",
        models.DeviceLabelUse,
        forms.LabelUseForm,
        (
            ("Indication", lambda row: str(row.indication)),
            ("Skin types", _skin_types),
        ),
        related=("device__location", "indication"),
        name=lambda row: str(row.device),
    ),
    Kind(
        "people",
        PLACES,
        "Practitioners",
        "practitioner",
        "person-badge",
        "Who treats, where, and what they are trained for",
        models.Practitioner,
        forms.PractitionerForm,
        (
            ("Profession", lambda row: row.title or "–"),
            ("Locations", lambda row: _names(row.locations.all())),
            ("Decides reviews", lambda row: "Yes" if row.decides_reviews else "No"),
        ),
        prefetch=("locations",),
    ),
    Kind(
        "accounts",
        PLACES,
        "Accounts",
        "account",
        "person-lock",
        "Who may sign in, and in which role",
        models.User,
        forms.AccountForm,
        (
            ("Address", lambda row: row.email),
            ("Role", lambda row: row.get_role_display()),
            ("Location", lambda row: str(row.location)),
        ),
        related=("location",),
    ),
    Kind(
        "opening-hours",
        TIME,
        "Opening hours",
        "opening hours",
        "clock",
        "When each location is open, weekday by weekday",
        models.OpeningHours,
        forms.OpeningHoursForm,
        (
            ("Weekday", lambda row: row.get_weekday_display()),
            ("Hours", _span),
            ("Valid", _validity),
        ),
        related=("location",),
        name=lambda row: str(row.location),
    ),
    Kind(
        "working-hours",
        TIME,
        "Working hours",
        "working hours",
        "person-workspace",
        "When each practitioner works, and at which location",
        models.WorkingHours,
        forms.WorkingHoursForm,
        (
            ("Location", lambda row: str(row.location)),
            ("Weekday", lambda row: row.get_weekday_display()),
            ("Hours", _span),
            ("Valid", _validity),
        ),
        related=("practitioner", "location"),
        name=lambda row: str(row.practitioner),
    ),
    Kind(
        "time-off",
        TIME,
        "Time off",
        "time off",
        "airplane",
        "Leave of a practitioner, repairs of a room or device",
        models.Absence,
        forms.AbsenceForm,
        (("When", _away_when), ("Reason", lambda row: row.reason)),
        related=("practitioner", "room__location", "device__location"),
        prefetch=("practitioner__locations",),
        name=lambda row: str(row.resource),
    ),
    Kind(
        "closures",
        TIME,
        "Closures",
        "closure",
        "calendar-x",
        "Whole days on which a location is closed, such as public holidays",
        models.Closure,
        forms.ClosureForm,
        (
            ("Location", lambda row: str(row.location)),
            ("First day", lambda row: day_date(row.first_date)),
            ("Last day", lambda row: day_date(row.last_date)),
        ),
        related=("location",),
        name=lambda row: row.reason,
        said=lambda row: f"{row.reason}, {typed_date(row.first_date)}",
    ),
    Kind(
        "products",
        STOCK,
        "Products",
        "product",
        "box-seam",
        "Cartridges, gels and creams; numbing creams with the limits of their labels",
        models.Product,
        forms.ProductForm,
        (
            ("For", lambda row: row.get_kind_display()),
            ("Strength", lambda row: row.strength or "–"),
            ("Works after", lambda row: _minutes(row.min_minutes)),
            ("Largest area", lambda row: f"{row.max_area_cm2} cm²" if row.max_area_cm2 else "–"),
        ),
    ),
    Kind(
        "lots",
        STOCK,
        "Lots",
        "lot",
        "upc-scan",
        "Batches with their use-by date",
        models.Lot,
        forms.LotForm,
        (
            ("Product", lambda row: str(row.product)),
            ("Location", lambda row: str(row.location)),
            ("Use by", lambda row: day_date(row.expires_on)),
        ),
        related=("product", "location"),
        name=lambda row: row.number,
    ),
    Kind(
        "indications",
        CARE,
        "Indications",
        "indication",
        "bullseye",
        "Why you treat; what is switched off is not offered",
        models.Indication,
        forms.IndicationForm,
        (("Code", lambda row: row.code), ("Source", lambda row: row.source or "–")),
    ),
    Kind(
        "areas",
        CARE,
        "Treatment areas",
        "area",
        "person-arms-up",
        "Where you treat, with usual depth and the depth that needs a reason",
        models.TreatmentArea,
        forms.AreaForm,
        (
            ("Usual", lambda row: _mm(row.start_mm)),
            ("Reason above", lambda row: _mm(row.warn_mm)),
            ("Confidence", lambda row: row.confidence or "–"),
            ("Source", lambda row: row.source or "–"),
        ),
    ),
    Kind(
        "protocols",
        CARE,
        "Protocols",
        "protocol",
        "list-ol",
        "Visits, gaps and minutes of a course, per indication and version",
        Protocol,
        ProtocolForm,
        (
            ("Version", lambda row: str(row.number)),
            ("Visits", lambda row: f"{row.sessions_min} / {row.sessions_target} / {row.sessions_max}"),
            ("Gap", lambda row: f"{row.gap_min_days} / {row.gap_target_days} / {row.gap_max_days} d"),
            ("State", _state),
        ),
        related=("indication", "approved_by"),
        name=lambda row: str(row.indication),
    ),
    Kind(
        "consent-texts",
        CARE,
        "Consent texts",
        "consent text",
        "file-earmark-text",
        "What patients agree to, per indication, language and version",
        ConsentText,
        ConsentTextForm,
        (
            ("Language", lambda row: row.get_language_display()),
            ("Version", lambda row: str(row.number)),
            ("State", _state),
        ),
        related=("indication", "approved_by"),
        name=lambda row: str(row.indication),
        said=lambda row: f"{row.indication}, {row.get_language_display()}, version {row.number}",
    ),
)
BY_SLUG = {kind.slug: kind for kind in KINDS}


def kind_or_404(slug: str) -> Kind:
    """Find a kind by the slug of its address."""
    if slug not in BY_SLUG:
        raise Http404(slug)
    return BY_SLUG[slug]


def by_group() -> list[tuple[str, list[Kind]]]:
    """The kinds under their headings, in the order of the table."""
    return [(group, [kind for kind in KINDS if kind.group == group]) for group in (PLACES, TIME, STOCK, CARE)]
