"""What is known about a member, who is family, and what she agreed to."""

from __future__ import annotations

from typing import ClassVar

from django.db import models

from lianxin.kit import clock
from lianxin.members.models.keys import uuid_key
from lianxin.members.models.member import Member
from lianxin.vault.api import IndexField, SealedField


class Fact(models.Model):
    """One thing known about a member, with where it came from and until when it holds (事实).

    A newer value supersedes the older; history stays. Sensitive values are sealed.
    """

    id = uuid_key()
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
    was_index = IndexField(
        purposes=("id_number",), blank=True, default="",
        help_text="digest of the identity number that was wrong; the number itself is kept nowhere",
    )  # fmt: skip

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["member", "name"],
                condition=models.Q(superseded_at__isnull=True),
                name="members_one_current_fact",
            )
        ]
        indexes: ClassVar = [
            models.Index(fields=["member", "name", "-recorded_at"], name="members_fact_history"),
            models.Index(
                fields=["was_index"],
                name="members_wrong_number",
                condition=~models.Q(was_index=""),
            ),
        ]

    def __str__(self) -> str:
        return self.name


class Relative(models.Model):
    """A person the member declared as family (亲属): shown to her alone, used to keep cases apart."""

    id = uuid_key()
    member = models.ForeignKey(Member, on_delete=models.CASCADE, related_name="relatives")
    relation = models.CharField(max_length=24)
    name = SealedField()
    id_index = IndexField(purposes=("id_number",), blank=True, default="")
    phone_index = IndexField(purposes=("phone",), blank=True, default="")
    birth_on = models.DateField(null=True, blank=True)
    lives_together = models.BooleanField(default=True)

    def __str__(self) -> str:
        return self.relation


class Consent(models.Model):
    """One person's yes to one purpose, in the words of one version (同意)."""

    id = uuid_key()
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
