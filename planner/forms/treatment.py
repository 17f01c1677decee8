"""The treatment step as a form: what was used, and depth, passes, technique and endpoint of each area."""

import datetime as dt

from django import forms

from clinic.dates import TimeField
from clinic.models import Device, Product
from planner.forms.session import MeasureField, StepForm, StockField, line, pick
from planner.models import SessionArea, TreatmentSession
from planner.queries.record import last_time
from planner.queries.sessions import areas_of, lots_in_date
from planner.treatment import DEPTHS, AreaEntry, Needling, Supplies

LOTS = {
    "cartridge_lot": Product.Kind.CARTRIDGE,
    "cartridge_lot_2": Product.Kind.CARTRIDGE,
    "cartridge_lot_3": Product.Kind.CARTRIDGE,
    "glide_lot": Product.Kind.GLIDE,
    "finishing_lot": Product.Kind.FINISHING,
}
PLACES = ("", "_2", "_3")  # of the cartridges of one visit
TIMES = ("needling_started_at", "needling_ended_at")
PARTS = ("depth", "passes", "technique", "endpoint")


class TreatmentForm(StepForm):
    """Device, lots and cartridges, and one row of fields per area of the visit."""

    device = forms.ModelChoiceField(
        Device.objects.none(),
        label="Device",
        required=False,
        empty_label="Pick one",
        widget=forms.Select(attrs={"class": "form-select"}),
        error_messages={"invalid_choice": "Pick a device that is in use here."},
    )
    cartridge_lot = StockField(label="Cartridge and lot")
    serial = line("Its serial", 40)
    cartridge_lot_2 = StockField(label="Second cartridge and lot")
    serial_2 = line("Its serial", 40)
    cartridge_lot_3 = StockField(label="Third cartridge and lot")
    serial_3 = line("Its serial", 40)
    skin_prep = line("Skin preparation", 80)
    glide_lot = StockField(label="Glide gel and lot")
    finishing_lot = StockField(label="Finishing cream and lot")
    depth_reason = line("Why deeper than usual", 300)
    stopped_early = forms.BooleanField(label="Stopped early", required=False)
    needling_started_at = TimeField(label="Needling started", required=False)
    needling_ended_at = TimeField(label="Needling ended", required=False)

    def __init__(self, data=None, *, session: TreatmentSession, now: dt.datetime):
        self.areas = areas_of(session.appointment)
        before = last_time(session.patient, [area.pk for area in self.areas], session.started_at)
        self.last, self.last_areas = before.session, before.areas
        super().__init__(data, session=session, now=now)
        for name, kind in LOTS.items():
            kept = self.initial.get(name)
            self.fields[name].queryset = lots_in_date(self.location, kind, self.today, kept=kept)
        self.fields["device"].queryset = session.practitioner.devices.filter(
            location=self.location, is_active=True
        )
        for name in TIMES:
            self.fields[name].widget.attrs["class"] = "form-control"
        for area in self.areas:
            self._add_area(area)

    def _add_area(self, area) -> None:
        last, (least, most) = self.last_areas.get(area.pk), DEPTHS
        first = last.depth_mm if last else area.start_mm
        depth = _stepper("0.25", least, most, f"{first:.2f}") | {
            "data-unit": "mm",
            "inputmode": "decimal",
            "data-warn": f"{area.warn_mm:.2f}",
        }
        passes = _stepper("1", 1, 12, last.passes if last else 1) | {"inputmode": "numeric"}
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
            "depth_reason": session.depth_reason,
            "stopped_early": session.stopped_early,
            **{name: self.local_time(getattr(session, name)) for name in TIMES},
        }
        cartridges = session.cartridges.select_related("unit").order_by("pk")
        for place, use in zip(PLACES, cartridges, strict=False):
            stored |= {f"cartridge_lot{place}": use.unit.lot_id, f"serial{place}": use.unit.serial}
        for link in session.areas.all():
            values = (link.depth_mm, link.passes, link.technique, link.endpoint)
            stored |= {f"{part}-{link.area_id}": value for part, value in zip(PARTS, values, strict=True)}
        return stored

    def clean(self):
        """A serial belongs to a lot."""
        data = super().clean()
        for place in PLACES:
            lot = f"cartridge_lot{place}"
            if data.get(f"serial{place}") and not data.get(lot) and lot not in self.errors:
                self.add_error(lot, "Pick the lot of this cartridge.")
        return data

    @property
    def rows(self) -> list[dict]:
        """One row per area of the visit: its fields, and what was set last time."""
        return [
            {
                "number": number,
                "area": area,
                "last": self.last_areas.get(area.pk),
                **{part: self[f"{part}-{area.pk}"] for part in PARTS},
            }
            for number, area in enumerate(self.areas, 1)
        ]

    @property
    def further(self) -> list[tuple]:
        """The fields of the second and third cartridge."""
        return [(self[f"cartridge_lot{place}"], self[f"serial{place}"]) for place in PLACES[1:]]

    @property
    def has_further(self) -> bool:
        """Whether one of them is filled in or refused."""
        return any(field.value() or field.errors for pair in self.further for field in pair)

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
        pairs = [(data[f"cartridge_lot{place}"], data[f"serial{place}"]) for place in PLACES[1:]]
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
        started = self._not_before("needling_started_at", self.session.numbing_off_at)
        return Needling(started, self._not_before("needling_ended_at", started))

    def _not_before(self, name: str, earlier: dt.datetime | None) -> dt.datetime | None:
        if name not in self.data:
            return getattr(self.session, name)
        instant = self.instant(name)
        is_same_minute = earlier is not None and self.local_time(instant) == self.local_time(earlier)
        return max(instant, earlier) if is_same_minute else instant

    def copied(self, data) -> tuple[object, list[str]]:
        """What was typed with the empty settings taken from last time, and the names of those.

        What was seen (the endpoint) and cartridges are never copied.
        """
        filled, names = data.copy(), []
        for name, value in self._settings_before().items():
            if value not in ("", None) and not filled.get(name):
                filled[name] = str(value)
                names.append(name)
        return filled, names

    def _settings_before(self) -> dict:
        settings = {}
        if self.last:
            settings["skin_prep"] = self.last.skin_prep
            for name in ("device", "glide_lot", "finishing_lot"):
                before = getattr(self.last, f"{name}_id")
                if self.fields[name].queryset.filter(pk=before).exists():
                    settings[name] = before
        for pk, link in self.last_areas.items():
            settings |= {
                f"depth-{pk}": link.depth_mm,
                f"passes-{pk}": link.passes,
                f"technique-{pk}": link.technique,
            }
        return settings


def _stepper(stop: str, least, most, first) -> dict[str, str]:
    return {
        "autocomplete": "off",
        "data-stop": stop,
        "data-least": str(least),
        "data-most": str(most),
        "data-first": str(first),
    }
