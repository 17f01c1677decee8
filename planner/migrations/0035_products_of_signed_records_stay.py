from django.db import migrations

# A signed record names its products through their lots: another name or agent would rewrite what was used.
GUARD = """
CREATE FUNCTION a_product_of_a_signed_record_stays() RETURNS trigger AS $$
BEGIN
    IF EXISTS (
        SELECT 1 FROM clinic_lot lot
        JOIN planner_treatmentsession record
            ON lot.id IN (record.numbing_lot_id, record.glide_lot_id, record.finishing_lot_id)
        WHERE lot.product_id = OLD.id AND record.signed_at IS NOT NULL
    ) OR EXISTS (
        SELECT 1 FROM clinic_lot lot
        JOIN clinic_cartridgeunit unit ON unit.lot_id = lot.id
        JOIN planner_sessioncartridge used ON used.unit_id = unit.id
        JOIN planner_treatmentsession record ON record.id = used.session_id
        WHERE lot.product_id = OLD.id AND record.signed_at IS NOT NULL
    ) THEN
        RAISE EXCEPTION 'a product of a signed record stays';
    END IF;
    RETURN NEW;
END;
$$ LANGUAGE plpgsql;
CREATE TRIGGER a_product_of_a_signed_record_stays BEFORE UPDATE ON clinic_product FOR EACH ROW
WHEN ((OLD.name, OLD.kind, OLD.agent, OLD.strength) IS DISTINCT FROM
      (NEW.name, NEW.kind, NEW.agent, NEW.strength))
EXECUTE FUNCTION a_product_of_a_signed_record_stays();
"""
UNDO = """
DROP TRIGGER a_product_of_a_signed_record_stays ON clinic_product;
DROP FUNCTION a_product_of_a_signed_record_stays();
"""


class Migration(migrations.Migration):
    dependencies = [
        ("clinic", "0014_limits_are_loosened_by_practitioners"),
        ("planner", "0034_lots_of_signed_records_stay"),
    ]

    operations = [migrations.RunSQL(GUARD, UNDO)]
