"""Reads for handing sheets over: those of a day, each with what has happened to it."""

import datetime as dt

from django.db.models import QuerySet

from clinic.models import Location
from planner.models import AftercareSheet, SheetHandover


def sheets_of_day(location: Location, day: dt.date) -> QuerySet[AftercareSheet]:
    """The sheets of the visits of one local day at one location, in the order of the visits."""
    return (
        AftercareSheet.objects.filter(session__appointment__location=location, session__appointment__on=day)
        .select_related("patient", "session__appointment__practitioner", "text")
        .prefetch_related("handovers__by")
        .defer("pdf", "content")
        .order_by("session__appointment__start", "pk")
    )


def chosen_sheets(location: Location, day: dt.date, keys: list[str]) -> list[AftercareSheet]:
    """Of a day's sheets those with these keys, ready to print."""
    wanted = {int(key) for key in keys if key.isdecimal() and len(key) < 19}
    rows = sheets_of_day(location, day).defer(None).defer("content")
    return [sheet for sheet in rows if sheet.pk in wanted]


def handovers_of(sheet: AftercareSheet) -> QuerySet[SheetHandover]:
    """What has happened to one sheet, oldest first."""
    return sheet.handovers.select_related("by")
