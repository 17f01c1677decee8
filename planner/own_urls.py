"""Addresses of the patient's own pages that show the plan; the others are `patients.urls`'."""

from django.urls import path

from planner.views import own, own_consent, own_problem, own_visits

urlpatterns = [
    path("plan/", own.own_plan, name="own_plan"),
    path("aftercare/", own.own_aftercare, name="own_aftercare"),
    path("aftercare/<int:pk>/", own.own_sheet, name="own_sheet"),
    path("aftercare/<int:pk>.pdf", own.own_sheet_pdf, name="own_sheet_pdf"),
    path("visits.ics", own.own_calendar, name="own_calendar"),
    path("visits/<int:pk>/confirm/", own_visits.own_confirm, name="own_confirm"),
    path("visits/<int:pk>/move/", own_visits.own_move, name="own_move"),
    path("visits/<int:pk>/cancel/", own_visits.own_cancel, name="own_cancel"),
    path("visits/<int:pk>/undo/", own_visits.own_undo, name="own_undo"),
    path("consents/<int:pk>/", own_consent.own_consent, name="own_consent"),
    path("consents/<int:pk>/back/", own_consent.own_withdraw, name="own_withdraw"),
    path("problem/", own_problem.own_problem, name="own_problem"),
    path("problem/<int:pk>/", own_problem.own_report, name="own_report"),
]
