"""Photos hang on their visit, reviews on the course that they look back on."""

from django.db import migrations

FILL = """
UPDATE planner_photo photo SET appointment_id = session.appointment_id
FROM planner_treatmentsession session WHERE session.id = photo.session_id;

UPDATE planner_appointment review SET reviewed_id = (
    SELECT course.id FROM planner_treatmentcourse course
    WHERE course.patient_id = review.patient_id AND course.location_id = review.location_id
    ORDER BY (course.created_at < review.start) DESC, (course.status IN ('completed', 'stopped')) DESC,
        course.created_at DESC
    LIMIT 1
) WHERE review.kind = 'review';
"""


class Migration(migrations.Migration):
    dependencies = [("planner", "0025_records_of_reviews")]

    operations = [migrations.RunSQL(FILL, migrations.RunSQL.noop)]
