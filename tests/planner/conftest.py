"""What the planner's tests share: a staffed site and Ana, who is screened and may be booked."""

from tests.kept import kept
from tests.planner import making


@kept
def site(location, acne_scars, cheeks, chin, priya, rule_set):
    """Larkmoor with two practitioners, two rooms and one pen, and an approved protocol."""
    return making.make_site(location, acne_scars, [cheeks, chin], priya.practitioner)


@kept
def ana(site, rosa):
    """A patient who answered no to everything today."""
    patient = making.make_patient(rosa)
    making.screen(patient, site, rosa)
    return patient
