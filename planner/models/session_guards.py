"""Triggers of the treatment room: what starts no session, what is frozen once it is signed."""

import pgtrigger

CHILD_OF_SIGNED = """
    guarded := CASE WHEN TG_OP = 'INSERT' THEN NEW.session_id ELSE OLD.session_id END;
    IF EXISTS (SELECT 1 FROM planner_treatmentsession WHERE id = guarded AND signed_at IS NOT NULL) THEN
        RAISE EXCEPTION 'a signed session is frozen';
    END IF;
    RETURN COALESCE(NEW, OLD);
"""


SIGNED_VISIT = """
    IF EXISTS (
        SELECT 1 FROM planner_treatmentsession
        WHERE appointment_id = NEW.appointment_id AND signed_at IS NOT NULL
    ) OR EXISTS (
        SELECT 1 FROM planner_coursereview
        WHERE appointment_id = NEW.appointment_id AND signed_at IS NOT NULL
    ) THEN
        RAISE EXCEPTION 'a signed record is frozen';
    END IF;
    RETURN NEW;
"""


OF_A_SIGNED_REVIEW = """
    IF NEW.review_id IS NOT NULL AND EXISTS (
        SELECT 1 FROM planner_coursereview WHERE id = NEW.review_id AND signed_at IS NOT NULL
    ) THEN
        RAISE EXCEPTION 'a signed review is frozen';
    END IF;
    RETURN NEW;
"""


RESTS_ON_ITS_VISIT = """
    IF NOT EXISTS (
        SELECT 1 FROM planner_appointment
        WHERE id = NEW.appointment_id AND kind = 'review' AND status = 'arrived'
        AND patient_id = NEW.patient_id
    ) THEN
        RAISE EXCEPTION 'a review is opened while its patient is here';
    END IF;
    RETURN NEW;
"""


HELD_BY_EVENT = """
    IF TG_OP = 'UPDATE' AND NOT (OLD.needling_started_at IS NULL AND NEW.needling_started_at IS NOT NULL) THEN
        RETURN NEW;
    END IF;
    IF EXISTS (
        SELECT 1 FROM planner_adverseevent event
        JOIN planner_appointment visit ON visit.id = NEW.appointment_id
        WHERE event.patient_id = NEW.patient_id
        AND (
            (event.closed_at IS NULL AND event.holds AND event.holds_from <= visit."on")
            OR event.not_before > visit."on"
        )
        AND (
            NOT EXISTS (SELECT 1 FROM planner_adverseevent_areas one WHERE one.adverseevent_id = event.id)
            OR EXISTS (
                SELECT 1 FROM planner_adverseevent_areas one
                JOIN planner_appointmentarea planned ON planned.area_id = one.treatmentarea_id
                WHERE one.adverseevent_id = event.id AND planned.appointment_id = visit.id
            )
        )
    ) THEN
        RAISE EXCEPTION 'an open adverse event holds this start';
    END IF;
    RETURN NEW;
"""


RESTS_ON_ITS_PAPERS = """
    IF EXISTS (
        SELECT 1 FROM planner_appointment visit
        JOIN planner_treatmentcourse course ON course.id = visit.course_id
        WHERE visit.id = NEW.appointment_id AND course.status IN ('on_hold', 'stopped')
    ) THEN
        RAISE EXCEPTION 'a course on hold starts no session';
    END IF;
    IF NOT EXISTS (
        SELECT 1 FROM planner_appointment visit JOIN patients_screening screen ON screen.id = NEW.screening_id
        WHERE visit.id = NEW.appointment_id AND screen.stage = 'visit' AND screen.answered_on = visit."on"
    ) THEN
        RAISE EXCEPTION 'a session rests on the screening of its day';
    END IF;
    IF EXISTS (SELECT 1 FROM patients_consent WHERE id = NEW.consent_id AND withdrawn_at IS NOT NULL) THEN
        RAISE EXCEPTION 'a withdrawn consent starts no session';
    END IF;
    IF NEW.consent_id IS DISTINCT FROM (
        SELECT consent.id FROM planner_appointment visit
        JOIN planner_treatmentcourse course ON course.id = visit.course_id
        JOIN patients_consent consent
            ON consent.patient_id = course.patient_id AND consent.indication_id = course.indication_id
        WHERE visit.id = NEW.appointment_id ORDER BY consent.signed_at DESC, consent.id DESC LIMIT 1
    ) THEN
        RAISE EXCEPTION 'a session rests on the newest consent of its indication';
    END IF;
    RETURN NEW;
"""

