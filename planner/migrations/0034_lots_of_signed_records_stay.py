from django.db import migrations

# A signed record names its lots by their rows: another number or product would rewrite it, and its hash.
GUARD = """
CREATE FUNCTION a_lot_of_a_signed_record_stays() RETURNS trigger AS $$
BEGIN
    IF EXISTS (
        SELECT 1 FROM planner_treatmentsession
        WHERE signed_at IS NOT NULL AND OLD.id IN (numbing_lot_id, glide_lot_id, finishing_lot_id)
    ) OR EXISTS (
        SELECT 1 FROM clinic_cartridgeunit unit
        JOIN planner_sessioncartridge used ON used.unit_id = unit.id
        JOIN planner_treatmentsession record ON record.id = used.session_id
        WHERE unit.lot_id = OLD.id AND record.signed_at IS NOT NULL
    ) THEN
        RAISE EXCEPTION 'a lot of a signed record stays';
    END IF;
    RETURN NEW;
END;
$$ LANGUAGE plpgsql;
CREATE TRIGGER a_lot_of_a_signed_record_stays BEFORE UPDATE ON clinic_lot FOR EACH ROW
WHEN ((OLD.product_id, OLD.number, OLD.location_id) IS DISTINCT FROM
      (NEW.product_id, NEW.number, NEW.location_id))
EXECUTE FUNCTION a_lot_of_a_signed_record_stays();
"""
UNDO = """
DROP TRIGGER a_lot_of_a_signed_record_stays ON clinic_lot;
DROP FUNCTION a_lot_of_a_signed_record_stays();
"""


class Migration(migrations.Migration):
    dependencies = [
        ("clinic", "0012_sent_messages_may_follow_their_patient"),
        ("planner", "0033_ways_around_the_guards_are_closed"),
    ]

    operations = [migrations.RunSQL(GUARD, UNDO)]
