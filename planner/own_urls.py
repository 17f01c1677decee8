"""Addresses of the patient's own pages that show the plan; the others are `patients.urls`'."""

from django.urls import path

from planner.views import own

urlpatterns = [
    path("plan/", own.own_plan, name="own_plan"),
    path("aftercare/", own.own_aftercare, name="own_aftercare"),
    path("aftercare/<int:pk>/", own.own_sheet, name="own_sheet"),
    path("aftercare/<int:pk>.pdf", own.own_sheet_pdf, name="own_sheet_pdf"),
]
