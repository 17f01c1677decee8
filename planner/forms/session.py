"""The treatment room's steps as forms: start, numbing, finish, a correction. All may be empty until signed.

The fields have the names that the commands' refusals use; times are local.
"""

import datetime as dt
from collections.abc import Iterable

from django import forms

from clinic import clock
from clinic.dates import DateField, DateInput, TimeField
from clinic.models import Lot, Product
from clinic.words import day_date
from planner.models import TreatmentSession
from planner.queries.sessions import lots_in_date
from planner.scanning import find_lot
from planner.sheets import sheet_languages

SCAN = {"data-scan": "yes", "autocapitalize": "characters", "spellcheck": "false"}
FINISH_LINES = ("patient_note", "limits_reason", "photos_missing_reason", "decision", "decision_reason")
CREAM_TIMES = ("numbing_on_at", "numbing_off_at", "own_cream_on_at", "own_cream_off_at")
STAMPS = {"on": "numbing_on_at", "off": "numbing_off_at", "own_off": "own_cream_off_at"}
LEVELS = [(0, "None"), (1, "Mild"), (2, "Moderate"), (3, "Strong")]
SMALL = {"class": "form-control", "autocomplete": "off"}


class MeasureField(forms.DecimalField):
    """A number with a point or a comma."""

    default_error_messages = {"invalid": "Write a number such as 1.50."}

    def to_python(self, value):
        """Read both decimal signs."""
        return super().to_python(value.replace(",", ".") if isinstance(value, str) else value)


class StockField(forms.ChoiceField):
    """A lot with its number and expiry; the form offers its lots once they are read, all kinds together."""

    default_error_messages = {"invalid_choice": "Pick a lot that is in stock here and in date."}

    def __init__(self, **kwargs):
        super().__init__(required=False, widget=forms.Select(attrs={"class": "form-select"}), **kwargs)
        self.lots: dict[str, Lot] = {}

    def offer(self, lots: Iterable[Lot]) -> None:
        """Let one of these be picked."""
        self.lots = {str(lot.pk): lot for lot in lots}
        self.choices = [("", "Pick one"), *((key, self.said(lot)) for key, lot in self.lots.items())]

    def clean(self, value) -> Lot | None:
        """The lot that was picked."""
        return self.lots.get(super().clean(value))

    def said(self, lot: Lot) -> str:
        """`LM-204 · LMX 4 · to 30 Sep 2027`: the number first, it is what is compared with the box."""
        return f"{lot.number} · {lot.product} · to {day_date(lot.expires_on, weekday=False)}"


def pick(label: str, choices, **kwargs) -> forms.TypedChoiceField:
    """One of a few big buttons, none at first."""
    return forms.TypedChoiceField(
        label=label, choices=choices, empty_value=None, widget=forms.RadioSelect, required=False, **kwargs
    )


def line(label: str, most: int, **attrs) -> forms.CharField:
    """A line of text."""
    return forms.CharField(
        label=label, max_length=most, required=False, widget=forms.TextInput(attrs=SMALL | attrs)
    )


def password_field() -> forms.CharField:
    """The password of whoever signs; Enter in it signs."""
    attrs = {"autocomplete": "current-password", "class": "form-control", "data-signs": "yes"}
    return forms.CharField(
        label="Your password", required=False, strip=False, widget=forms.PasswordInput(attrs=attrs)
    )


class StartForm(forms.Form):
    """What is read back with the patient before a record is opened."""

    use_required_attribute = False
    identity_checked = forms.BooleanField(required=False)
    birth_date = DateField(
        label="Birth date, as the patient says it",
        required=False,
        widget=DateInput(attrs={"class": "form-control", "inputmode": "text"}),
    )
    consent_read = forms.BooleanField(required=False)


class StepForm(forms.Form):
    """One step of a record; `version` is the one the page was drawn from."""

    use_required_attribute = False
    version = forms.IntegerField(min_value=1, widget=forms.HiddenInput)

    def __init__(self, data=None, *, session: TreatmentSession, now: dt.datetime):
        self.session, self.now = session, now
        self.location = session.appointment.location
        self.today = clock.local_date(now, self.location.time_zone)
        super().__init__(data, initial=self.stored() | {"version": session.version})

    def stored(self) -> dict:
        """What the record holds, as the fields show it."""
        raise NotImplementedError

    def values(self, stamp: str = "") -> dict:
        """What the command takes; `stamp` names the time the server writes."""
        raise NotImplementedError

    def local_time(self, instant: dt.datetime | None) -> dt.time | None:
        """The wall-clock minute of an instant."""
        if instant is None:
            return None
        wall = clock.local(instant, self.location.time_zone)
        return dt.time(wall.hour, wall.minute)

    def not_before(self, name: str, earlier: dt.datetime | None) -> dt.datetime | None:
        """A typed minute; in the minute of what comes before, it is not before it."""
        if name not in self.data:
            return getattr(self.session, name)
        instant = self.instant(name)
        is_same_minute = earlier is not None and self.local_time(instant) == self.local_time(earlier)
        return max(instant, earlier) if is_same_minute else instant

    def instant(self, name: str) -> dt.datetime | None:
        """A typed minute on the visit's day, of two the last that has come; unchanged it keeps seconds."""
        typed, stored = self.cleaned_data[name], getattr(self.session, name)
        if typed is None or typed == self.local_time(stored):
            return stored if typed else None
        return clock.newest(self.session.appointment.on, typed, self.location.time_zone, self.now)


