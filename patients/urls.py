"""Addresses of patients, screens and consents; the page that joins all of a patient is the planner's."""

from django.urls import path

from patients.views import consent, link, own, own_questions, paper, patient, questionnaire, rules, screening

urlpatterns = [
    path("patients/", patient.patient_list, name="patient_list"),
    path("patients/new/", patient.patient_create, name="patient_create"),
    path("patients/<int:pk>/edit/", patient.patient_edit, name="patient_edit"),
    path("patients/<int:pk>/screening/new/", screening.screening_create, name="screening_create"),
    path("patients/<int:pk>/screening/so-far/", screening.screening_preview, name="screening_preview"),
    path("screenings/unfinished/<int:pk>/drop/", screening.screening_drop, name="screening_drop"),
    path("patients/<int:pk>/consents/new/", consent.consent_create, name="consent_create"),
    path("screenings/<int:pk>/", screening.screening_detail, name="screening_detail"),
    path("findings/<int:pk>/decide/", screening.screening_decide, name="screening_decide"),
    path("findings/<int:pk>/clear/", screening.finding_clear, name="finding_clear"),
    path("patients/<int:pk>/consents/paper/", consent.consent_paper, name="consent_paper"),
    path("consents/<int:pk>/", consent.consent_detail, name="consent_detail"),
    path("patients/<int:pk>/questions/send/", questionnaire.questionnaire_send, name="questionnaire_send"),
    path("patients/<int:pk>/questions/paper/", paper.questionnaire_paper, name="questionnaire_paper"),
    path("screenings/<int:pk>/paper/", paper.screening_paper, name="screening_paper"),
    path("screenings/<int:pk>/answers/", screening.screening_open, name="screening_open"),
    path("screenings/<int:pk>/confirm/", questionnaire.screening_confirm, name="screening_confirm"),
    path("settings/rules/", rules.rules_draft, name="rules_draft"),
    path("settings/rules/drop/", rules.rules_drop, name="rules_drop"),
    path("settings/rules/<int:pk>/", rules.rule_edit, name="rule_edit"),
    path("patients/<int:pk>/links/new/", link.link_create, name="link_create"),
    path("links/<int:pk>/revoke/", link.link_revoke, name="link_revoke"),
    # The patient's own pages; their cookies live under this path.
    path("my/", own.own_home, name="own_home"),
    path("my/open/<str:token>/", own.own_open, name="own_open"),
    path("my/leave/", own.own_leave, name="own_leave"),
    path("my/end/", own.own_end, name="own_end"),
    path("my/questions/", own_questions.own_questions, name="own_questions"),
    path("my/questions/<str:code>/", own_questions.own_question, name="own_question"),
    path("my/answers/", own_questions.own_answers, name="own_answers"),
    path("my/sent/", own_questions.own_sent, name="own_sent"),
    path("my/language/", own.own_language, name="own_language"),
    path("my/text-size/", own.own_text_size, name="own_text_size"),
]
