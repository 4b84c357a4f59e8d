"""What partners offer."""

from __future__ import annotations

import datetime as dt
import uuid
from typing import Any, ClassVar

from django.db import models
from django.db.models import F, Q

from lianxin.exchange.rules import Audience, Kind, State, Way
from lianxin.files.api import AbstractPicture
from lianxin.kit import clock
from lianxin.kit.ids import new_id
from lianxin.kit.pinyin import LONGEST, spelled


class Picture(AbstractPicture):
    """What an offer looks like; one an offer, and one that waits for the union's check."""


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
    quantity = models.PositiveIntegerField(
        default=1, help_text="vouchers in all, or places at one time of what is booked"
    )
    grain = models.CharField(max_length=12, choices=Grain.choices, default=Grain.HALF_HOUR)
    opens = models.TimeField(null=True, blank=True)
    closes = models.TimeField(null=True, blank=True)
    weekdays = models.JSONField(default=list, blank=True, help_text="0 is Monday; none: every day")
    closed_on = models.JSONField(default=list, blank=True, help_text="days on which it is shut")
    skips_holidays = models.BooleanField(default=False, help_text="shut on public holidays")
    starts_on = models.DateField()
    ends_on = models.DateField()
    picture = models.ForeignKey(
        Picture, on_delete=models.SET_NULL, null=True, blank=True, related_name="+"
    )
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
    def wish(self) -> Amendment | None:
        """What its partner wants changed and nobody has decided yet."""
        return getattr(self, "amendment", None)

    @property
    def standing(self) -> State:
        return State(self.state)

    @property
    def closed_days(self) -> tuple[dt.date, ...]:
        return tuple(dt.date.fromisoformat(day) for day in self.closed_on)

    def is_open_on(self, weekday: int) -> bool:
        """Say whether it can be had on a day of the week; 0 is Monday."""
        return not self.weekdays or weekday in self.weekdays

    @property
    def is_there(self) -> bool:
        """Say whether it can be had today or later."""
        return self.standing is State.PUBLISHED and self.ends_on >= clock.today()


class Amendment(models.Model):
    """What a contact wants changed of a published offer (变更申请), or that it ends.

    Until an officer has looked at it the offer stands as it was. Of an offer there is one: what is
    asked later takes the place of what was asked before.
    """

    class Kind(models.TextChoices):
        CHANGE = "change"
        END = "end"

    resource = models.OneToOneField(
        Resource, on_delete=models.CASCADE, related_name="amendment", primary_key=True
    )
    kind = models.CharField(max_length=8, choices=Kind.choices)
    written = models.JSONField(default=dict, blank=True, help_text="the columns as they shall be")
    picture = models.ForeignKey(
        Picture, on_delete=models.SET_NULL, null=True, blank=True, related_name="+",
        help_text="the one it shall have; none: it stays",
    )  # fmt: skip
    reason = models.CharField(max_length=300)
    asked_by = models.ForeignKey(
        "accounts.User", on_delete=models.SET_NULL, null=True, blank=True, related_name="+"
    )
    asked_at = models.DateTimeField(default=clock.now)

    def __str__(self) -> str:
        return f"{self.kind} {self.resource_id}"


class Telling(models.Model):
    """Word to everybody who holds a voucher or has booked, that something is different now (变更告知).

    It goes out in batches by a job of its own; cut off, it goes on behind the last who was told.
    Taking the offer down ends it.
    """

    id: models.UUIDField[uuid.UUID, uuid.UUID] = models.UUIDField(
        primary_key=True, default=new_id, editable=False
    )
    resource = models.ForeignKey(Resource, on_delete=models.CASCADE, related_name="tellings")
    changed = models.JSONField(default=list, help_text="name, before, after: as the row had them")
    made_at = models.DateTimeField(default=clock.now, editable=False)
    cursor = models.UUIDField(null=True, blank=True, help_text="the last who was told")
    told = models.PositiveIntegerField(default=0)
    finished_at = models.DateTimeField(null=True, blank=True)

    def __str__(self) -> str:
        return f"{self.resource_id} {self.told}"
