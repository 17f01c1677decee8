"""Addresses of courses, the diary, session records and aftercare."""

from django.urls import include, path

from planner.views import (
    board,
    course,
    course_state,
    event,
    merge,
    message,
    midcourse,
    move,
    notice,
    outcome,
    patient,
    photo,
    plan,
    preview_edit,
    repair,
    review,
    review_record,
    screening,
    search,
    session,
    sheet,
    short_notice,
    stock,
    takeover,
    today,
    walk_in,
)

diary_urls = [
    path("", today.today, name="today"),
    path("changes/", today.today_changes, name="today_changes"),
    path("search/", search.search, name="search"),
    path("walk-in/", walk_in.walk_in, name="walk_in"),
    path("walk-in/<int:pk>/", walk_in.walk_in_patient, name="walk_in_patient"),
    path("board/", board.board, name="board"),
    path("board/changes/", board.board_changes, name="board_changes"),
    path("day-list/", today.day_list, name="day_list"),
    path("visits/<int:pk>/to-room/", today.appointment_to_room, name="appointment_to_room"),
    path("visits/<int:pk>/undo-to-room/", today.appointment_undo_to_room, name="appointment_undo_to_room"),
    path("visits/<int:pk>/check-in/", today.appointment_check_in, name="appointment_check_in"),
    path("visits/<int:pk>/undo-check-in/", today.appointment_undo_check_in, name="appointment_undo_check_in"),
    path("visits/<int:pk>/cancel/", move.appointment_cancel, name="appointment_cancel"),
    path("visits/<int:pk>/no-show/", move.appointment_no_show, name="appointment_no_show"),
    path("visits/<int:pk>/move/", move.appointment_move, name="appointment_move"),
    path("visits/<int:pk>/pin/", move.appointment_pin, name="appointment_pin"),
    path("short-notice/", short_notice.short_notice, name="short_notice"),
    path("short-notice/offer/", short_notice.slot_offer, name="slot_offer"),
    path("short-notice/<int:pk>/take/", short_notice.offer_take, name="offer_take"),
    path("short-notice/<int:pk>/release/", short_notice.offer_release, name="offer_release"),
    path("courses/<int:pk>/earlier/", short_notice.course_earlier, name="course_earlier"),
    path("repair/", repair.diary_repair, name="diary_repair"),
    path("repair/all/", repair.diary_repair_all, name="diary_repair_all"),
    path("changes/<int:pk>/undo/", move.change_undo, name="change_undo"),
]

patient_urls = [
    path("patients/<int:pk>/", patient.patient_detail, name="patient_detail"),
    path("patients/duplicates/", merge.patient_duplicates, name="patient_duplicates"),
    path("patients/<int:pk>/same-person/", merge.patient_same, name="patient_same"),
    path("patients/<int:pk>/same-person/said/", merge.duplicate_note, name="duplicate_note"),
    path("patients/<int:pk>/merge/", merge.patient_merge, name="patient_merge"),
    path("merges/<int:pk>/", merge.merge_detail, name="merge_detail"),
    path("merges/<int:pk>/undo/", merge.merge_undo, name="merge_undo"),
    path("screening/", screening.screening_list, name="screening_list"),
    path("consents/<int:pk>/withdraw/", midcourse.consent_withdraw, name="consent_withdraw"),
]

course_urls = [
    path("courses/", course.course_list, name="course_list"),
    path("plan/", plan.course_start, name="course_start"),
    path("patients/<int:pk>/plan/", plan.course_plan, name="course_plan"),
    path("patients/<int:pk>/plan/edit/", plan.course_edit, name="course_edit"),
    path("patients/<int:pk>/plan/book/", plan.course_book, name="course_book"),
    path("courses/<int:pk>/", course.course_detail, name="course_detail"),
    path("courses/<int:pk>/replan/", course_state.course_replan, name="course_replan"),
    path("courses/<int:pk>/hold/", course_state.course_hold, name="course_hold"),
    path("patients/<int:pk>/hold/", midcourse.patient_hold, name="patient_hold"),
    path("courses/<int:pk>/resume/", course_state.course_resume, name="course_resume"),
    path("courses/<int:pk>/extend/", course_state.course_extend, name="course_extend"),
    path("courses/<int:pk>/stop/", course_state.course_stop, name="course_stop"),
    path("courses/<int:pk>/change/", move.course_change, name="course_change"),
    path("courses/<int:pk>/change/edit/", preview_edit.course_change_edit, name="course_change_edit"),
    path("courses/<int:pk>/problem.json", course.course_problem, name="course_problem"),
    path("courses/<int:pk>/itinerary/", course.course_itinerary, name="course_itinerary"),
    path("courses/<int:pk>/code/", course.course_code, name="course_code"),
    path("courses/<int:pk>/visits.ics", course.course_calendar, name="course_calendar"),
    path("courses/<int:pk>/itinerary.pdf", course.course_itinerary_pdf, name="course_itinerary_pdf"),
]