# Whoever takes the yes back while the record is open is not needled and gets no cream.
STILL_AGREED = """
    IF (
        (OLD.needling_started_at IS NULL AND NEW.needling_started_at IS NOT NULL)
        OR (OLD.numbing_on_at IS NULL AND NEW.numbing_on_at IS NOT NULL)
    ) AND (
        SELECT newest.withdrawn_at FROM patients_consent given
        JOIN patients_consent newest
            ON newest.patient_id = given.patient_id AND newest.indication_id = given.indication_id
        WHERE given.id = NEW.consent_id ORDER BY newest.signed_at DESC, newest.id DESC LIMIT 1
    ) IS NOT NULL THEN
        RAISE EXCEPTION 'nothing begins on a withdrawn consent';
    END IF;
    RETURN NEW;
"""

# Findings are kept as the engine said them on the day of the answers. Of the screening that the record rests
# on, and of newer ones, none may still hold: a stop ends by its record and an accepted decision, a review by
# a decision, a deferral by its date, its record or a decision. Newer answers about the person replace older
# ones, with what stood then among their own findings. Facts of the profile may change: they are the engine's.
ALLOWED_BY_ITS_SCREENING = """
    IF TG_OP = 'UPDATE' AND NOT (
        (OLD.needling_started_at IS NULL AND NEW.needling_started_at IS NOT NULL)
        OR (OLD.numbing_on_at IS NULL AND NEW.numbing_on_at IS NOT NULL)
    ) THEN
        RETURN NEW;
    END IF;
    IF EXISTS (
        SELECT 1
        FROM planner_appointment visit
        JOIN patients_screening own ON own.id = NEW.screening_id
        JOIN patients_screening screen ON screen.patient_id = NEW.patient_id
            AND (screen.answered_at, screen.id) >= (own.answered_at, own.id)
        JOIN patients_screenedfinding found ON found.screening_id = screen.id
        CROSS JOIN LATERAL (
            SELECT
                coalesce(bool_or(let.choice = 'accept' OR let.until <= visit."on"), false) AS is_decided,
                coalesce(bool_or(cleared.id IS NOT NULL), false) AS is_cleared
            FROM patients_screening later
            JOIN patients_screenedfinding same ON same.screening_id = later.id AND same.code = found.code
            LEFT JOIN patients_clinicaldecision let ON let.finding_id = same.id
            LEFT JOIN patients_clearingevent cleared ON cleared.finding_id = same.id
            WHERE later.patient_id = screen.patient_id
            AND (later.answered_at, later.id) >= (screen.answered_at, screen.id)
        ) ended
        WHERE visit.id = NEW.appointment_id
        AND found.row->>'reason' IN ('yes', 'not_sure', 'standing')
        AND CASE found.outcome
            WHEN 'stop' THEN NOT (ended.is_cleared AND ended.is_decided)
            WHEN 'review' THEN NOT (ended.is_cleared OR ended.is_decided)
            WHEN 'defer' THEN (found.until IS NULL OR found.until > visit."on")
                AND NOT (ended.is_cleared OR ended.is_decided)
            ELSE false
        END
        AND CASE found.row->>'scope'
            WHEN 'person' THEN NOT EXISTS (
                SELECT 1 FROM patients_screening newer
                JOIN patients_screeninganswer given
                    ON given.screening_id = newer.id AND given.code = found.code
                WHERE newer.patient_id = screen.patient_id
                AND (newer.answered_at, newer.id) > (screen.answered_at, screen.id)
            )
            ELSE EXISTS (
                SELECT 1 FROM planner_appointmentarea planned
                JOIN clinic_treatmentarea area ON area.id = planned.area_id
                WHERE planned.appointment_id = visit.id AND found.row->'areas' ? area.code
            )
        END
    ) THEN
        RAISE EXCEPTION 'a session rests on a screening that allows it';
    END IF;
    RETURN NEW;
"""


