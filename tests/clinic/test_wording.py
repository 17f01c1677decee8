"""What forms say of answers that are missing or too long: what to do, in the reader's language."""

from django import forms
from django.utils import translation

from clinic.dates import DateField, TimeField
from clinic.models import Room


class Everything(forms.Form):
    words = forms.CharField(max_length=3)
    one = forms.ChoiceField(choices=[("a", "A")])
    some = forms.MultipleChoiceField(choices=[("a", "A")])
    room = forms.ModelChoiceField(Room.objects.none())
    rooms = forms.ModelMultipleChoiceField(Room.objects.none())
    number = forms.IntegerField()
    truth = forms.BooleanField()
    file = forms.FileField()
    on = DateField()
    at = TimeField()


SAID = {
    "words": "Fill this in.",
    "one": "Pick one.",
    "some": "Pick one or more.",
    "room": "Pick one.",
    "rooms": "Pick one or more.",
    "number": "Fill this in.",
    "truth": "Tick this to go on.",
    "file": "Choose a file.",
    "on": "Write a date such as 7 Dec 2026.",
    "at": "Write a time such as 09:30.",
}


def test_an_empty_form_says_of_every_field_what_to_do(db):
    assert {name: [sentence] for name, sentence in SAID.items()} == Everything({}).errors


def test_what_is_too_long_says_how_long_it_may_be():
    class Words(forms.Form):
        words = forms.CharField(max_length=3)

    assert Words({"words": "four"}).errors["words"] == ["Shorten this to 3 characters; it has 4."]
    with translation.override("es"):
        assert Words({"words": "four"}).errors["words"] == ["Acorte esto a 3 caracteres; tiene 4."]
        assert Words({}).errors["words"] == ["Rellene este campo."]
