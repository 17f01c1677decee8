"""The last step of a review as a form: a reaction, what was found, why something is missing, the password."""

from django import forms

from planner.forms.session import StepForm, line, password_field, pick

NAMES = ("has_reaction", "note", "left_out_reason")


class ReviewFinishForm(StepForm):
    """Reactions, the note, and the signature."""

    has_reaction = pick(
        "Is a reaction still there, or was there one since the last visit?",
        [("no", "No"), ("yes", "Yes")],
        coerce=lambda said: said == "yes",
    )
    note = forms.CharField(
        label="What was found, and what is agreed",
        max_length=2000,
        required=False,
        widget=forms.Textarea(attrs={"class": "form-control", "rows": 3}),
    )
    left_out_reason = line("Why photos or scores are missing", 300)
    password = password_field()

    def stored(self) -> dict:
        """What the record holds."""
        said = {None: None, True: "yes", False: "no"}[self.session.has_reaction]
        return {"has_reaction": said, "note": self.session.note} | {
            "left_out_reason": self.session.left_out_reason
        }

    def values(self, stamp: str = "") -> dict:
        """What `save_review` takes."""
        return {name: self.cleaned_data[name] for name in NAMES}
