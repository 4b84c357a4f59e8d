"""Pools of places, the claims on them, and numbered seats."""

from __future__ import annotations

import datetime as dt
from typing import ClassVar

from django.db import models
from django.db.models import F, Q

from lianxin.allocation.models.keys import uuid_key
from lianxin.allocation.rules.admission import Audience, OnePer
from lianxin.allocation.rules.claims import HOLDING, LIVE, Standing, State, Terms
from lianxin.kit import clock
from lianxin.vault.api import SealedField


def unruled(prefix: str = "") -> Q:
    """Match pools that are drawn while nobody knows yet how: they take nobody; `prefix` leads to the pool."""
    drawn = {"method": Pool.Method.DRAW, "ruled_at": None, "drawn_at": None}
    return Q(**{f"{prefix}{name}": value for name, value in drawn.items()})


class Pool(models.Model):
    """Places of one thing that are short (名额池): how many, from when to when, for whom.

    `kind` and `object_id` say what it is about (a session, a class, a voucher); what the app that
    opened it shows of it stands in `title`, `place` and the times, so that a list of someone's
    places needs no other table. `taken` and `waiting` count places, in the same transaction as the
    claims; the ledger proves them.
    """

    class Method(models.TextChoices):
        RUSH = "rush"  # first come, first served
        DRAW = "draw"  # everybody applies, chance decides

    id = uuid_key()
    organisation = models.ForeignKey(
        "orgs.Organisation", on_delete=models.PROTECT, related_name="+"
    )
    kind = models.CharField(max_length=48)
    object_id = models.UUIDField()
    label = models.CharField(max_length=48, blank=True, default="", help_text="of several pools")
    title = models.CharField(max_length=120)
    place = models.CharField(max_length=160, blank=True, default="")
    starts_at = models.DateTimeField(null=True, blank=True, help_text="when it takes place")
    ends_at = models.DateTimeField(null=True, blank=True)

    method = models.CharField(max_length=8, choices=Method.choices, default=Method.RUSH)
    capacity = models.PositiveIntegerField()
    opens_at = models.DateTimeField()
    closes_at = models.DateTimeField()
    most = models.PositiveSmallIntegerField(default=1, help_text="places one claim may ask for")
    waitlist = models.PositiveIntegerField(null=True, blank=True, help_text="empty: no limit")
    offer_minutes = models.PositiveIntegerField(default=24 * 60)
    audience = models.CharField(
        max_length=12,
        choices=[(one.value, one.value) for one in Audience],
        default=Audience.MEMBERS,
    )
    rule = models.TextField(blank=True, default="", help_text="a Boolean over declared facts")
    one_per = models.CharField(
        max_length=8, choices=[(one.value, one.value) for one in OnePer], default=OnePer.PERSON
    )
    series = models.CharField(max_length=64, blank=True, default="", help_text="things of one kind")
    strata = models.JSONField(default=list, blank=True, help_text="the published order of need")
    has_seats = models.BooleanField(default=False)

    taken = models.PositiveIntegerField(default=0)
    waiting = models.PositiveIntegerField(default=0)
    seq = models.PositiveIntegerField(default=0, help_text="lines in its ledger")
    ruled_at = models.DateTimeField(
        null=True, blank=True, help_text="since when the rule of its draw is published"
    )
    drawn_at = models.DateTimeField(null=True, blank=True)
    off_at = models.DateTimeField(null=True, blank=True, help_text="called off")
    created_at = models.DateTimeField(default=clock.now, editable=False)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["kind", "object_id", "label"], name="allocation_one_pool"
            ),
            models.CheckConstraint(
                condition=Q(taken__lte=F("capacity")), name="allocation_never_too_many"
            ),
            models.CheckConstraint(
                condition=Q(opens_at__lt=F("closes_at")), name="allocation_opens_before_it_closes"
            ),
        ]
        indexes: ClassVar = [
            models.Index(fields=["organisation", "opens_at"], name="allocation_pools"),
            models.Index(
                fields=["closes_at"],
                condition=Q(method="draw", ruled_at=None, drawn_at=None, off_at=None),
                name="allocation_unruled",
            ),
        ]

    def __str__(self) -> str:
        return self.title

    @property
    def terms(self) -> Terms:
        return Terms(
            capacity=self.capacity,
            opens_at=self.opens_at,
            closes_at=self.closes_at,
            most=self.most,
            waitlist=self.waitlist,
            is_drawn=self.method == self.Method.DRAW and self.drawn_at is None,
            is_off=self.off_at is not None,
            is_unruled=self.is_unruled,
        )

    @property
    def is_unruled(self) -> bool:
        """Say whether it is drawn, and nobody knows yet how: then nobody applies yet either (`unruled`)."""
        return self.method == self.Method.DRAW and not (self.ruled_at or self.drawn_at)

    @property
    def standing(self) -> Standing:
        return Standing(self.taken, self.waiting)

    @property
    def valid_until(self) -> dt.datetime | None:
        """Say until when what one took may be used, where nothing takes place: a voucher."""
        return self.ends_at if self.starts_at is None else None

    @property
    def free(self) -> int:
        return self.capacity - self.taken


