"""The life of memberships: their history, transfers under way, cards, and people entered twice."""

from __future__ import annotations

from typing import Any, ClassVar, NoReturn

from django.db import models

from lianxin.kit import clock
from lianxin.members.models.keys import uuid_key
from lianxin.members.models.member import Member


class HistoryError(TypeError):
    """Somebody tried to change what has happened."""


class HistoryQuerySet(models.QuerySet["MembershipEvent"]):
    def update(self, **_values: Any) -> NoReturn:
        raise HistoryError("what has happened to a membership is never changed")

    def delete(self) -> NoReturn:
        raise HistoryError("what has happened to a membership is never erased")


class MembershipEvent(models.Model):
    """One thing that happened to a membership (会籍变动记录): from where to where, why, by whom.

    Rows are only ever added. Who came onto the roll by a workbook has no first row: joined when,
    and from which source, stands in the entry itself.
    """

    member = models.ForeignKey(Member, on_delete=models.PROTECT, related_name="history")
    from_standing = models.CharField(max_length=12, blank=True, default="")
    to_standing = models.CharField(max_length=12)
    from_organisation = models.ForeignKey(
        "orgs.Organisation", on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    organisation = models.ForeignKey(
        "orgs.Organisation", on_delete=models.PROTECT, related_name="+"
    )
    happened_on = models.DateField()
    reason = models.CharField(
        max_length=24, blank=True, default="", help_text="a code of the rules"
    )
    actor_id = models.UUIDField(null=True, blank=True, help_text="account; empty for a machine")
    dossier_id = models.UUIDField(null=True, blank=True, help_text="the case it followed from")
    recorded_at = models.DateTimeField(default=clock.now, editable=False)

    objects = HistoryQuerySet.as_manager()

    class Meta:
        indexes: ClassVar = [models.Index(fields=["member", "id"], name="members_history")]

    def __str__(self) -> str:
        return f"{self.from_standing} → {self.to_standing}"

    def save(self, *args: Any, **kwargs: Any) -> None:
        if not self._state.adding:
            raise HistoryError("what has happened to a membership is never changed")
        super().save(*args, **kwargs)

    def delete(self, *_args: Any, **_kwargs: Any) -> NoReturn:
        raise HistoryError("what has happened to a membership is never erased")


class Transfer(models.Model):
    """A membership on its way from one union to another (会籍转移): it takes a yes of both."""

    class Phase(models.TextChoices):
        OUT = "moving_out"
        IN = "moving_in"
        ACCEPTED = "accepted"
        STAYED = "stayed"

    id = uuid_key()
    member = models.ForeignKey(Member, on_delete=models.PROTECT, related_name="transfers")
    from_organisation = models.ForeignKey(
        "orgs.Organisation", on_delete=models.PROTECT, related_name="+"
    )
    to_organisation = models.ForeignKey(
        "orgs.Organisation", on_delete=models.PROTECT, related_name="+"
    )
    phase = models.CharField(max_length=12, choices=Phase.choices, default=Phase.OUT)
    dossier_id = models.UUIDField(unique=True)
    asked_at = models.DateTimeField(default=clock.now, editable=False)
    released_at = models.DateTimeField(null=True, blank=True)
    settled_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["member"],
                condition=models.Q(phase__in=["moving_out", "moving_in"]),
                name="members_one_transfer_under_way",
            )
        ]

    def __str__(self) -> str:
        return f"{self.member_id} {self.phase}"


class Card(models.Model):
    """A membership card (电子会员证); what it shows is signed anew every few hours."""

    id = uuid_key()
    member = models.ForeignKey(Member, on_delete=models.CASCADE, related_name="cards")
    issued_at = models.DateTimeField(default=clock.now, editable=False)
    revoked_at = models.DateTimeField(null=True, blank=True)
    revoked_for = models.CharField(max_length=16, blank=True, default="")

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["member"],
                condition=models.Q(revoked_at__isnull=True),
                name="members_one_card",
            )
        ]
        indexes: ClassVar = [models.Index(fields=["revoked_at"], name="members_card_revoked")]

    def __str__(self) -> str:
        return str(self.pk)


class Suspicion(models.Model):
    """Two entries that may be one person (疑似重复); once said, “not the same” is remembered."""

    class State(models.TextChoices):
        OPEN = "open"
        MERGED = "merged"
        DISTINCT = "distinct"

    id = uuid_key()
    # The one with the smaller id first, so that a pair is a pair.
    first = models.ForeignKey(Member, on_delete=models.CASCADE, related_name="+")
    second = models.ForeignKey(Member, on_delete=models.CASCADE, related_name="+")
    signs = models.JSONField(default=list, help_text="codes of rules.duplicates.Sign")
    state = models.CharField(max_length=12, choices=State.choices, default=State.OPEN)
    found_at = models.DateTimeField(default=clock.now, editable=False)
    settled_at = models.DateTimeField(null=True, blank=True)
    settled_by = models.UUIDField(null=True, blank=True, help_text="account")

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["first", "second"], name="members_one_suspicion"),
        ]
        indexes: ClassVar = [
            models.Index(fields=["state", "found_at", "id"], name="members_suspicions")
        ]

    def __str__(self) -> str:
        return f"{self.first_id} = {self.second_id}?"
