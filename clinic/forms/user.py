"""What people set for themselves."""

from crispy_forms.helper import FormHelper
from crispy_forms.layout import Field, Layout
from django import forms

from clinic.models import User


class UserSettingsForm(forms.Form):
    """Keys and colours; everybody has their own."""

    keys_on = forms.BooleanField(
        label="Single keys do something",
        required=False,
        help_text="Such as C to plan a course. Switch them off if keys are pressed by accident or by voice.",
    )
    appearance = forms.ChoiceField(
        label="Appearance", choices=User.Appearance.choices, widget=forms.RadioSelect
    )

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.helper = FormHelper()
        self.helper.form_tag = False
        self.helper.disable_csrf = True
        self.helper.form_show_errors = False  # the page has its own summary
        self.helper.layout = Layout(
            Field("appearance", template="components/_choices.html"),
            "keys_on",
        )
