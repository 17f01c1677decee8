"""Adds a photo to an open record; the address of a page about one row."""

from django.urls import reverse

from planner import photos
from tests.planner.pictures import picture


def add(session, by, colour="tan", **how):
    said = {"moment": "before", "view": "face", "data": picture(colour=colour)}
    return photos.add_photo(session, **said | how, by=by)


def url(name, row):
    return reverse(name, args=[row.pk])
