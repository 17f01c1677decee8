"""The treatment step as a form: what was used, and depth, passes, technique and endpoint of each area."""

import datetime as dt
from dataclasses import dataclass
from dataclasses import field as dataclass_field
from decimal import Decimal, InvalidOperation
from functools import cached_property

from django import forms

from clinic.dates import TimeField
from clinic.models import Device, Product
from clinic.refusals import Refusal
from planner.forms.session import SCAN, SMALL, MeasureField, StepForm, StockField, line, pick
from planner.models import SessionArea, TreatmentSession
from planner.queries.record import LastTime, areas_in, last_time, planned_in
from planner.queries.sessions import lots_in_date
from planner.scanning import find_lot
from planner.treatment import DEPTHS, AreaEntry, Needling, Supplies

LOTS = {"glide_lot": Product.Kind.GLIDE, "finishing_lot": Product.Kind.FINISHING}
SCANNED = {
    Product.Kind.CARTRIDGE: "cartridge_lot",
    Product.Kind.GLIDE: "glide_lot",
    Product.Kind.FINISHING: "finishing_lot",
}
FEWEST_PLACES, MOST_PLACES = 3, 12  # of the cartridges of one visit
SUPPLIES_BEFORE = ("device", "speed_hz", "skin_prep", "glide_lot", "finishing_lot")
TIMES = ("needling_started_at", "needling_ended_at")
PARTS = ("depth", "passes", "technique", "endpoint")


class DeviceSelect(forms.Select):
    """Devices, each with the depth of its label: the page asks for a reason as soon as it is passed."""

    def create_option(self, name, value, *args, **kwargs):
        """Add the depth to the option."""
        option = super().create_option(name, value, *args, **kwargs)
        if device := getattr(value, "instance", None):
            option["attrs"]["data-most"] = f"{device.label_max_mm:.2f}"
        return option


def place(number: int) -> str:
    """The ending of the names of the nth cartridge's fields."""
    return f"_{number}" if number > 1 else ""


