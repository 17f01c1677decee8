"""Everything that writes, at once: colleagues, patients and workers. Used by the test of the melee."""

import datetime as dt
import uuid

from clinic.models import OutboxMessage
from patients import consents, screenings
from patients.models import Consent, ScreenedFinding
from patients.screening import model as screening
from patients.screening.terms import Reply
from planner import (
    booking,
    events,
    messages,
    notices,
    outbox,
    own,
    records,
    reminding,
    reviews,
    signing,
)
from planner.models import (
    AdverseEvent,
    PatientNotice,
    TreatmentSession,
)
from tests.planner import making, treating
from tests.planner.melee_files import Files

MINUTE, DAY = dt.timedelta(minutes=1), dt.timedelta(days=1)
YES = screening.Answer(Reply.YES)


class Melee(Files):
    """The desk and the files, and whoever else writes: at the visit, on own pages, in the outbox."""

    # The day

    def do_check_in(self, draw):
        booking.check_in(self.a_visit(draw, status="booked", on=making.MONDAY), by=self.rosa, at=self.at)

    do_check_in_too = do_check_in

    def do_undo_check_in(self, draw):
        booking.undo_check_in(self.a_visit(draw, status="arrived"), by=self.rosa, at=self.at)

    def do_start(self, draw):
        visit = self.a_visit(draw, status="arrived")
        if draw.random() < 0.7:
            treating.screen_today(visit, self.priya, at=self.at)
        treating.start(visit, self.priya, at=self.at)

    do_start_too = do_start

    def _session(self, draw):
        return self.some(draw, TreatmentSession.objects.filter(signed_at=None))

    def do_numb(self, draw):
        session, at = self._session(draw), self.at
        how = treating.cream(self.stock, numbing_on_at=at - 35 * MINUTE, numbing_off_at=at)
        records.save_numbing(session, version=session.version, by=self.priya, at=at, **how)

    def do_treat(self, draw):
        session, at = self._session(draw), self.at
        areas = session.appointment.areas.values_list("area", flat=True)
        entries = [one for one in treating.entries(self.site) if one.area_id in set(areas)]
        treating.treat(
            session, self.site, self.stock, self.priya, at=at, areas=entries, started=True, ended=True
        )

    def do_finish(self, draw):
        treating.finish(self._session(draw), self.priya, at=self.at)

    def do_sign(self, draw):
        treating.sign(self._session(draw), self.priya, at=self.at)

    do_sign_too = do_sign

    def do_close_untreated(self, draw):
        session = self._session(draw)
        how = {"reason": "Felt unwell", "fresh": True, "by": self.priya, "at": self.at}
        signing.close_untreated(session, version=session.version, **how)

    def do_review(self, draw):
        course = self.a_course(draw)
        start = self.a_slot(draw, making.MONDAY + draw.randrange(90, 95) * DAY)
        how = {"practitioner_id": start.practitioner_id, "room_id": start.room_id, "by": self.rosa}
        made = reviews.book_review(course, start=start.start, at=self.at, **how)
        if draw.random() < 0.3:
            reviews.cancel_review(made, reason="Not now", by=self.rosa, at=self.at)

    # What is recorded of a patient

    def do_screen(self, draw):
        said = {"PREGNANT": YES} if draw.random() < 0.04 else {}
        making.screen(draw.choice(self.patients), self.site, self.rosa, at=self.at, **said)

    def do_clear(self, draw):
        finding = self.some(draw, ScreenedFinding.objects.filter(clearing=None))
        screenings.clear_finding(
            finding, happened_on=making.MONDAY, note="Seen the letter", by=self.priya, at=self.at
        )

    do_clear_too = do_clear

    def do_decide(self, draw):
        finding = self.some(draw, ScreenedFinding.objects.filter(decision=None))
        screenings.decide_finding(finding, choice="accept", reason="Well", by=self.priya, at=self.at)

    do_decide_too = do_decide

    def do_withdraw(self, draw):
        if draw.random() < 0.05:
            consents.withdraw_consent(self.some(draw, Consent.objects.all()), by=self.priya, at=self.at)

    def do_consent(self, draw):
        treating.consent(draw.choice(self.patients), self.site, self.rosa, at=self.at)

    do_consent_too = do_consent

    def do_event(self, draw):
        how = {"onset_on": making.MONDAY, "said": "Red", "areas": self.site.areas[:1]}
        events.report_event(draw.choice(self.patients), **how, by=self.rosa, at=self.at)

    def do_follow(self, draw):
        event = self.some(draw, AdverseEvent.objects.filter(closed_at=None))
        how = {"code": "EXP_ERYTHEMA", "grade": 1, "holds": False, "text": "Called", "by": self.priya}
        event = events.follow_event(event, version=event.version, at=self.at, **how)
        how = {"ending": "resolved", "text": "Gone", "fresh": True, "by": self.priya, "at": self.at}
        events.close_event(event, version=event.version, **how)

    # What patients do

    def _own(self, draw, **which):
        place = draw.randrange(len(self.patients))
        return self.links[place], self.a_visit(draw, patient=self.patients[place], **which)

    def do_own_confirm(self, draw):
        own.confirm_visit(*self._own(draw), at=self.at)

    def do_own_ask(self, draw):
        own.ask_to_move(*self._own(draw), words="A Friday", key=uuid.uuid4(), at=self.at)

    def do_own_cancel(self, draw):
        link, visit = self._own(draw, status="booked")
        own.cancel_visit(link, visit, version=visit.version, at=self.at)

    def do_own_undo(self, draw):
        own.undo_cancel(*self._own(draw, status="cancelled"), at=self.at)

    def do_own_problem(self, draw):
        place = draw.randrange(len(self.patients))
        how = {"signs": ["pus"], "words": "", "language": "en", "key": uuid.uuid4()}
        own.report_problem(self.links[place], **how, at=self.at)

    def do_settle_notice(self, draw):
        rows = PatientNotice.objects.filter(done_at=None)
        notices.settle_notice(self.some(draw, rows), note="Called", by=self.rosa, at=self.at)

    # Messages

    def do_post(self, draw):
        for _ in range(5):
            outbox.send_next(self.at, post=_posted)

    def do_remind(self, draw):
        reminding.plan_messages(self.at)

    def do_message(self, draw):
        message = self.some(draw, OutboxMessage.objects.all())
        draw.choice((messages.stop_message, messages.send_again))(message, by=self.rosa, at=self.at)

    def do_dates(self, draw):
        messages.send_dates(self.a_course(draw), by=self.rosa, at=self.at)


def _posted(letter, *, key):
    if len(letter.to) % 3 == 0:
        raise OSError
