"""Accounts and practitioners."""

from django import forms

from clinic import accounts
from clinic.forms.base import SettingsForm, typed_field
from clinic.models import Device, Indication, Practitioner, Room, User


class AccountForm(SettingsForm):
    """Who may sign in, in which role. Saving goes through the account commands."""

    void_password = forms.BooleanField(
        label="Close the password",
        required=False,
        help_text="The person is signed out everywhere, is told of it, and sets a new one through a link.",
    )
    rows = (("name", "email"), ("role", "location"), ("is_active",), ("void_password",))

    class Meta:
        model = User
        fields = ["name", "email", "role", "location", "is_active"]
        formfield_callback = typed_field
        error_messages = {"email": {"unique": "This address already has an account."}}

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        if not (self.instance.pk and self.instance.has_usable_password()):
            del self.fields["void_password"]
            self.lay_out(self.rows[:-1])

    def clean_email(self):
        """Addresses are compared and kept in lower case."""
        return self.cleaned_data["email"].strip().lower()

    def clean(self):
        """Nobody locks themselves out."""
        data = super().clean()
        refusal = accounts.own_account_refusal(
            self.instance, by=self.by, role=data.get("role", ""), is_active=data.get("is_active", False)
        )
        if refusal and not self.errors:
            self.add_error(refusal.field, str(refusal))
        return data

    def save(self, commit=True):
        """Create or change the account."""
        data = {name: self.cleaned_data[name] for name in self._meta.fields}
        if self.instance.pk is None:
            self.instance = accounts.create_account(by=self.by, **data)
        else:
            accounts.change_account(
                self.instance, by=self.by, void_password=self.cleaned_data.get("void_password", False), **data
            )
        return self.instance


class PractitionerForm(SettingsForm):
    """A person who treats: where, for what they are trained, with what."""

    rows = (
        ("name", "title"),
        ("user",),
        ("locations",),
        ("indications",),
        ("devices",),
        ("rooms",),
        ("before_minutes", "after_minutes"),
        ("decides_reviews",),
        ("is_active",),
    )
    beside = {"practitioner_buffers_are_at_most_60_minutes": "after_minutes"}

    class Meta:
        model = Practitioner
        fields = [
            "name",
            "title",
            "user",
            "locations",
            "indications",
            "devices",
            "rooms",
            "before_minutes",
            "after_minutes",
            "decides_reviews",
            "is_active",
        ]
        formfield_callback = typed_field
        error_messages = {"user": {"unique": "Another practitioner has this account."}}
        help_texts = {
            "user": "The account with which this person signs in.",
            "decides_reviews": "May decide screening reviews and approve rules, protocols and texts.",
        }

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["user"].queryset = accounts.accounts_for_practitioner(self.instance)
        if self.instance.user_id and self.instance.user.last_login:
            self.fields["user"].disabled = True
            self.fields[
                "user"
            ].help_text = "Who has signed in keeps this account. Another person is another practitioner."
        self._offer("indications", Indication.objects.all(), self.instance.pk and self.instance.indications)
        self._offer(
            "devices", Device.objects.select_related("location"), self.instance.pk and self.instance.devices
        )
        self._offer(
            "rooms", Room.objects.select_related("location"), self.instance.pk and self.instance.rooms
        )

    def _offer(self, name, rows, held):
        """Offer what is in use, and what this person already has."""
        shown = rows.filter(is_active=True)
        self.fields[name].queryset = shown | rows.filter(pk__in=held.values("pk")) if held else shown

    def clean(self):
        """Rooms and devices of the person's own locations only."""
        data = super().clean()
        places = set(data.get("locations") or ())
        for name in ("rooms", "devices"):
            strangers = [row for row in data.get(name) or () if row.location not in places]
            if places and strangers:
                self.add_error(name, f"{strangers[0]} is at {strangers[0].location}, where they do not work.")
        return data
