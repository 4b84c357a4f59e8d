"""What partners offer."""

from __future__ import annotations

import uuid
from typing import Any, ClassVar

from django.db import models
from django.db.models import F, Q

from lianxin.exchange.rules import Audience, Kind, State, Way
from lianxin.kit import clock
from lianxin.kit.ids import new_id
from lianxin.kit.pinyin import LONGEST, spelled


class Resource(models.Model):
    """Something a partner shares (共享资源): a hall, a lecturer, course places, vouchers.

    The partner's contact offers it, an officer of the union that looks after the partner checks and
    publishes it; only then anybody else sees it. What is booked by time, and the vouchers, live in
    allocation; this row says what they are of.
    """

    class Grain(models.TextChoices):
        DAY = "day"
        HALF_HOUR = "half_hour"

    id: models.UUIDField[uuid.UUID, uuid.UUID] = models.UUIDField(
        primary_key=True, default=new_id, editable=False
    )
    partner = models.ForeignKey("partners.Partner", on_delete=models.PROTECT, related_name="+")
    key = models.CharField(max_length=64, help_text="of the form: a second sending changes nothing")
    kind = models.CharField(max_length=12, choices=[(one.value, one.value) for one in Kind])
    title = models.CharField(max_length=80)
    sort_key = models.CharField(max_length=96, blank=True, default="", help_text="title in pinyin")
    words = models.TextField(blank=True, default="")
    place = models.CharField(max_length=160, blank=True, default="")
    price = models.CharField(max_length=80, help_text="what a member pays, in plain words")
    way = models.CharField(max_length=8, choices=[(one.value, one.value) for one in Way])
    audience = models.CharField(max_length=8, choices=[(one.value, one.value) for one in Audience])
    quantity = models.PositiveIntegerField(default=1)
    grain = models.CharField(max_length=12, choices=Grain.choices, default=Grain.HALF_HOUR)
    opens = models.TimeField(null=True, blank=True)
    closes = models.TimeField(null=True, blank=True)
    starts_on = models.DateField()
    ends_on = models.DateField()
    state = models.CharField(
        max_length=12,
        choices=[(one.value, one.value) for one in State],
        default=State.OFFERED.value,
    )
    reason = models.CharField(max_length=300, blank=True, default="", help_text="returned or ended")
    offered_by = models.ForeignKey(
        "accounts.User", on_delete=models.SET_NULL, null=True, blank=True, related_name="+"
    )
    offered_at = models.DateTimeField(default=clock.now, editable=False)
    checked_by = models.ForeignKey(
        "accounts.User", on_delete=models.SET_NULL, null=True, blank=True, related_name="+"
    )
    checked_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["partner", "key"], name="exchange_one_offer_a_form"),
            models.CheckConstraint(
                condition=Q(starts_on__lte=F("ends_on")), name="exchange_begins_before_it_ends"
            ),
        ]
        indexes: ClassVar = [
            models.Index(fields=["state", "sort_key", "id"], name="exchange_by_title"),
        ]

    def __str__(self) -> str:
        return self.title

    def save(self, *args: Any, **kwargs: Any) -> None:
        self.sort_key = spelled(self.title)[:LONGEST]
        super().save(*args, **kwargs)

    @property
    def standing(self) -> State:
        return State(self.state)

    @property
    def is_there(self) -> bool:
        """Say whether it can be had today or later."""
        return self.standing is State.PUBLISHED and self.ends_on >= clock.today()