class NumbingForm(StepForm):
    """Numbing: used or not, which lot, how much, how long (clinical-facts 4.2)."""

    numbing_used = pick(
        "Numbing cream", [("yes", "Used"), ("no", "Not used")], coerce=lambda said: said == "yes"
    )
    numbing_lot = StockField(label="Cream and lot")
    numbing_grams = MeasureField(
        label="Amount (g)",
        min_value=0,
        max_digits=5,
        decimal_places=1,
        required=False,
        widget=forms.TextInput(attrs=SMALL | {"inputmode": "decimal"}),
    )
    numbing_area_cm2 = forms.IntegerField(
        label="Covered area (cm²), all sites together",
        min_value=0,
        required=False,
        widget=forms.TextInput(attrs=SMALL | {"inputmode": "numeric"}),
    )
    numbing_sites = forms.IntegerField(
        label="On how many sites",
        min_value=1,
        max_value=99,
        required=False,
        widget=forms.TextInput(attrs=SMALL | {"inputmode": "numeric"}),
    )
    numbing_prescriber = line("Prescribed by", 80)
    numbing_covered = forms.BooleanField(label="Under a dressing", required=False)
    numbing_applied_by = pick("Put on by", TreatmentSession.AppliedBy.choices)
    scan = line("Scan or type a lot", 120, **SCAN)
    numbing_on_at = TimeField(label="Cream on", required=False)
    numbing_off_at = TimeField(label="Cream off and fully removed", required=False)
    own_cream = pick(
        "Did the patient put on a cream of their own?",
        [("yes", "Yes"), ("no", "No")],
        coerce=lambda said: said == "yes",
    )
    other_anaesthetic = line("Other local anaesthetic today", 120)
    own_cream_product = line("Which product", 80)
    own_cream_strength = line("Strength", 40)
    own_cream_grams = MeasureField(
        label="Grams, about",
        min_value=0,
        max_digits=5,
        decimal_places=1,
        required=False,
        widget=forms.TextInput(attrs=SMALL | {"inputmode": "decimal"}),
    )
    own_cream_covered = forms.BooleanField(label="Wrapped", required=False)
    own_cream_on_at = TimeField(label="Put on at home", required=False)
    own_cream_off_at = TimeField(label="Off and fully removed", required=False)

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        kept = [self.session.numbing_lot_id]
        lots = lots_in_date(self.location, [Product.Kind.NUMBING], self.today, kept=kept)
        self.fields["numbing_lot"].offer(lots)
        for name in CREAM_TIMES:
            self.fields[name].widget.attrs["class"] = "form-control"

    @property
    def has_prescribed(self) -> bool:
        """Whether a cream of the list needs a prescriber, or one is written."""
        lots = self.fields["numbing_lot"].lots.values()
        return any(lot.product.needs_prescriber for lot in lots) or bool(self["numbing_prescriber"].value())

    def stored(self) -> dict:
        """What the record holds."""
        session = self.session
        return {
            "numbing_used": {True: "yes", False: "no", None: ""}[session.numbing_used],
            "numbing_lot": session.numbing_lot_id,
            "numbing_grams": session.numbing_grams,
            "numbing_area_cm2": session.numbing_area_cm2,
            "numbing_sites": session.numbing_sites,
            "numbing_prescriber": session.numbing_prescriber,
            "other_anaesthetic": session.other_anaesthetic,
            "numbing_covered": session.numbing_covered,
            "numbing_applied_by": session.numbing_applied_by,
            "own_cream": {True: "yes", False: "no", None: ""}[session.own_cream],
            "own_cream_product": session.own_cream_product,
            "own_cream_strength": session.own_cream_strength,
            "own_cream_grams": session.own_cream_grams,
            "own_cream_covered": session.own_cream_covered,
            **{name: self.local_time(getattr(session, name)) for name in CREAM_TIMES},
        }

    def clean(self):
        """Amounts and times belong to a cream that was used."""
        data = super().clean()
        filled = any(data.get(name) for name in ("numbing_lot", "numbing_grams", "numbing_on_at"))
        if filled and data.get("numbing_used") is None and "numbing_used" not in self.errors:
            self.add_error("numbing_used", "Say whether numbing cream was used.")
        own = any(data.get(f"own_cream_{part}") for part in ("product", "strength", "grams", "on_at"))
        if own and data.get("own_cream") is None and "own_cream" not in self.errors:
            self.add_error("own_cream", "Say whether the patient put on a cream of their own.")
        return data

    def values(self, stamp: str = "") -> dict:
        """The fields of the command; `on`, `off` and `own_off` take the server's time."""
        data = {name: value for name, value in self.cleaned_data.items() if name not in ("version", "scan")}
        data["numbing_applied_by"] = data["numbing_applied_by"] or ""
        for name in CREAM_TIMES:
            data[name] = self.now if STAMPS.get(stamp) == name else self.instant(name)
        return data

    def scanned(self, data) -> tuple[object, str]:
        """What was typed with the scanned cream picked, and what was found; refuses another product."""
        kinds = [Product.Kind.NUMBING]
        lot, _ = find_lot(self.location, data.get("scan", ""), kinds=kinds, on=self.today)
        filled = data.copy()
        filled["numbing_lot"], filled["scan"] = str(lot.pk), ""
        filled["numbing_used"] = "yes"
        return filled, f"{lot.product}, lot {lot.number}."


