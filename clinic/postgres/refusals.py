"""The one way in which the launcher says no."""


class ClusterRefused(Exception):
    """The cluster cannot be started, found or stopped; the text says why and what to do."""
