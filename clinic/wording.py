"""What forms say of an answer that is missing or too long: what to do, in our words."""

from django import forms
from django.core import validators
from django.db import models
from django.utils.translation import gettext_lazy as _

REQUIRED = {
    forms.Field: _("Fill this in."),
    forms.BooleanField: _("Tick this to go on."),
    forms.ChoiceField: _("Pick one."),
    forms.ModelChoiceField: _("Pick one."),
    forms.MultipleChoiceField: _("Pick one or more."),
    forms.ModelMultipleChoiceField: _("Pick one or more."),
    forms.FileField: _("Choose a file."),
}


def say_it_our_way() -> None:
    """Reword what Django says for every form and model; a field that says more of its own keeps it."""
    for kind, sentence in REQUIRED.items():
        kind.default_error_messages = kind.default_error_messages | {"required": sentence}
    same = {"blank": REQUIRED[forms.Field], "null": REQUIRED[forms.Field]}
    models.Field.default_error_messages = models.Field.default_error_messages | same
    validators.MaxLengthValidator.message = _(
        "Shorten this to %(limit_value)d characters; it has %(show_value)d."
    )