class FinishForm(StepForm):
    """Finish: pain, reaction, fit to leave, sharps, notes, the language of the sheet."""

    pain = pick("Worst pain during treatment", [(number, str(number)) for number in range(11)], coerce=int)
    redness = pick("Redness", LEVELS, coerce=int)
    swelling = pick("Swelling", LEVELS, coerce=int)
    bleeding = pick("Bleeding", TreatmentSession.Bleeding.choices)
    pressure_minutes = forms.IntegerField(
        label="Minutes of pressure",
        min_value=1,
        max_value=999,
        required=False,
        widget=forms.TextInput(attrs=SMALL | {"inputmode": "numeric"}),
    )
    reactions = forms.MultipleChoiceField(
        label="Other reactions",
        choices=TreatmentSession.Reaction.choices,
        widget=forms.CheckboxSelectMultiple,
        required=False,
    )
    reaction_note = line("About the reaction", 300)
    observed_until_at = TimeField(label="Observed until", required=False)
    fit_to_leave = forms.BooleanField(label="Observed and fit to leave", required=False)
    sharps_disposed = forms.BooleanField(label="Sharps disposed of", required=False)
    note = forms.CharField(
        label="Note for the record",
        max_length=2000,
        required=False,
        widget=forms.Textarea(attrs={"class": "form-control", "rows": 2}),
    )
    patient_note = line("Note on the patient's sheet", 200)
    decision = pick("The course after this visit", TreatmentSession.Decision.choices)
    decision_reason = line("Why it changes", 300)
    limits_reason = line("Why outside the usual limits", 300)
    photos_missing_reason = line("Why photos are missing", 300)
    password = password_field()
    language = forms.ChoiceField(
        label="Aftercare in", required=False, widget=forms.Select(attrs={"class": "form-select"})
    )

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["language"].choices = [("", "Pick one"), *sheet_languages().items()]
        self.fields["observed_until_at"].widget.attrs["class"] = "form-control"

    def stored(self) -> dict:
        """What the record holds."""
        session = self.session
        names = ("pain", "redness", "swelling", "reactions", "reaction_note", "sharps_disposed", "note")
        names = (*names, "bleeding", "pressure_minutes")
        return {name: getattr(session, name) for name in (*names, *FINISH_LINES)} | {
            "observed_until_at": self.local_time(session.observed_until_at),
            "fit_to_leave": session.fit_to_leave_at is not None,
            "language": session.patient.language,
        }

    def values(self, stamp: str = "") -> dict:
        """FINISH_FIELDS of the command; fit to leave is stamped once, and observation ends with it."""
        other = ("version", "language", "password", "fit_to_leave")
        data = {name: value for name, value in self.cleaned_data.items() if name not in other}
        fit, data["decision"] = self.cleaned_data["fit_to_leave"], data["decision"] or ""
        data["bleeding"] = data["bleeding"] or ""
        until = self.not_before("observed_until_at", self.session.needling_ended_at)
        if until is None and fit and not self.session.fit_to_leave_at:
            until = self.now
        left_at = (self.session.fit_to_leave_at or self.now) if fit else None
        return data | {"observed_until_at": until, "fit_to_leave_at": left_at}


class CloseForm(forms.Form):
    """Why a record ends without a treatment."""

    version = forms.IntegerField(min_value=1, widget=forms.HiddenInput)
    reason = forms.CharField(label="Why was nothing done?", max_length=300)
    password = forms.CharField(
        label="Your password",
        strip=False,
        widget=forms.PasswordInput(attrs={"autocomplete": "current-password"}),
    )


class AmendForm(forms.Form):
    """A dated correction beside a signed record."""

    text = forms.CharField(
        label="Correction",
        max_length=2000,
        required=False,
        widget=forms.Textarea(attrs={"class": "form-control", "rows": 3}),
    )
    password = forms.CharField(
        label="Your password",
        required=False,
        strip=False,
        widget=forms.PasswordInput(attrs={"autocomplete": "current-password", "class": "form-control"}),
    )
