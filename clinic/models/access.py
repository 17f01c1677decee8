"""What others did to the access of an account: told to its owner, never changed."""

import pgtrigger
from django.db import models

from clinic.models.people import User

# An account that nobody has signed in with may go, with what was done to it.
OF_A_USED_ACCOUNT = """
    IF TG_OP = 'DELETE' AND EXISTS (
        SELECT 1 FROM clinic_user WHERE id = OLD.account_id AND last_login IS NULL
    ) THEN
        RETURN OLD;
    END IF;
    RAISE EXCEPTION 'what was done to an account stays';
"""


class AccessEvent(models.Model):
    """One change of an account's access by somebody who is not its owner."""

    class Kind(models.TextChoices):
        """What was done."""

        MADE = "made", "made the account"
        CLOSED = "closed", "closed the password"
        ADDRESS = "address", "changed the address"
        ROLE = "role", "changed the role"
        LINK_SENT = "sent", "had a link to set a password sent"
        LINK_SHOWN = "shown", "was shown a link to set a password"
        CONFIRMED = "confirmed", "confirmed who uses the account"

    account = models.ForeignKey(User, on_delete=models.CASCADE, related_name="access_events")
    kind = models.CharField(max_length=9, choices=Kind)
    by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField()
    detail = models.CharField(max_length=254, blank=True, help_text="The address or role before")

    class Meta:
        ordering = ["-at", "-pk"]
        verbose_name = "change of its access"
        verbose_name_plural = "changes of its access"
        triggers = [
            pgtrigger.Trigger(
                name="what_was_done_to_an_account_stays",
                when=pgtrigger.Before,
                operation=pgtrigger.Update | pgtrigger.Delete,
                func=OF_A_USED_ACCOUNT,
            )
        ]

    def __str__(self):
        return f"{self.by} {self.get_kind_display()}"
