"""Two files of one person: what somebody said of a pair, and the merge of one file into the other."""

import pgtrigger
from django.db import models
from django.db.models import F, Q

from clinic.models import User
from patients.models.profile import Patient


class PairNote(models.Model):
    """What was said last of two files that look alike: one person (please merge), or two people."""

    class Said(models.TextChoices):
        """One of two."""

        SAME = "same", "Same person"
        DIFFERENT = "different", "Different people"

    first = models.ForeignKey(Patient, on_delete=models.PROTECT, related_name="+")
    second = models.ForeignKey(Patient, on_delete=models.PROTECT, related_name="+")
    said = models.CharField(max_length=9, choices=Said)
    by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField()

    class Meta:
        ordering = ["-at", "-pk"]
        constraints = [
            models.UniqueConstraint(fields=["first", "second"], name="a_pair_of_files_has_one_note"),
            models.CheckConstraint(condition=Q(first__lt=F("second")), name="a_pair_of_files_is_in_order"),
        ]

    def __str__(self):
        return f"{self.first} and {self.second}: {self.said}"


class FoundPair(models.Model):
    """Two files that look alike, as they were when all were compared last; `weight` counts the reasons."""

    first = models.ForeignKey(Patient, on_delete=models.CASCADE, related_name="+", db_index=False)
    second = models.ForeignKey(Patient, on_delete=models.CASCADE, related_name="+", db_index=False)
    weight = models.PositiveSmallIntegerField()

    class Meta:
        indexes = [models.Index(fields=["-weight", "-second"], name="found_pair_most_telling")]

    def __str__(self):
        return f"{self.first_id} and {self.second_id}"


class PairSearch(models.Model):
    """When all files were compared, and the last of them; the newest row counts."""

    at = models.DateTimeField()
    last_key = models.BigIntegerField()

    def __str__(self):
        return f"{self.at}"


class PatientMerge(models.Model):
    """One merge: `moved` names every row that changed its file, by table; its undo puts back just those.

    `before` are the details of the kept file as they were, `chosen` as they became. Never deleted; only its
    undo is ever added.
    """

    kept = models.ForeignKey(Patient, on_delete=models.PROTECT, related_name="merges")
    merged = models.ForeignKey(Patient, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField()
    by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    reason = models.CharField(max_length=200)
    moved = models.JSONField()
    before = models.JSONField()
    chosen = models.JSONField()
    undone_at = models.DateTimeField(null=True)
    undone_by = models.ForeignKey(User, on_delete=models.PROTECT, null=True, related_name="+")

    class Meta:
        ordering = ["-at", "-pk"]
        constraints = [
            models.CheckConstraint(condition=~Q(kept=F("merged")), name="a_merge_is_of_two_files"),
            models.CheckConstraint(
                condition=Q(reason__regex=r"(\S\s*){10,}"),
                name="a_merge_has_its_reason",
                violation_error_message="Write in 10 characters or more how you know that it is one person.",
            ),
            models.CheckConstraint(
                condition=Q(undone_at=None, undone_by=None)
                | Q(undone_at__isnull=False, undone_by__isnull=False),
                name="an_undone_merge_names_who_and_when",
            ),
            models.UniqueConstraint(
                fields=["merged"], condition=Q(undone_at=None), name="a_file_is_merged_once_at_a_time"
            ),
        ]
        triggers = [
            pgtrigger.Protect(name="merge_is_never_deleted", operation=pgtrigger.Delete),
            pgtrigger.Protect(
                name="merge_changes_only_by_its_undo",
                operation=pgtrigger.Update,
                condition=pgtrigger.AnyChange(exclude=["undone_at", "undone_by"]),
            ),
            pgtrigger.Protect(
                name="an_undone_merge_stays_undone",
                operation=pgtrigger.Update,
                condition=pgtrigger.Q(old__undone_at__isnull=False),
            ),
        ]

    def __str__(self):
        return f"{self.merged} into {self.kept}"
