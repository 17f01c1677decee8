"""What the planner's tests share: a staffed site, and Ana, screened, booked or here for her first visit."""

from tests.kept import kept
from tests.planner import making, reviewed, treating


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


@kept
def course(ana, site, rosa):
    """Ana's four visits on Mondays at ten from today, five weeks apart, over the end of summer time."""
    return making.book(ana, site, rosa)


@kept
def stock(site):
    return treating.make_stock(site.location)


@kept
def visit(ana, site, rosa):
    """Ana is here, not screened today, no consent."""
    return treating.arrive(ana, site, rosa)


@kept
def ready(visit, site, priya, rosa):
    """Ana is here, screened today, consent signed."""
    treating.consent(visit.patient, site, rosa)
    treating.screen_today(visit, priya)
    return visit


@kept
def here_for_review(ana, site, rosa):
    """Ana's visit for the review of her course; she has come, at its start."""
    return reviewed.arrive(ana, site, rosa)