class TreatmentForm(StepForm):
    """Device, lots and cartridges, and one row of fields per area of the visit."""

    device = forms.ModelChoiceField(
        Device.objects.none(),
        label="Device",
        required=False,
        empty_label="Pick one",
        widget=DeviceSelect(attrs={"class": "form-select"}),
        error_messages={"invalid_choice": "Pick a device that is in use here."},
    )
    cartridge_lot = StockField(label="Cartridge and lot")
    serial = line("Its serial", 40)
    scan = line("Scan or type a lot", 120, **SCAN)
    speed_hz = forms.IntegerField(
        label="Speed (Hz)",
        required=False,
        error_messages={"invalid": "Write a whole number from 0 to 200."},
        widget=forms.TextInput(attrs=SMALL | {"inputmode": "numeric"}),
    )
    skin_prep = line("Skin preparation", 80)
    allergies_checked = forms.BooleanField(label="Compared with the allergies", required=False)
    opened_today = forms.BooleanField(label="Cartridges sterile, sealed, opened today", required=False)
    treated_cm2 = forms.IntegerField(
        label="Treated area (cm²), all together",
        required=False,
        error_messages={"invalid": "Write a whole number from 1 to 2000."},
        widget=forms.TextInput(attrs=SMALL | {"inputmode": "numeric"}),
    )
    glide_lot = StockField(label="Glide gel and lot")
    finishing_lot = StockField(label="Finishing cream and lot")
    depth_reason = line("Why deeper than usual", 300)
    stopped_early = forms.BooleanField(label="Stopped early", required=False)
    needling_started_at = TimeField(label="Needling started", required=False)
    needling_ended_at = TimeField(label="Needling ended", required=False)

    def __init__(self, data=None, *, session: TreatmentSession, now: dt.datetime):
        self.areas = planned_in(session.appointment)
        super().__init__(data, session=session, now=now)
        for number in range(2, self._places() + 1):
            self.fields[f"cartridge_lot{place(number)}"] = StockField(label=f"Cartridge {number} and lot")
            self.fields[f"serial{place(number)}"] = line("Its serial", 40)
        cartridges = {f"cartridge_lot{ending}": Product.Kind.CARTRIDGE for ending in self.places}
        names = LOTS | cartridges
        kept = [self.initial.get(name) for name in names]
        lots = list(lots_in_date(self.location, set(names.values()), self.today, kept=kept))
        for name, kind in names.items():
            self.fields[name].offer(lot for lot in lots if lot.product.kind == kind)
        self.fields["device"].queryset = session.practitioner.devices.filter(
            location=self.location, is_active=True
        )
        for name in TIMES:
            self.fields[name].widget.attrs["class"] = "form-control"
        for area in self.areas:
            self._add_area(area)

    @cached_property
    def _before_this(self) -> LastTime:
        """Earlier visits; read when they are shown or copied, not to save a change."""
        area_ids = [area.pk for area in self.areas]
        return last_time(self.session.patient, area_ids, self.session.started_at)

    @property
    def last(self) -> TreatmentSession | None:
        """The newest signed record before this one."""
        return self._before_this.session

    @property
    def last_areas(self) -> dict[int, SessionArea]:
        """By area: what was set there last time."""
        return self._before_this.areas

    def _places(self) -> int:
        """How many cartridges the form has room for: those there are, and one more."""
        endings = [place(number) for number in range(1, MOST_PLACES + 1)]
        held = {**self.initial, **(self.data or {})}
        filled = [number for number, ending in enumerate(endings, 1) if held.get(f"cartridge_lot{ending}")]
        return min(MOST_PLACES, max(FEWEST_PLACES, *(number + 1 for number in filled), 0))

    @property
    def places(self) -> list[str]:
        """The endings of the names of the cartridge fields."""
        return [name.removeprefix("serial") for name in self.fields if name.startswith("serial")]

    def _add_area(self, area) -> None:
        least, most = DEPTHS
        depth = _stepper("0.25", least, most, f"{area.start_mm:.2f}") | {
            "data-unit": "mm",
            "inputmode": "decimal",
            "data-warn": f"{area.warn_mm:.2f}",
        }
        passes = _stepper("1", 1, 12, 1) | {"inputmode": "numeric"}
        self.fields |= {
            f"depth-{area.pk}": MeasureField(
                label=f"Depth, {area.name}", required=False, widget=forms.TextInput(attrs=depth)
            ),
            f"passes-{area.pk}": forms.IntegerField(
                label=f"Passes, {area.name}",
                required=False,
                error_messages={"invalid": "Write a whole number from 1 to 12."},
                widget=forms.TextInput(attrs=passes),
            ),
            f"technique-{area.pk}": pick(f"Technique, {area.name}", SessionArea.Technique.choices),
            f"endpoint-{area.pk}": pick(f"Endpoint, {area.name}", SessionArea.Endpoint.choices),
        }

    def stored(self) -> dict:
        """What the record holds; the booked device where none is recorded yet."""
        session = self.session
        stored = {
            "device": session.device_id or session.appointment.device_id,
            "skin_prep": session.skin_prep,
            "glide_lot": session.glide_lot_id,
            "finishing_lot": session.finishing_lot_id,
            "allergies_checked": session.allergies_checked,
            "treated_cm2": session.treated_cm2,
            "depth_reason": session.depth_reason,
            "stopped_early": session.stopped_early,
            "speed_hz": session.speed_hz,
            **{name: self.local_time(getattr(session, name)) for name in TIMES},
        }
        cartridges = list(session.cartridges.select_related("unit").order_by("pk"))
        stored["opened_today"] = bool(cartridges) and all(use.opened_today for use in cartridges)
        for number, use in enumerate(cartridges, 1):
            stored[f"cartridge_lot{place(number)}"] = use.unit.lot_id
            stored[f"serial{place(number)}"] = use.unit.serial
        for link in areas_in(session):
            values = (link.depth_mm, link.passes, link.technique, link.endpoint)
            stored |= {f"{part}-{link.area_id}": value for part, value in zip(PARTS, values, strict=True)}
        return stored

    def clean(self):
        """A serial belongs to a lot."""
        data = super().clean()
        for ending in self.places:
            lot = f"cartridge_lot{ending}"
            if data.get(f"serial{ending}") and not data.get(lot) and lot not in self.errors:
                self.add_error(lot, "Pick the lot of this cartridge.")
        return data

    def _start_at_last_time(self) -> None:
        """Let the steppers of empty fields begin where they ended last time."""
        for pk, link in self.last_areas.items():
            for part, first in (("depth", f"{link.depth_mm:.2f}"), ("passes", str(link.passes))):
                self.fields[f"{part}-{pk}"].widget.attrs["data-first"] = first

    @property
    def rows(self) -> list[dict]:
        """One row per area of the visit: its fields, and what was set last time."""
        self._start_at_last_time()
        return [
            {
                "number": number,
                "area": area,
                "last": self.last_areas.get(area.pk),
                "before": self._before(area.pk),
                "differs": self._differs(self._before(area.pk)),
                **{part: self[f"{part}-{area.pk}"] for part in PARTS},
            }
            for number, area in enumerate(self.areas, 1)
        ]

    @property
    def further(self) -> list[tuple]:
        """The fields of the cartridges after the first."""
        return [(self[f"cartridge_lot{ending}"], self[f"serial{ending}"]) for ending in self.places[1:]]

    @property
    def has_room(self) -> bool:
        """Whether one more may be added after the next save."""
        return len(self.places) < MOST_PLACES

    @property
    def has_further(self) -> bool:
        """Whether one of them is filled in or refused."""
        return any(field.value() or field.errors for pair in self.further for field in pair)

    @property
    def used_before(self) -> dict[str, dict]:
        """By supply: what was used at the last visit, in words, and whether it differs from what is there."""
        if not self.last:
            return {}
        said = {}
        for name in SUPPLIES_BEFORE:
            value = getattr(self.last, name)
            before = {name: _key(value)}
            if value not in (None, ""):
                words = value.number if hasattr(value, "number") else str(value)
                said[name] = {"words": words, "before": before, "differs": self._differs(before)}
        return said

    def _before(self, area_id: int) -> dict[str, str]:
        """By field: what was set in this area last time."""
        last = self.last_areas.get(area_id)
        if last is None:
            return {}
        values = zip(PARTS[:3], (last.depth_mm, last.passes, last.technique), strict=True)
        return {f"{part}-{area_id}": _key(value) for part, value in values}

    def _differs(self, before: dict[str, str]) -> list[str]:
        """Which of the fields that are filled in say something else: `depth`, `passes`, or a supply."""
        now = {name: _key(self[name].value()) for name in before}
        other = [name for name, said in before.items() if now[name] and _plain(now[name]) != _plain(said)]
        return [name.partition("-")[0] for name in other]

    def entries(self) -> list[AreaEntry]:
        """The areas with anything recorded; the others were not treated."""
        data = self.cleaned_data
        entries = [
            AreaEntry(
                area.pk,
                data[f"depth-{area.pk}"],
                data[f"passes-{area.pk}"],
                data[f"technique-{area.pk}"] or "",
                data[f"endpoint-{area.pk}"] or "",
            )
            for area in self.areas
        ]
        return [entry for entry in entries if entry != AreaEntry(entry.area_id)]

    def values(self, stamp: str = "") -> dict:
        """What `save_treatment` takes; `stamp` is start or end."""
        data = self.cleaned_data
        names = set(Supplies.__dataclass_fields__) - {"further"}
        pairs = [(data[f"cartridge_lot{ending}"], data[f"serial{ending}"]) for ending in self.places[1:]]
        return {
            "areas": self.entries(),
            "supplies": Supplies(
                **{name: data[name] for name in names}, further=tuple(pair for pair in pairs if pair[0])
            ),
            "needling": self._needling(),
            "started": stamp == "start",
            "ended": stamp == "end",
        }

    def _needling(self) -> Needling:
        """The times as typed; in the minute of what comes before, a typed time is not before it."""
        started = self.not_before("needling_started_at", self.session.numbing_off_at)
        return Needling(started, self.not_before("needling_ended_at", started))

    def copied(self, data) -> tuple[object, "Copied"]:
        """What was typed with the empty settings taken from last time, and what came of each.

        What was seen (the endpoint) and cartridges are never copied.
        """
        filled, copied = data.copy(), Copied()
        for name, value in self._settings_before().items():
            label = self.fields[name].label
            if value in ("", None):
                continue
            if filled.get(name):
                if _plain(filled[name]) != _plain(_key(value)):
                    copied.kept.append(label)
            elif (name in LOTS and str(value) not in self.fields[name].lots) or (
                name == "device" and not self.fields[name].queryset.filter(pk=value).exists()
            ):
                copied.gone.append(label)
            else:
                filled[name] = str(value)
                copied.names.append(name)
                copied.filled.append(label)
        return filled, copied

    def _settings_before(self) -> dict:
        settings = {}
        if self.last:
            settings = {"skin_prep": self.last.skin_prep, "speed_hz": self.last.speed_hz}
            settings |= {name: getattr(self.last, f"{name}_id") for name in ("device", *LOTS)}
        for pk, link in self.last_areas.items():
            settings |= {
                f"depth-{pk}": link.depth_mm,
                f"passes-{pk}": link.passes,
                f"technique-{pk}": link.technique,
            }
        return settings

    def scanned(self, data) -> tuple[object, str]:
        """What was typed with the scanned pack in its place, and what was found; refuses a numbing cream."""
        lot, serial = find_lot(self.location, data.get("scan", ""), kinds=set(SCANNED), on=self.today)
        filled, name = data.copy(), SCANNED[lot.product.kind]
        if lot.product.kind == Product.Kind.CARTRIDGE:
            endings = [place(number) for number in range(1, MOST_PLACES + 1)]
            free = next((ending for ending in endings if not filled.get(name + ending)), None)
            if free is None:
                raise Refusal("too_many", f"A visit has {MOST_PLACES} cartridges at most.", field="scan")
            filled[f"serial{free}"], name = serial, name + free
        filled[name], filled["scan"] = str(lot.pk), ""
        return filled, f"{lot.product}, lot {lot.number}{f', serial {serial}' if serial else ''}."


