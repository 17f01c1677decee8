"""What the forms of the settings choose from."""

from clinic.models import (
    Device,
    Product,
    Room,
)
from tests import people
from tests.kept import kept


@kept
def held(mona, priya, location):
    """What the forms choose from."""
    return {
        "location": location.pk,
        "practitioner": priya.practitioner.pk,
        "indication": people.make_indication("scars", "Scars").pk,
        "product": Product.objects.create(name="Pins 16", kind="cartridge").pk,
        "device": Device.objects.create(location=location, name="Pen 7", model_name="Fine").pk,
        "room": Room.objects.create(location=location, name="Blue room").pk,
    }
