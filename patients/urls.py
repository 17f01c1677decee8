"""Addresses of patients, screens and consents; the page that joins all of a patient is the planner's."""

from django.urls import path

from patients.views import consent, patient, screening

urlpatterns = [
    path("patients/", patient.patient_list, name="patient_list"),
    path("patients/new/", patient.patient_create, name="patient_create"),
    path("patients/<int:pk>/edit/", patient.patient_edit, name="patient_edit"),
    path("patients/<int:pk>/screening/new/", screening.screening_create, name="screening_create"),
    path("patients/<int:pk>/screening/so-far/", screening.screening_preview, name="screening_preview"),
    path("patients/<int:pk>/consents/new/", consent.consent_create, name="consent_create"),
    path("screenings/<int:pk>/", screening.screening_detail, name="screening_detail"),
    path("findings/<int:pk>/decide/", screening.screening_decide, name="screening_decide"),
    path("findings/<int:pk>/clear/", screening.finding_clear, name="finding_clear"),
    path("consents/<int:pk>/", consent.consent_detail, name="consent_detail"),
    path("consents/<int:pk>/withdraw/", consent.consent_withdraw, name="consent_withdraw"),
]
