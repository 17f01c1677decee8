"""The inputs of a plan as its form sends them."""

import re

from django.urls import reverse


def plan_url(patient):
    return reverse("course_plan", args=[patient.pk])


def book_url(patient):
    return reverse("course_book", args=[patient.pk])


def typed(site, **changed):
    """What Rosa types for four visits, as the page sends it."""
    return {
        "indication": site.indication.pk,
        "areas": [area.pk for area in site.areas],
        "sessions": 4,
        "gap_target_days": 35,
        "start_from": "7 Sep 2026",
        "numbing_minutes": 30,
    } | changed


def sealed(page, number=0):
    """The proposal that the page carries, the first unless told otherwise."""
    return re.findall(r'name="proposal" value="([^"]+)"', page.content.decode())[number]


def to_post(pairs):
    data = {}
    for name, value in pairs:
        data.setdefault(name, []).append(value)
    return data
