from django.db import migrations

# Asked at the end of the transaction: the command withdraws first and stops the courses after it.
GUARD = """
CREATE FUNCTION a_withdrawn_consent_leaves_no_course_running() RETURNS trigger AS $$
BEGIN
    IF EXISTS (
        SELECT 1 FROM planner_treatmentcourse course
        WHERE course.patient_id = NEW.patient_id AND course.indication_id = NEW.indication_id
        AND course.status IN ('active', 'on_hold')
    ) AND NOT EXISTS (
        SELECT 1 FROM patients_consent newer
        WHERE newer.patient_id = NEW.patient_id AND newer.indication_id = NEW.indication_id
        AND newer.withdrawn_at IS NULL
    ) THEN
        RAISE EXCEPTION 'a withdrawn consent leaves no course running';
    END IF;
    RETURN NULL;
END;
$$ LANGUAGE plpgsql;
CREATE CONSTRAINT TRIGGER a_withdrawn_consent_leaves_no_course_running
AFTER UPDATE OF withdrawn_at ON patients_consent DEFERRABLE INITIALLY DEFERRED FOR EACH ROW
WHEN (OLD.withdrawn_at IS NULL AND NEW.withdrawn_at IS NOT NULL)
EXECUTE FUNCTION a_withdrawn_consent_leaves_no_course_running();
"""
UNDO = """
DROP TRIGGER a_withdrawn_consent_leaves_no_course_running ON patients_consent;
DROP FUNCTION a_withdrawn_consent_leaves_no_course_running();
"""


class Migration(migrations.Migration):
    dependencies = [
        ("patients", "0008_views_of_answers"),
        ("planner", "0016_handovers_of_sheets"),
    ]

    operations = [migrations.RunSQL(GUARD, UNDO)]
