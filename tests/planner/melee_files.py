"""What else is written about a patient while the day runs: details, merges, answers, reviews, papers."""

import uuid

from clinic.models import Lot, OutboxMessage
from patients import intake, links, questionnaires, unfinished
from patients.models import Consent, Patient, PatientLink, PatientMerge, Questionnaire, Screening
from patients.screening import model as screening
from patients.screening.terms import START_STAGES, Reply
from planner import (
    booking,
    handing,
    merging,
    messages,
    midcourse,
    outcomes,
    own,
    photos,
    reviews,
    signing,
    stock,
    taking_over,
)
from planner.models import AftercareSheet, Appointment, Photo, TreatmentSession
from tests.planner import making
from tests.planner.melee_desk import DAY, Desk
from tests.planner.merges import merge_two
from tests.planner.pictures import picture

NO = screening.Answer(Reply.NO)
SKIN = picture()


class Files(Desk):
    """The file of a patient beside the diary."""

    def a_patient(self, draw):
        return Patient.objects.get(pk=draw.choice(self.patients).pk)

    def do_to_room(self, draw):
        booking.send_to_room(self.a_visit(draw, status="arrived"), by=self.rosa, at=self.at)

    def do_back_from_room(self, draw):
        booking.undo_send_to_room(self.a_visit(draw, status="arrived"), by=self.rosa, at=self.at)

    # Files

    def do_edit(self, draw):
        patient = self.a_patient(draw)
        details = {"phone": f"+44 20 7946 0{draw.randrange(100, 999)}"}
        intake.edit_patient(patient, details=details, version=patient.version, by=self.rosa, at=self.at)

    def do_register(self, draw):
        double = making.make_patient(self.rosa, at=self.at)
        if draw.random() < 0.5:
            making.screen(double, self.site, self.rosa, at=self.at)

    def do_merge(self, draw):
        doubles = Patient.objects.filter(merged_into=None).exclude(pk__in=[one.pk for one in self.patients])
        merge_two(self.a_patient(draw), self.some(draw, doubles), by=self.priya, at=self.at)

    do_merge_too = do_merge

    def do_undo_merge(self, draw):
        merging.undo_merge(self.some(draw, PatientMerge.objects.all()), by=self.priya, at=self.at)

    def do_note_pair(self, draw):
        one, other = draw.sample(self.patients, 2)
        merging.note_pair(one, other, said=draw.choice(("same", "different")), by=self.rosa, at=self.at)

    # Answers

    def do_ask(self, draw):
        what = {"indication": self.site.indication, "areas": self.site.areas, "by": self.rosa, "at": self.at}
        questionnaires.ask_by_link(self.a_patient(draw), **what)

    def do_answer(self, draw):
        asked = self.some(draw, Questionnaire.objects.filter(screening=None, dropped_at=None))
        for rule in questionnaires.phone_questions(asked.rule_set):
            questionnaires.keep_answer(asked, code=rule.code, answer=NO, seen=0)

    def do_send_in(self, draw):
        asked = self.some(draw, Questionnaire.objects.all())
        link = links.create_link(asked.patient, purpose="screening", by=self.rosa, at=self.at)
        questionnaires.send_in(asked, link=link, at=self.at)

    do_send_in_too = do_send_in

    def do_confirm_phone(self, draw):
        phone = self.some(draw, Screening.objects.filter(link__isnull=False))
        booking_stage = questionnaires.phone_questions(phone.rule_set)
        known = {rule.code for rule in booking_stage}
        exam = {code: NO for code in making.all_no(START_STAGES) if code not in known}
        questionnaires.confirm_screening(phone, answers=exam, by=self.priya, at=self.at)

    def do_keep_unfinished(self, draw):
        patient = self.a_patient(draw)
        row = unfinished.unfinished_of(patient)
        what = {"indication": self.site.indication, "areas": self.site.areas[:1]}
        unfinished.keep_unfinished(
            patient,
            stage="booking",
            **what,
            rule_set=unfinished.RuleSet.objects.get(),
            typed={"PREGNANT": ["no"]},
            counted=(1, 30),
            seen=(row.pk, row.revision) if row else (0, 0),
            by=self.rosa,
            at=self.at,
        )

    def do_drop_unfinished(self, draw):
        unfinished.drop_unfinished(
            self.some(draw, unfinished.UnfinishedScreening.objects.all()), by=self.rosa, at=self.at
        )

    def do_hold_for_screening(self, draw):
        how = {"release": draw.random() < 0.5, "batch": uuid.uuid4(), "by": self.rosa, "at": self.at}
        midcourse.hold_for_screening(self.a_patient(draw), **how)

    def do_own_withdraw(self, draw):
        if draw.random() < 0.05:
            link = self.links[draw.randrange(len(self.links))]
            consent = self.some(draw, Consent.objects.filter(patient=link.patient_id))
            own.withdraw_consent(link, consent, key=uuid.uuid4(), at=self.at)

    def do_revoke(self, draw):
        rows = PatientLink.objects.filter(purpose="screening")
        links.revoke_link(self.some(draw, rows), by=self.rosa, at=self.at)

    # Records, reviews and what is handed over

    def do_take_over(self, draw):
        session = self.some(draw, TreatmentSession.objects.filter(signed_at=None))
        taking_over.take_over(session, keeper=session.practitioner_id, by=self.priya, at=self.at)

    def do_amend(self, draw):
        session = self.some(draw, TreatmentSession.objects.exclude(signed_at=None))
        signing.amend_session(session, text="Both cheeks", fresh=True, by=self.priya, at=self.at)

    def do_photo(self, draw):
        session = self.some(draw, TreatmentSession.objects.all())
        made = photos.add_photo(session, moment="before", view="front", data=SKIN, by=self.priya, at=self.at)
        photos.allow_photo(made, for_teaching=True, for_marketing=False, by=self.priya)

    def do_delete_photo(self, draw):
        photo = photos.ask_to_delete(
            self.some(draw, Photo.objects.all()), reason="Blurred", by=self.priya, at=self.at
        )
        photos.delete_photo(photo, fresh=True, by=self.priya, at=self.at)

    def do_score(self, draw):
        course = self.a_course(draw)
        how = {"scored_on": making.MONDAY, "by": self.priya, "at": self.at}
        outcomes.record_scores(course, values={"GAIS": 2}, **how)

    def _review(self, draw):
        return self.some(draw, Appointment.objects.filter(kind="review"))

    def do_move_review(self, draw):
        review = self._review(draw)
        slot = self.a_slot(draw, making.MONDAY + draw.randrange(90, 95) * DAY)
        where = {"practitioner_id": slot.practitioner_id, "room_id": slot.room_id}
        how = {"version": review.version, "by": self.rosa, "at": self.at}
        reviews.move_review(review, start=slot.start, **where, **how)

    def do_restore_review(self, draw):
        reviews.restore_review(self._review(draw), by=self.rosa, at=self.at)

    def do_miss_review(self, draw):
        reviews.miss_review(self._review(draw), by=self.rosa, at=self.at)

    def do_hand_over(self, draw):
        sheet = self.some(draw, AftercareSheet.objects.all())
        handing.print_sheet(sheet, paper="a4", points=12, by=self.rosa, at=self.at)
        handing.refuse_sheet(sheet, note="Has it", by=self.rosa, at=self.at)
        handing.show_link(sheet, by=self.rosa, at=self.at)
        handing.mail_sheet(sheet, by=self.rosa, at=self.at)

    def do_settle(self, draw):
        rows = OutboxMessage.objects.exclude(failed_because="")
        messages.settle_message(self.some(draw, rows), by=self.rosa, at=self.at)

    def do_recall(self, draw):
        if draw.random() < 0.02:
            stock.recall_lot(self.some(draw, Lot.objects.all()), reason="Torn", by=self.priya, at=self.at)