@dataclass
class Copied:
    """What "Copy last visit" did: filled in, kept because typed otherwise, left out because out of stock."""

    names: list[str] = dataclass_field(default_factory=list)
    filled: list[str] = dataclass_field(default_factory=list)
    kept: list[str] = dataclass_field(default_factory=list)
    gone: list[str] = dataclass_field(default_factory=list)

    @property
    def words(self) -> str:
        """All three, in sentences."""
        parts = {
            "Copied, check each": self.filled,
            "Kept as typed": self.kept,
            "Not here now": self.gone,
        }
        said = [f"{what}: {', '.join(labels)}." for what, labels in parts.items() if labels]
        return " ".join(said) or "Nothing was empty."


def _key(value) -> str:
    """A value as a form sends it."""
    return str(getattr(value, "pk", value)) if value not in (None, "") else ""


def _plain(text: str) -> str:
    """A number without its closing zeros and with a point; any other text as it is."""
    try:
        return f"{Decimal(text.replace(',', '.')).normalize():f}"
    except InvalidOperation:
        return text


def _stepper(stop: str, least, most, first) -> dict[str, str]:
    return {
        "autocomplete": "off",
        "data-stop": stop,
        "data-least": str(least),
        "data-most": str(most),
        "data-first": str(first),
    }
