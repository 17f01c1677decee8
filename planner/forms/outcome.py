"""Outcome scores as a form: a day, and one field per scale; what is empty was not scored."""

import datetime as dt
from collections.abc import Sequence

from django import forms

from clinic import clock
from clinic.dates import DateField
from planner.engine.outcomes import SCALES, Scale
from planner.models import TreatmentCourse
from planner.queries.review_record import ScoreRow


def _field(scale: Scale, before: str = "") -> forms.Field:
    hint = f"{scale.version}. {'Asked of the patient.' if scale.by_patient else 'Scored by you.'}"
    hint += f" At the start: {before}." if before else ""
    if scale.labels:
        steps = [("", "Not scored"), *((value, f"{value}, {words}") for value, words in scale.labels.items())]
        return forms.TypedChoiceField(
            label=scale.name, choices=steps, coerce=int, empty_value=None, required=False, help_text=hint
        )
    return forms.IntegerField(
        label=f"{scale.name} ({scale.low} to {scale.high})",
        required=False,
        help_text=hint,
        error_messages={"invalid": f"Write a whole number from {scale.low} to {scale.high}."},
        widget=forms.TextInput(attrs={"inputmode": "numeric", "autocomplete": "off"}),
    )


class ScoreForm(forms.Form):
    """The scores of one day."""

    use_required_attribute = False
    scored_on = DateField(label="Scored on")

    def __init__(self, data=None, *, course: TreatmentCourse, now: dt.datetime):
        today = clock.local_date(now, course.location.time_zone)
        super().__init__(data, initial={"scored_on": today})
        self.fields |= {code: _field(scale) for code, scale in SCALES.items()}

    def values(self) -> dict[str, int]:
        """What was scored, by scale code."""
        return {code: self.cleaned_data[code] for code in SCALES if self.cleaned_data.get(code) is not None}


class ReviewScoreForm(forms.Form):
    """The scores of a review, each with what was scored at the start."""

    use_required_attribute = False

    def __init__(self, data=None, *, rows: Sequence[ScoreRow]):
        self.rows = {row.scale.code: row for row in rows}
        super().__init__(data, initial={code: row.now.value for code, row in self.rows.items() if row.now})
        self.fields |= {code: _field(row.scale, row.before) for code, row in self.rows.items()}

    def values(self) -> dict[str, int]:
        """What is scored anew, by scale code."""
        typed = {code: self.cleaned_data.get(code) for code in self.rows}
        known = {code: row.now.value for code, row in self.rows.items() if row.now}
        return {
            code: value for code, value in typed.items() if value is not None and value != known.get(code)
        }
