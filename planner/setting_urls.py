"""Addresses of the settings and approval pages, below /settings/."""

from django.urls import path

from planner.views import approvals, message, settings, texts

urlpatterns = [
    path("", settings.settings_home, name="settings_home"),
    path("approvals/", approvals.approval_list, name="approval_list"),
    path("approvals/<slug:kind>/<int:pk>/", approvals.approval_detail, name="approval_detail"),
    path("approvals/<slug:kind>/<int:pk>/give/", approvals.approval_give, name="approval_give"),
    path("aftercare-texts/<int:pk>/", texts.text_edit, name="text_edit"),
    path("aftercare-texts/<int:pk>/draft/", texts.text_start, name="text_start"),
    path("aftercare-texts/<int:pk>/sheet/", texts.text_sheet, name="text_sheet"),
    path("aftercare-texts/<int:pk>/sheet.pdf", texts.text_sheet_pdf, name="text_sheet_pdf"),
    path("aftercare-texts/<int:pk>/<str:code>/", texts.text_block, name="text_block"),
    path("aftercare-texts/<int:pk>/<str:code>/preview/", texts.text_preview, name="text_preview"),
    path("messages/", message.message_examples, name="message_examples"),
    path("<slug:kind>/", settings.settings_list, name="settings_list"),
    path("<slug:kind>/new/", settings.settings_create, name="settings_create"),
    path("<slug:kind>/<int:pk>/", settings.settings_edit, name="settings_edit"),
    path("<slug:kind>/<int:pk>/delete/", settings.settings_delete, name="settings_delete"),
]
