"""Who may open what: one table by URL name. What is not in it is closed to everybody."""

from django.contrib.auth.models import AnonymousUser

FRONT_DESK, PRACTITIONER, MANAGER = "front_desk", "practitioner", "manager"
EVERYBODY = {FRONT_DESK, PRACTITIONER, MANAGER}
DESK = {FRONT_DESK, MANAGER}
CLINICAL = {PRACTITIONER}
CARE = {FRONT_DESK, PRACTITIONER}  # who asks the patient: health answers and consent are not the manager's

# Open without sign-in. Everything under allauth's own names guards itself.
PUBLIC = {
    "health",
    "account_login",
    "account_logout",
    "account_reset_password",
    "account_reset_password_done",
    "account_reset_password_from_key",
    "account_reset_password_from_key_done",
    "account_signup",
    "account_inactive",
}
# The patient's own pages: no account, but the key that the birth date gave (`patients/views/own.py`).
OWN = {
    "own_open",
    "own_home",
    "own_leave",
    "own_end",
    "own_language",
    "own_text_size",
    "own_questions",
    "own_question",
    "own_answers",
    "own_sent",
}
OWN |= {"own_plan", "own_aftercare", "own_sheet", "own_sheet_pdf"}
OWN |= {"own_calendar", "own_confirm", "own_move", "own_cancel", "own_undo", "own_problem", "own_report"}
OWN |= {"own_consent", "own_withdraw"}
SIGNED_IN = {"account_reauthenticate", "account_change_password", "user_settings", "location_switch", "help"}
SIGNED_IN |= {"access_read", "access_here"}

