"""The contraindication rules as numbered, immutable versions of rows."""

import pgtrigger
from django.core.validators import MinValueValidator
from django.db import models

from clinic.models.approved import Approved, approval_names_who_and_when, frozen_once_approved
from patients.screening.terms import SEED_CODES

SEEDS = "('" + "', '".join(sorted(SEED_CODES)) + "')"

# The rules of the seed texts, whatever a clinic decides: deferrals at least, pregnancy a stop, no dates.
SEED_STAYS = f"""
    IF NEW.code IN {SEEDS} AND (
        COALESCE((NEW.row->>'seed')::boolean, false) IS FALSE
        OR COALESCE((NEW.row->>'enabled')::boolean, false) IS FALSE
        OR NEW.row->>'type' NOT IN ('absolute', 'temporary')
        OR (NEW.code = 'PREGNANT' AND NEW.row->>'type' <> 'absolute')
        OR jsonb_path_exists(NEW.row, '$.branches[*] ? (
            @.outcome == "review" || @.outcome == "modify" || @.outcome == "clear"
            || @.washout_days != null || @.shortenable == true
        )')
    ) THEN
        RAISE EXCEPTION 'a rule of the seed texts is never softened';
    END IF;
    RETURN NEW;
"""

SEEDS_ARE_THERE = f"""
    IF NEW.approved_at IS NOT NULL AND (
        SELECT count(DISTINCT code) FROM patients_rule WHERE rule_set_id = NEW.id AND code IN {SEEDS}
    ) < {len(SEED_CODES)} THEN
        RAISE EXCEPTION 'approved rules hold every rule of the seed texts';
    END IF;
    RETURN NEW;
"""  # noqa: S608 - our own constants


class RuleSet(Approved):
    """One version of the rule table; no verdict is issued from it until a practitioner approved it."""

    number = models.PositiveIntegerField(unique=True)
    name = models.CharField(max_length=60)
    created_at = models.DateTimeField(auto_now_add=True)
    booking_valid_days = models.PositiveSmallIntegerField(
        "a screen is good for booking (days)", default=30, validators=[MinValueValidator(1)]
    )
    phone_valid_days = models.PositiveSmallIntegerField(
        "answers from the phone are good for (days)", default=3
    )

    class Meta:
        ordering = ["-number"]
        constraints = [
            models.CheckConstraint(
                condition=models.Q(booking_valid_days__gte=1), name="rule_set_is_valid_for_a_day_or_more"
            ),
            approval_names_who_and_when("rule_set_approval_names_who_and_when"),
        ]
        triggers = [
            frozen_once_approved("approved_rule_set_is_frozen"),
            pgtrigger.Trigger(
                name="approved_rules_hold_every_seed",
                when=pgtrigger.Before,
                operation=pgtrigger.Insert | pgtrigger.Update,
                func=SEEDS_ARE_THERE,
            ),
        ]

    def __str__(self):
        return f"{self.name}, version {self.number}"


class Rule(models.Model):
    """One rule: the row as `patients.screening` reads it. Numbers and enums, never expressions."""

    rule_set = models.ForeignKey(RuleSet, on_delete=models.CASCADE, related_name="rules")
    position = models.PositiveSmallIntegerField()
    code = models.CharField(max_length=40)
    row = models.JSONField()

    class Meta:
        ordering = ["rule_set", "position"]
        constraints = [
            models.UniqueConstraint(fields=["rule_set", "code"], name="rule_code_is_unique_in_its_version"),
        ]
        triggers = [
            pgtrigger.Trigger(
                name="rules_of_an_approved_set_are_frozen",
                when=pgtrigger.Before,
                operation=pgtrigger.Insert | pgtrigger.Update | pgtrigger.Delete,
                declare=[("guarded", "bigint")],
                func="""
                    guarded := CASE WHEN TG_OP = 'INSERT' THEN NEW.rule_set_id ELSE OLD.rule_set_id END;
                    IF EXISTS (SELECT 1 FROM patients_ruleset
                               WHERE id = guarded AND approved_at IS NOT NULL) THEN
                        RAISE EXCEPTION 'approved rules are frozen';
                    END IF;
                    RETURN COALESCE(NEW, OLD);
                """,
            ),
            pgtrigger.Trigger(
                name="a_seed_rule_is_never_softened",
                when=pgtrigger.Before,
                operation=pgtrigger.Insert | pgtrigger.Update,
                func=SEED_STAYS,
            ),
        ]

    def __str__(self):
        return self.code