class Claim(models.Model):
    """A person's claim on places of a pool (名额申领), her own and nobody else's.

    It is never handed on. Having stayed away leaves no mark on a person: nothing is counted.
    """

    id = uuid_key()
    # Further indexes below begin with these two; each one less is a faster rush.
    pool = models.ForeignKey(Pool, on_delete=models.PROTECT, related_name="claims", db_index=False)
    account = models.ForeignKey(
        "accounts.User",
        on_delete=models.SET_NULL,
        null=True,
        blank=True,
        related_name="+",
        db_index=False,
    )
    unit = models.CharField(max_length=96, help_text="what may stand only once among the living")
    key = models.CharField(max_length=64, help_text="of the form: a second sending changes nothing")
    size = models.PositiveSmallIntegerField(default=1)
    state = models.CharField(max_length=12, choices=[(one.value, one.value) for one in State])
    stratum = models.PositiveSmallIntegerField(default=0)
    position = models.PositiveIntegerField(default=0, help_text="among those of her stratum")
    offered_until = models.DateTimeField(null=True, blank=True)
    used = models.PositiveSmallIntegerField(default=0, help_text="places that came in")
    details = SealedField(help_text="what the app that opened the pool asked for; JSON")
    made_at = models.DateTimeField(default=clock.now, editable=False)
    settled_at = models.DateTimeField(default=clock.now, editable=False)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["pool", "unit"],
                condition=Q(state__in=sorted(LIVE)),
                name="allocation_one_living_claim",
            ),
            models.UniqueConstraint(
                fields=["pool", "account", "key"], name="allocation_one_claim_a_form"
            ),
            models.CheckConstraint(
                condition=Q(used__lte=F("size")), name="allocation_used_no_more_than_it_has"
            ),
        ]
        indexes: ClassVar = [
            models.Index(
                fields=["pool", "stratum", "position"],
                condition=Q(state=State.WAITING),
                name="allocation_waiting",
            ),
            models.Index(
                fields=["offered_until"],
                condition=Q(state=State.OFFERED),
                name="allocation_offers",
            ),
            models.Index(fields=["account", "-made_at"], name="allocation_mine"),
        ]

    def __str__(self) -> str:
        return f"{self.pool_id} {self.state}"

    @property
    def standing(self) -> State:
        return State(self.state)

    @property
    def holds(self) -> bool:
        return self.standing in HOLDING

    @property
    def lives(self) -> bool:
        return self.standing in LIVE


class Seat(models.Model):
    """A numbered seat (座位), where a pool has them."""

    pool = models.ForeignKey(Pool, on_delete=models.CASCADE, related_name="seats")
    number = models.PositiveIntegerField(help_text="order in the house")
    label = models.CharField(max_length=16)
    claim = models.ForeignKey(
        Claim, on_delete=models.SET_NULL, null=True, blank=True, related_name="seats"
    )

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["pool", "number"], name="allocation_one_seat"),
            models.UniqueConstraint(fields=["pool", "label"], name="allocation_one_seat_label"),
        ]

    def __str__(self) -> str:
        return self.label