MATRIX: dict[str, set[str]] = {
    # Today and the diary
    "today": EVERYBODY,
    "today_changes": EVERYBODY,
    "appointment_check_in": EVERYBODY,
    "appointment_to_room": EVERYBODY,
    "appointment_undo_to_room": EVERYBODY,
    "appointment_undo_check_in": EVERYBODY,
    "appointment_cancel": EVERYBODY,
    "appointment_no_show": EVERYBODY,
    "appointment_move": EVERYBODY,
    "appointment_pin": EVERYBODY,
    "change_undo": EVERYBODY,
    "short_notice": EVERYBODY,
    "slot_offer": EVERYBODY,
    "offer_take": EVERYBODY,
    "offer_release": EVERYBODY,
    "course_earlier": EVERYBODY,
    "diary_repair": EVERYBODY,
    "diary_repair_all": EVERYBODY,
    "day_list": EVERYBODY,
    "search": EVERYBODY,
    "walk_in": EVERYBODY,
    "walk_in_patient": EVERYBODY,
    "board": EVERYBODY,
    "board_changes": EVERYBODY,
    # Patients
    "patient_list": EVERYBODY,
    "patient_create": EVERYBODY,
    "patient_detail": EVERYBODY,
    "patient_edit": EVERYBODY,
    "patient_hold": EVERYBODY,
    # Two files of one person: everybody sees and names them; merging takes a reason and a password
    "patient_duplicates": EVERYBODY,
    "patient_same": EVERYBODY,
    "duplicate_note": EVERYBODY,
    "patient_merge": {PRACTITIONER, MANAGER},
    "merge_detail": EVERYBODY,
    "merge_undo": {PRACTITIONER, MANAGER},
    "consent_create": CARE,
    "consent_paper": CARE,
    "consent_detail": EVERYBODY,
    "consent_withdraw": CLINICAL,
    # The patient's own link
    "link_create": EVERYBODY,
    "link_revoke": EVERYBODY,
    # Messages to patients: dates, links and how to prepare, no results
    "patient_messages": EVERYBODY,
    "message_detail": EVERYBODY,
    "message_stop": EVERYBODY,
    "message_again": EVERYBODY,
    "message_settle": EVERYBODY,
    "message_failures": EVERYBODY,
    "message_examples": EVERYBODY,
    "course_send": EVERYBODY,
    # Screening: answers are open to practitioners only, the desk sees the verdict
    "screening_list": EVERYBODY,
    "screening_create": CARE,
    "screening_preview": CARE,
    "screening_drop": CARE,
    "screening_detail": EVERYBODY,
    "questionnaire_send": CARE,
    "questionnaire_paper": CARE,
    "screening_paper": EVERYBODY,
    "screening_open": {MANAGER},
    "screening_confirm": CLINICAL,
    "screening_decide": CLINICAL,
    "finding_clear": CLINICAL,
    # Courses
    "course_list": EVERYBODY,
    "course_start": EVERYBODY,
    "course_plan": EVERYBODY,
    "course_edit": EVERYBODY,
    "course_book": EVERYBODY,
    "course_detail": EVERYBODY,
    "course_replan": EVERYBODY,
    "course_change": EVERYBODY,
    "course_change_edit": EVERYBODY,
    "course_hold": EVERYBODY,
    "course_resume": EVERYBODY,
    "course_extend": EVERYBODY,
    "course_stop": EVERYBODY,
    "course_review": EVERYBODY,
    "review_cancel": EVERYBODY,
    "review_no_show": EVERYBODY,
    "review_undo": EVERYBODY,
    # The record of a review: photos and scores, as in the treatment room
    "review_start": CLINICAL,
    "review_photos": CLINICAL,
    "review_scores": CLINICAL,
    "review_finish": CLINICAL,
    "review_take": CLINICAL,
    "review_sign": CLINICAL,
    "review_detail": CLINICAL,
    "review_amend": CLINICAL,
    "course_problem": {MANAGER},
    "course_itinerary": EVERYBODY,
    "course_calendar": EVERYBODY,
    "course_code": EVERYBODY,
    "course_itinerary_pdf": EVERYBODY,
    # The treatment room
    "session_start": CLINICAL,
    "session_numbing": CLINICAL,
    "session_treatment": CLINICAL,
    "session_finish": CLINICAL,
    "session_sign": CLINICAL,
    "session_detail": CLINICAL,
    "session_amend": CLINICAL,
    "session_close": CLINICAL,
    "session_take": CLINICAL,
    # What patients told on their own pages; signs and words of a problem are shown to practitioners only
    "notice_detail": EVERYBODY,
    "notice_settle": EVERYBODY,
    # Adverse events: anybody reports, practitioners read, assess and close
    "event_create": EVERYBODY,
    "event_detail": CLINICAL,
    "event_close": CLINICAL,
    # Outcomes are not shown to the desk (ruling 10)
    "course_outcomes": CLINICAL,
    # Photos: practitioners only; deleting takes two people, one of them may be the manager, unseen
    "session_photos": CLINICAL,
    "photo_image": CLINICAL,
    "photo_thumb": CLINICAL,
    "photo_change": CLINICAL,
    "photo_removals": {PRACTITIONER, MANAGER},
    "photo_delete": {PRACTITIONER, MANAGER},
    "photo_compare": CLINICAL,
    "photo_open": CLINICAL,
    # Stock, and who had something of a lot; a file with names is the manager's
    "lot_list": {PRACTITIONER, MANAGER},
    "lot_detail": {PRACTITIONER, MANAGER},
    "lot_recall": {PRACTITIONER, MANAGER},
    "lot_csv": {MANAGER},
    # Aftercare
    "sheet_detail": EVERYBODY,
    "sheet_pdf": EVERYBODY,
    "sheet_print": EVERYBODY,
    "sheet_text_size": EVERYBODY,
    "sheet_hand_over": EVERYBODY,
    "sheet_today": EVERYBODY,
    # Settings
    "rules_draft": {MANAGER},
    "rules_drop": {MANAGER},
    "rule_edit": {MANAGER},
    "settings_home": {MANAGER},
    "settings_list": {MANAGER},
    "settings_create": {MANAGER},
    "settings_edit": {MANAGER},
    "settings_delete": {MANAGER},
    "text_edit": {MANAGER},
    "text_start": {MANAGER},
    "text_block": {MANAGER},
    "text_preview": {MANAGER},
    "text_sheet": {MANAGER},
    "text_sheet_pdf": {MANAGER},
    # Access to accounts: the manager gives it, a colleague confirms to whom
    "access_link": {MANAGER},
    "access_confirm": {PRACTITIONER, MANAGER},
    "approval_list": {PRACTITIONER, MANAGER},
    "approval_detail": {PRACTITIONER, MANAGER},
    "approval_give": CLINICAL,
}


def may(user, url_name: str) -> bool:
    """Say whether this person may open the page or action of this URL name."""
    if url_name in PUBLIC or url_name in OWN:
        return True
    if isinstance(user, AnonymousUser) or not user.is_active:
        return False
    return url_name in SIGNED_IN or user.role in MATRIX.get(url_name, set())
