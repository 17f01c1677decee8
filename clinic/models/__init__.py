"""Tables of the clinic itself."""

from clinic.models.access import AccessEvent
from clinic.models.catalogue import Indication, TreatmentArea
from clinic.models.hours import Absence, Closure, OpeningHours, WorkingHours
from clinic.models.limits import LimitChange
from clinic.models.outbox import Channel, OutboxMessage
from clinic.models.people import Practitioner, User
from clinic.models.places import Device, DeviceLabelUse, Location, Room
from clinic.models.stock import CartridgeUnit, Lot, Product

__all__ = [
    "Absence",
    "AccessEvent",
    "CartridgeUnit",
    "Channel",
    "Closure",
    "Device",
    "DeviceLabelUse",
    "Indication",
    "LimitChange",
    "Location",
    "Lot",
    "OpeningHours",
    "OutboxMessage",
    "Practitioner",
    "Product",
    "Room",
    "TreatmentArea",
    "User",
    "WorkingHours",
]