room_urls = [
    path("visits/<int:pk>/record/", session.session_start, name="session_start"),
    path("records/<int:pk>/", session.session_detail, name="session_detail"),
    path("records/<int:pk>/numbing/", session.session_numbing, name="session_numbing"),
    path("records/<int:pk>/treatment/", session.session_treatment, name="session_treatment"),
    path("records/<int:pk>/finish/", session.session_finish, name="session_finish"),
    path("records/<int:pk>/sign/", session.session_sign, name="session_sign"),
    path("records/<int:pk>/amend/", session.session_amend, name="session_amend"),
    path("records/<int:pk>/close/", session.session_close, name="session_close"),
    path("records/<int:pk>/take/", takeover.session_take, name="session_take"),
    path("sheets/text-size/", sheet.sheet_text_size, name="sheet_text_size"),
    path("sheets/<int:pk>/", sheet.sheet_detail, name="sheet_detail"),
    path("sheets/today/", sheet.sheet_today, name="sheet_today"),
    path("sheets/<int:pk>/print/", sheet.sheet_print, name="sheet_print"),
    path("sheets/<int:pk>/hand-over/", sheet.sheet_hand_over, name="sheet_hand_over"),
    path("sheets/<int:pk>.pdf", sheet.sheet_pdf, name="sheet_pdf"),
]

notice_urls = [
    path("patients/<int:pk>/messages/", message.patient_messages, name="patient_messages"),
    path("messages/", message.message_failures, name="message_failures"),
    path("messages/<int:pk>/", message.message_detail, name="message_detail"),
    path("messages/<int:pk>/stop/", message.message_stop, name="message_stop"),
    path("messages/<int:pk>/again/", message.message_again, name="message_again"),
    path("messages/<int:pk>/settle/", message.message_settle, name="message_settle"),
    path("courses/<int:pk>/send/", message.course_send, name="course_send"),
    path("notices/<int:pk>/", notice.notice_detail, name="notice_detail"),
    path("notices/<int:pk>/settle/", notice.notice_settle, name="notice_settle"),
]

event_urls = [
    path("patients/<int:pk>/reactions/new/", event.event_create, name="event_create"),
    path("reactions/<int:pk>/", event.event_detail, name="event_detail"),
    path("reactions/<int:pk>/close/", event.event_close, name="event_close"),
]

outcome_urls = [path("courses/<int:pk>/outcomes/", outcome.course_outcomes, name="course_outcomes")]

review_urls = [
    path("courses/<int:pk>/review/", review.course_review, name="course_review"),
    path("reviews/<int:pk>/", review_record.review_start, name="review_start"),
    path("reviews/<int:pk>/photos/", review_record.review_photos, name="review_photos"),
    path("reviews/<int:pk>/scores/", review_record.review_scores, name="review_scores"),
    path("reviews/<int:pk>/take/", takeover.review_take, name="review_take"),
    path("reviews/<int:pk>/finish/", review_record.review_finish, name="review_finish"),
    path("reviews/<int:pk>/sign/", review_record.review_sign, name="review_sign"),
    path("reviews/<int:pk>/record/", review_record.review_detail, name="review_detail"),
    path("reviews/<int:pk>/amend/", review_record.review_amend, name="review_amend"),
    path("reviews/<int:pk>/no-show/", review.review_no_show, name="review_no_show"),
    path("reviews/<int:pk>/undo/", review.review_undo, name="review_undo"),
    path("reviews/<int:pk>/cancel/", review.review_cancel, name="review_cancel"),
]
photo_urls = [
    path("records/<int:pk>/photos/", photo.session_photos, name="session_photos"),
    path("photos/removals/", photo.photo_removals, name="photo_removals"),
    path("photos/<int:pk>.jpg", photo.photo_image, name="photo_image"),
    path("photos/<int:pk>-small.jpg", photo.photo_thumb, name="photo_thumb"),
    path("photos/<int:pk>/change/", photo.photo_change, name="photo_change"),
    path("photos/<int:pk>/delete/", photo.photo_delete, name="photo_delete"),
    path("patients/<int:pk>/photos/open/", photo.photo_open, name="photo_open"),
    path("patients/<int:pk>/photos/", photo.photo_compare, name="photo_compare"),
]

stock_urls = [
    path("stock/", stock.lot_list, name="lot_list"),
    path("stock/<int:pk>/", stock.lot_detail, name="lot_detail"),
    path("stock/<int:pk>/recall/", stock.lot_recall, name="lot_recall"),
    path("stock/<int:pk>/list.csv", stock.lot_csv, name="lot_csv"),
]

urlpatterns = [
    *patient_urls,
    *diary_urls,
    *course_urls,
    *room_urls,
    *event_urls,
    *notice_urls,
    *stock_urls,
    *photo_urls,
    *review_urls,
    *outcome_urls,
    path("settings/", include("planner.setting_urls")),
    path("my/", include("planner.own_urls")),
]
