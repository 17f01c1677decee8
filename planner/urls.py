"""Addresses of courses, the diary, session records and aftercare."""

from django.urls import path  # noqa: F401

urlpatterns = []
