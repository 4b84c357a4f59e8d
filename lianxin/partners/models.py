"""Partners, and the people who speak for them."""

from __future__ import annotations

import uuid
from typing import Any, ClassVar

from django.db import models

from lianxin.kit import clock
from lianxin.kit.ids import new_id
from lianxin.kit.pinyin import LONGEST, spelled


class Partner(models.Model):
    """An office, school, enterprise or society that works with a union (合作单位).

    It stands outside the tree: it counts no members and holds no posts. One union looks after it.
    """

    class Kind(models.TextChoices):
        GOVERNMENT = "government"
        SCHOOL = "school"
        ENTERPRISE = "enterprise"
        SOCIETY = "society"

    class State(models.TextChoices):
        IN_FORCE = "in_force"
        ENDED = "ended"

    id: models.UUIDField[uuid.UUID, uuid.UUID] = models.UUIDField(
        primary_key=True, default=new_id, editable=False
    )
    organisation = models.ForeignKey(
        "orgs.Organisation", on_delete=models.PROTECT, related_name="+",
        help_text="the union that looks after it",
    )  # fmt: skip
    name = models.CharField(max_length=120)
    sort_key = models.CharField(max_length=96, blank=True, default="", help_text="name in pinyin")
    kind = models.CharField(max_length=12, choices=Kind.choices)
    uscc = models.CharField(max_length=18, blank=True, default="")
    work = models.CharField(max_length=120, blank=True, default="", help_text="what it does for us")
    phone = models.CharField(max_length=32, blank=True, default="")
    address = models.CharField(max_length=200, blank=True, default="")
    state = models.CharField(max_length=12, choices=State.choices, default=State.IN_FORCE)
    starts_on = models.DateField(default=clock.today)
    ended_on = models.DateField(null=True, blank=True)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["organisation", "name"],
                condition=models.Q(state="in_force"),
                name="partners_one_name_a_union",
            ),
            models.UniqueConstraint(
                fields=["organisation", "uscc"],
                condition=models.Q(state="in_force") & ~models.Q(uscc=""),
                name="partners_one_code_a_union",
            ),
        ]
        indexes: ClassVar = [models.Index(fields=["sort_key", "id"], name="partners_by_name")]

    def __str__(self) -> str:
        return self.name

    def save(self, *args: Any, **kwargs: Any) -> None:
        self.sort_key = spelled(self.name)[:LONGEST]
        super().save(*args, **kwargs)


class Contact(models.Model):
    """Somebody who speaks for a partner and signs in like everybody else (联络员)."""

    id: models.UUIDField[uuid.UUID, uuid.UUID] = models.UUIDField(
        primary_key=True, default=new_id, editable=False
    )
    partner = models.ForeignKey(Partner, on_delete=models.PROTECT, related_name="contacts")
    account = models.ForeignKey("accounts.User", on_delete=models.PROTECT, related_name="+")
    title = models.CharField(max_length=60, blank=True, default="", help_text="what she does there")
    starts_on = models.DateField(default=clock.today)
    ended_on = models.DateField(null=True, blank=True)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["partner", "account"],
                condition=models.Q(ended_on__isnull=True),
                name="partners_one_open_contact",
            )
        ]
        indexes: ClassVar = [models.Index(fields=["account"], name="partners_of_account")]

    def __str__(self) -> str:
        return f"{self.account_id} @ {self.partner_id}"
