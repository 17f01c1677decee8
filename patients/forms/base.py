"""What the forms of this app share."""

from crispy_forms.helper import FormHelper
from django import forms

from clinic.refusals import Refusal


def refuse(form: forms.Form, refusal: Refusal) -> int:
    """Show a refusal in the form, beside its field if it has one; return the HTTP status."""
    form.add_error(refusal.field if refusal.field in form.fields else None, str(refusal))
    return refusal.status


def bare_helper(*layout) -> FormHelper:
    """A crispy helper for forms whose template writes the form element and the buttons."""
    helper = FormHelper()
    helper.form_tag = False
    helper.disable_csrf = True
    helper.form_show_errors = False  # the page's error summary says it once, the field beside it
    if layout:
        helper.layout = layout[0]
    return helper