def rests_on_what_allows_it() -> pgtrigger.Trigger:
    """Refuse a record, cream or needling under a stop, an open review or a deferral still ahead (H04)."""
    return pgtrigger.Trigger(
        name="a_session_rests_on_a_screening_that_allows_it",
        when=pgtrigger.Before,
        operation=pgtrigger.Insert | pgtrigger.Update,
        func=ALLOWED_BY_ITS_SCREENING,
    )


KEPT_BY_WHO_TOOK_IT_OVER = """
    IF OLD.practitioner_id IS DISTINCT FROM NEW.practitioner_id AND NEW.practitioner_id IS DISTINCT FROM (
        SELECT to_practitioner_id FROM planner_recordtakeover
        WHERE {field} = NEW.id ORDER BY at DESC, id DESC LIMIT 1
    ) THEN
        RAISE EXCEPTION 'a record changes hands by a takeover';
    END IF;
    RETURN NEW;
"""


def kept_by_who_took_it_over(field: str) -> pgtrigger.Trigger:
    """Refuse another practitioner on a record without the row that says who took it over."""
    return pgtrigger.Trigger(
        name="a_record_changes_hands_by_a_takeover",
        when=pgtrigger.Before,
        operation=pgtrigger.Update,
        func=KEPT_BY_WHO_TOOK_IT_OVER.replace("{field}", field),
    )


def rests_on_its_papers() -> pgtrigger.Trigger:
    """Refuse a record in a course on hold, without that day's screening or on an old consent."""
    return pgtrigger.Trigger(
        name="a_session_rests_on_its_papers",
        when=pgtrigger.Before,
        operation=pgtrigger.Insert,
        func=RESTS_ON_ITS_PAPERS,
    )


def _at_insert(name: str, func: str) -> pgtrigger.Trigger:
    return pgtrigger.Trigger(name=name, when=pgtrigger.Before, operation=pgtrigger.Insert, func=func)


def takes_no_photo_once_signed() -> pgtrigger.Trigger:
    """Refuse a photo of a visit whose record, or a review whose record, is signed."""
    return _at_insert("a_signed_record_takes_no_photo", SIGNED_VISIT)


def takes_no_score_once_signed() -> pgtrigger.Trigger:
    """Refuse a score of a review that is signed."""
    return _at_insert("a_signed_review_takes_no_score", OF_A_SIGNED_REVIEW)


def rests_on_its_visit() -> pgtrigger.Trigger:
    """Refuse the record of a review whose patient is not checked in, or somebody else."""
    return _at_insert("a_review_rests_on_its_visit", RESTS_ON_ITS_VISIT)


def still_agreed() -> pgtrigger.Trigger:
    """Refuse cream and needling that begin after the consent was withdrawn."""
    return pgtrigger.Trigger(
        name="nothing_begins_on_a_withdrawn_consent",
        when=pgtrigger.Before,
        operation=pgtrigger.Update,
        func=STILL_AGREED,
    )


def held_by_event() -> pgtrigger.Trigger:
    """Refuse a record, or needling in it, that an adverse event of the patient's areas holds (H20)."""
    return pgtrigger.Trigger(
        name="an_open_event_holds_the_start",
        when=pgtrigger.Before,
        operation=pgtrigger.Insert | pgtrigger.Update,
        func=HELD_BY_EVENT,
    )


def frozen_with_session(name: str) -> pgtrigger.Trigger:
    """Refuse every write to a child row once its session is signed."""
    return pgtrigger.Trigger(
        name=name,
        when=pgtrigger.Before,
        operation=pgtrigger.Insert | pgtrigger.Update | pgtrigger.Delete,
        declare=[("guarded", "bigint")],
        func=CHILD_OF_SIGNED,
    )
