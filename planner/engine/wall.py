"""The time of day in what the engines write; sheets, itineraries and sentences say it the same way."""

from datetime import datetime


def time_said(wall: datetime) -> str:
    """`14:30` of an aware local moment; `01:30 BST` in the hour that comes twice when the clocks go back."""
    twice = wall.replace(fold=0).utcoffset() != wall.replace(fold=1).utcoffset()
    return wall.strftime("%H:%M %Z" if twice else "%H:%M")
