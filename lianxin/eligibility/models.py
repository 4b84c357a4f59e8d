"""Policies as they stood, what was found for whom, and who does not want to be looked for."""

from __future__ import annotations

import uuid
from typing import ClassVar

from django.db import models

from lianxin.kit import clock
from lianxin.kit.ids import new_id


def _uuid_key() -> models.UUIDField[uuid.UUID, uuid.UUID]:
    return models.UUIDField(primary_key=True, default=new_id, editable=False)


class PolicyVersion(models.Model):
    """One version of a policy (政策版本) for one region, exactly as its file says; never changed."""

    id = _uuid_key()
    code = models.CharField(max_length=64)
    version = models.PositiveIntegerField()
    region = models.CharField(max_length=32)
    digest = models.CharField(max_length=64, help_text="of the content")
    content = models.JSONField()
    service = models.CharField(max_length=64, blank=True, default="")
    purpose = models.CharField(max_length=32)
    valid_from = models.DateField()
    valid_until = models.DateField(null=True, blank=True)
    is_current = models.BooleanField(default=True, help_text="the newest version of its region")
    loaded_at = models.DateTimeField(default=clock.now, editable=False)
    loaded_by = models.UUIDField(null=True, blank=True, help_text="account; empty: the console")

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["code", "region", "version"], name="eligibility_one_text_a_version"
            ),
            models.UniqueConstraint(
                fields=["code", "region"],
                condition=models.Q(is_current=True),
                name="eligibility_one_current_version",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.code} {self.version}"


class Outcome(models.Model):
    """A policy that fits a member, or would if one more thing were known (匹配结果).

    What does not fit, and what too much is unknown of, leaves no row.
    """

    class State(models.TextChoices):
        FITS = "fits"
        NEARLY = "nearly"

    id = _uuid_key()
    member = models.ForeignKey("members.Member", on_delete=models.CASCADE, related_name="+")
    policy = models.ForeignKey(PolicyVersion, on_delete=models.CASCADE, related_name="outcomes")
    state = models.CharField(max_length=8, choices=State.choices)
    condition = models.CharField(
        max_length=48, blank=True, default="", help_text="whose sentence says why"
    )
    missing = models.CharField(max_length=48, blank=True, default="", help_text="name of a fact")
    as_of = models.DateField()
    found_at = models.DateTimeField(default=clock.now)
    told_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["member", "policy"], name="eligibility_one_outcome_a_policy"
            )
        ]

    def __str__(self) -> str:
        return self.state


class Refusal(models.Model):
    """Somebody does not want to be looked for, for one kind of help (拒绝推荐)."""

    id = _uuid_key()
    member = models.ForeignKey("members.Member", on_delete=models.CASCADE, related_name="+")
    purpose = models.CharField(max_length=32)
    created_at = models.DateTimeField(default=clock.now, editable=False)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["member", "purpose"], name="eligibility_one_refusal_a_purpose"
            )
        ]

    def __str__(self) -> str:
        return self.purpose
