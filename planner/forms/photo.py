"""Photos as forms: a picture of one view; what it may be used for; why it is deleted."""

from django import forms

from planner.models import Photo


class PhotoForm(forms.Form):
    """One picture of one view."""

    use_required_attribute = False
    moment = forms.ChoiceField(choices=Photo.Moment.choices, widget=forms.HiddenInput)
    view = forms.ChoiceField(choices=Photo.View.choices, widget=forms.HiddenInput)
    file = forms.FileField(
        label="Picture",
        max_length=255,
        error_messages={"required": "Take or choose a picture.", "empty": "This file is empty."},
        widget=forms.FileInput(attrs={"accept": "image/jpeg,image/png,image/webp", "data-send": "yes"}),
    )
    for_teaching = forms.BooleanField(label="May be used for teaching", required=False)
    for_marketing = forms.BooleanField(label="May be used for marketing", required=False)


class ReasonForm(forms.Form):
    """Why somebody who does not treat a patient looks at the photos; the database asks for ten characters."""

    use_required_attribute = False
    reason = forms.CharField(
        label="Why do you look at them?",
        max_length=200,
        error_messages={
            "required": "Write why in 10 characters or more.",
            "max_length": "Write why in 200 characters or fewer.",
        },
        widget=forms.TextInput(attrs={"class": "form-control", "autocomplete": "off"}),
    )


class UseForm(forms.Form):
    """What the patient lets a photo be used for, and whether it goes."""

    for_teaching = forms.BooleanField(required=False)
    for_marketing = forms.BooleanField(required=False)
    reason = forms.CharField(required=False, max_length=200)


class DeleteForm(forms.Form):
    """The password of the second person."""

    password = forms.CharField(
        label="Your password",
        strip=False,
        error_messages={"required": "Type your password to delete the photo."},
        widget=forms.PasswordInput(attrs={"autocomplete": "current-password", "class": "form-control"}),
    )
