"""The shape of what the manager types: one form per kind of setting."""

from clinic.forms.catalogue import AreaForm, IndicationForm
from clinic.forms.hours import AbsenceForm, ClosureForm, OpeningHoursForm, WorkingHoursForm
from clinic.forms.people import AccountForm, PractitionerForm
from clinic.forms.places import DeviceForm, LabelUseForm, LocationForm, RoomForm
from clinic.forms.stock import LotForm, ProductForm

__all__ = [
    "AbsenceForm",
    "AccountForm",
    "AreaForm",
    "ClosureForm",
    "DeviceForm",
    "LabelUseForm",
    "IndicationForm",
    "LocationForm",
    "LotForm",
    "OpeningHoursForm",
    "PractitionerForm",
    "ProductForm",
    "RoomForm",
    "WorkingHoursForm",
]
