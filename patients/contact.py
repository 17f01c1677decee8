"""By which way a patient may be written to, and why not."""

from dataclasses import dataclass

from django.conf import settings

from clinic.models import Channel
from clinic.sms import sms_is_on
from patients.models import Patient


@dataclass(frozen=True)
class Way:
    """A channel with the address on it; or neither, and the reason in words."""

    channel: str = ""
    address: str = ""
    why_not: str = ""

    def __bool__(self) -> bool:
        return bool(self.channel)

    @property
    def masked(self) -> str:
        """The address for a page: enough to know it again."""
        return masked(self.address)


def way_to(patient: Patient) -> Way:
    """The way the patient chose, if there is an address for it; never another one."""
    if patient.contact_by == Patient.Contact.NONE:
        return Way(why_not="the patient does not want to be written to")
    if patient.contact_by == Patient.Contact.EMAIL:
        return _by_email(patient)
    if not patient.phone:
        return Way(why_not="there is no mobile phone on file")
    if not sms_is_on():
        return Way(why_not="text messages are not set up here")
    return Way(Channel.SMS, patient.phone.as_e164)


def _by_email(patient: Patient) -> Way:
    if not patient.email:
        return Way(why_not="there is no e-mail address on file")
    if not settings.EMAIL_IS_ON:
        return Way(why_not="e-mail is not set up here")
    return Way(Channel.EMAIL, patient.email)


def masked(address: str) -> str:
    """a•••@example.org, or the last three digits of a number."""
    name, at, host = address.rpartition("@")
    if at:
        return f"{name[:1]}•••@{host}"
    return f"•••{address[-3:]}" if address else ""
