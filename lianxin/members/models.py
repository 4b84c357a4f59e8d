"""Real-name members, what is known about them, who is family, and what they agreed to."""

from __future__ import annotations

import uuid
from typing import ClassVar

from django.db import models

from lianxin.kit import clock
from lianxin.kit.ids import new_id
from lianxin.vault.api import SealedField


def _uuid_key() -> models.UUIDField[uuid.UUID, uuid.UUID]:
    return models.UUIDField(primary_key=True, default=new_id, editable=False)


class Member(models.Model):
    """A worker on the union's roll, under her real name (实名制会员)."""

    class State(models.TextChoices):
        IN_FORCE = "in_force"
        RETAINED = "retained"
        ENDED = "ended"

    id = _uuid_key()
    account = models.OneToOneField(
        "accounts.User", on_delete=models.SET_NULL, null=True, blank=True, related_name="+"
    )
    organisation = models.ForeignKey(
        "orgs.Organisation", on_delete=models.PROTECT, related_name="+"
    )
    # Codes of the unions above, copied: a list "everybody below, by name" reads one index.
    city_code = models.CharField(max_length=32, blank=True, default="")
    district_code = models.CharField(max_length=32, blank=True, default="")
    street_code = models.CharField(max_length=32, blank=True, default="")
    name = models.CharField(max_length=64)
    sort_key = models.CharField(max_length=96, blank=True, default="", help_text="name in pinyin")
    id_kind = models.CharField(max_length=16, default="resident")
    id_number = SealedField()
    id_index = models.CharField(max_length=96, blank=True, default="")
    phone = SealedField()
    phone_index = models.CharField(max_length=96, blank=True, default="")
    phone_tail = models.CharField(max_length=4, blank=True, default="", help_text="shown in lists")
    sex = models.CharField(max_length=1, blank=True, default="0", help_text="GB/T 2261.1")
    birth_on = models.DateField(null=True, blank=True)
    employer_name = models.CharField(max_length=120, blank=True, default="")
    employment_form = models.CharField(max_length=24, blank=True, default="")
    occupation = models.CharField(max_length=64, blank=True, default="")
    skill_level = models.CharField(max_length=24, blank=True, default="")
    joined_on = models.DateField(null=True, blank=True)
    state = models.CharField(max_length=12, choices=State.choices, default=State.IN_FORCE)
    source = models.CharField(max_length=64, blank=True, default="")
    created_at = models.DateTimeField(default=clock.now, editable=False)
    updated_at = models.DateTimeField(default=clock.now)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["id_index"],
                condition=models.Q(state="in_force") & ~models.Q(id_index=""),
                name="members_one_membership_in_force",
            )
        ]
        indexes: ClassVar = [
            models.Index(fields=["organisation", "sort_key", "id"], name="members_by_name"),
            models.Index(fields=["street_code", "sort_key", "id"], name="members_by_street"),
            models.Index(fields=["district_code", "sort_key", "id"], name="members_by_district"),
            models.Index(fields=["city_code", "sort_key", "id"], name="members_by_city"),
            models.Index(fields=["phone_index"], name="members_by_phone"),
        ]

    def __str__(self) -> str:
        return self.name


class Fact(models.Model):
    """One thing known about a member, with where it came from and until when it holds (事实).

    A newer value supersedes the older; history stays. Sensitive values are sealed.
    """

    id = _uuid_key()
    member = models.ForeignKey(Member, on_delete=models.CASCADE, related_name="facts")
    name = models.CharField(max_length=48)
    value = models.JSONField(null=True, blank=True)
    sealed_value = SealedField()
    source = models.CharField(max_length=48, help_text="a kind of data/facts.yaml")
    source_id = models.CharField(max_length=64, blank=True, default="", help_text="e.g. a dossier")
    recorded_by = models.UUIDField(null=True, blank=True, help_text="account; empty for a machine")
    recorded_at = models.DateTimeField(default=clock.now)
    expires_on = models.DateField(null=True, blank=True)
    superseded_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["member", "name"],
                condition=models.Q(superseded_at__isnull=True),
                name="members_one_current_fact",
            )
        ]
        indexes: ClassVar = [
            models.Index(fields=["member", "name", "-recorded_at"], name="members_fact_history")
        ]

    def __str__(self) -> str:
        return self.name


class Relative(models.Model):
    """A person the member declared as family (亲属): shown to her alone, used to keep cases apart."""

    id = _uuid_key()
    member = models.ForeignKey(Member, on_delete=models.CASCADE, related_name="relatives")
    relation = models.CharField(max_length=24)
    name = SealedField()
    id_index = models.CharField(max_length=96, blank=True, default="")
    phone_index = models.CharField(max_length=96, blank=True, default="")
    birth_on = models.DateField(null=True, blank=True)
    lives_together = models.BooleanField(default=True)

    def __str__(self) -> str:
        return self.relation


class Consent(models.Model):
    """One person's yes to one purpose, in the words of one version (同意)."""

    id = _uuid_key()
    account = models.ForeignKey("accounts.User", on_delete=models.CASCADE, related_name="+")
    purpose = models.CharField(max_length=48)
    wording = models.CharField(max_length=16, help_text="version of the sentence agreed to")
    given_at = models.DateTimeField(default=clock.now)
    withdrawn_at = models.DateTimeField(null=True, blank=True)
    guardian_name = SealedField()  # who agreed for a child under 14

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["account", "purpose"],
                condition=models.Q(withdrawn_at__isnull=True),
                name="members_one_consent_in_force",
            )
        ]

    def __str__(self) -> str:
        return self.purpose


class ImportRun(models.Model):
    """One reading of one workbook into the roll (导入批次): how far it came, and what became of it."""

    class State(models.TextChoices):
        RUNNING = "running"
        DONE = "done"
        ABANDONED = "abandoned"

    id = _uuid_key()
    organisation = models.ForeignKey(
        "orgs.Organisation", on_delete=models.PROTECT, related_name="+"
    )
    file_digest = models.CharField(max_length=64)
    file_name = models.CharField(max_length=200)
    started_by = models.UUIDField(null=True, blank=True, help_text="account; empty: the console")
    state = models.CharField(max_length=12, choices=State.choices, default=State.RUNNING)
    position = models.PositiveIntegerField(default=0, help_text="rows of the sheet already settled")
    rows = models.PositiveIntegerField(default=0)
    created = models.PositiveIntegerField(default=0)
    updated = models.PositiveIntegerField(default=0)
    duplicate = models.PositiveIntegerField(default=0)
    rejected = models.PositiveIntegerField(default=0)
    started_at = models.DateTimeField(default=clock.now, editable=False)
    finished_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        indexes: ClassVar = [
            models.Index(fields=["organisation", "file_digest"], name="members_import_by_file")
        ]

    def __str__(self) -> str:
        return f"{self.file_name} {self.position}"


class ImportRejection(models.Model):
    """A row of a workbook that was not taken (退回行): where it stands and why, none of its content."""

    run = models.ForeignKey(ImportRun, on_delete=models.CASCADE, related_name="rejections")
    row_number = models.PositiveIntegerField()
    reason = models.CharField(max_length=32)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["run", "row_number"], name="members_one_rejection_a_row"
            )
        ]

    def __str__(self) -> str:
        return f"{self.row_number}: {self.reason}"
