"""A record that waits for its signature."""

from tests.kept import kept
from tests.planner import treating
from tests.planner.signing.opening import open_record
from tests.planner.treating import complete


@kept
def texts(site, priya):
    treating.approve_texts(priya.practitioner)


@kept
def session(ana, site, priya, rosa, texts):
    """An open record of Ana's first of four visits."""
    return open_record(ana, site, priya, rosa)


@kept
def done(session, site, stock, priya):
    """Every step is saved."""
    return complete(session, site, stock, priya)


@kept
def signed(done, priya):
    return treating.sign(done, priya)
