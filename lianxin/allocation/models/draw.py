"""Draws: the rule, the list, the people who lock secrets away, the public value, what was signed."""

from __future__ import annotations

import json
from typing import Any, ClassVar

from django.db import models
from django.db.models import Q

from lianxin.allocation.models.keys import uuid_key
from lianxin.allocation.models.pool import Pool
from lianxin.allocation.rules.draws import Row, seal_of
from lianxin.allocation.rules.draws_packing import order_unpacked, rows_unpacked
from lianxin.allocation.rules.draws_steps import Moments, Stage
from lianxin.kit import clock
from lianxin.vault.api import SealedField


class Draw(models.Model):
    """One draw of a pool (抽签), from its rule to its result; a void one is followed by another.

    The rule is kept word for word as it was published, and so is everything that was signed: what
    the page shows and what the file says come from the same text.
    """

    id = uuid_key()
    pool = models.ForeignKey(Pool, on_delete=models.PROTECT, related_name="draws")
    number = models.PositiveSmallIntegerField(default=1, help_text="of the draws of its pool")
    stage = models.CharField(
        max_length=12, choices=[(one.value, one.value) for one in Stage], default=Stage.PLANNED
    )
    closes_at = models.DateTimeField()
    commit_until = models.DateTimeField()
    reveal_until = models.DateTimeField()
    known_at = models.DateTimeField(help_text="when the public value becomes known")
    source = models.CharField(max_length=16, help_text="code of the public value's source")
    issue = models.CharField(max_length=16, blank=True, default="", help_text="of a lottery")
    weight_most = models.PositiveSmallIntegerField(default=1, help_text="tickets at most")

    rule_text = models.TextField(blank=True, default="", help_text="as published")
    published_at = models.DateTimeField(null=True, blank=True)
    salts = SealedField(help_text="what the salts of the lines are made from")
    root = models.CharField(max_length=64, blank=True, default="")
    count = models.PositiveIntegerField(default=0, help_text="lines of the list")
    frozen_at = models.DateTimeField(null=True, blank=True)
    withdrawn = models.JSONField(default=list, blank=True, help_text="lines given back in time")
    value = models.CharField(max_length=200, blank=True, default="", help_text="as it is hashed")
    proof = models.CharField(max_length=200, blank=True, default="")
    valued_at = models.DateTimeField(null=True, blank=True)
    seed = models.CharField(max_length=64, blank=True, default="")
    won = models.PositiveIntegerField(default=0, help_text="lines that got places")
    drawn_at = models.DateTimeField(null=True, blank=True)
    void_reason = models.CharField(max_length=16, blank=True, default="")
    void_words = models.CharField(max_length=400, blank=True, default="")
    voided_at = models.DateTimeField(null=True, blank=True)
    due_at = models.DateTimeField(null=True, blank=True, help_text="when time itself acts next")
    created_at = models.DateTimeField(default=clock.now, editable=False)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["pool", "number"], name="allocation_one_draw_a_number"),
            models.UniqueConstraint(
                fields=["pool"], condition=~Q(stage=Stage.VOID), name="allocation_one_living_draw"
            ),
        ]
        indexes: ClassVar = [
            models.Index(
                fields=["due_at"],
                condition=Q(due_at__isnull=False),
                name="allocation_draws_due",
            ),
            models.Index(fields=["-published_at", "-id"], name="allocation_draws_public"),
        ]

    def __str__(self) -> str:
        return f"{self.pool_id} {self.number} {self.stage}"

    @property
    def standing(self) -> Stage:
        return Stage(self.stage)

    @property
    def moments(self) -> Moments:
        return Moments(self.closes_at, self.commit_until, self.reveal_until, self.known_at)

    @property
    def rule(self) -> dict[str, Any]:
        return dict(json.loads(self.rule_text))

    @property
    def seal(self) -> str:
        """The fingerprint of rule and list, once the list is fixed."""
        return seal_of(self.rule_text, self.root) if self.root else ""

    @property
    def rows(self) -> list[Row]:
        """The list as it was fixed; empty before."""
        kept = DrawList.objects.filter(draw_id=self.pk).first()
        return rows_unpacked(bytes(kept.rows)) if kept else []

    @property
    def order(self) -> list[int]:
        """The places of the list in the order of the draw; empty before."""
        kept = DrawList.objects.filter(draw_id=self.pk).first()
        return order_unpacked(bytes(kept.order)) if kept else []


class DrawList(models.Model):
    """The list of a draw, packed: fifty thousand lines are two megabytes, read only where needed."""

    draw = models.OneToOneField(Draw, on_delete=models.PROTECT, primary_key=True, related_name="+")
    rows = models.BinaryField()
    order = models.BinaryField(default=bytes)

    def __str__(self) -> str:
        return str(self.draw_id)


class DrawParty(models.Model):
    """Somebody who does not arrange the draw and locks a secret away (密语方).

    Name and capacity stand in the published rule; the account is how she comes to her page.
    """

    draw = models.ForeignKey(Draw, on_delete=models.CASCADE, related_name="parties")
    number = models.PositiveSmallIntegerField(help_text="from 1, the order in the seed")
    account = models.ForeignKey(
        "accounts.User", on_delete=models.SET_NULL, null=True, blank=True, related_name="+"
    )
    name = models.CharField(max_length=64)
    capacity = models.CharField(max_length=80)
    lock = models.CharField(max_length=64, blank=True, default="")
    locked_at = models.DateTimeField(null=True, blank=True)
    secret = models.CharField(max_length=200, blank=True, default="", help_text="once opened")
    opened_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["draw", "number"], name="allocation_one_party_a_number"
            ),
            models.UniqueConstraint(
                fields=["draw", "account"], name="allocation_one_party_a_person"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.number} {self.name}"


class DrawValue(models.Model):
    """The public value as one person read it at its source, or the machine fetched it (公开数值登记)."""

    draw = models.ForeignKey(Draw, on_delete=models.CASCADE, related_name="values_read")
    read_by = models.ForeignKey(
        "accounts.User", on_delete=models.SET_NULL, null=True, blank=True, related_name="+"
    )
    reader = models.CharField(max_length=120, help_text="who read it, as the file says")
    is_fetched = models.BooleanField(default=False)
    value = models.CharField(max_length=200)
    proof = models.CharField(max_length=200, blank=True, default="")
    read_at = models.DateTimeField(default=clock.now)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["draw", "read_by"],
                condition=Q(is_fetched=False),
                name="allocation_one_reading_a_person",
            ),
            models.UniqueConstraint(
                fields=["draw"], condition=Q(is_fetched=True), name="allocation_one_fetched_value"
            ),
        ]

    def __str__(self) -> str:
        return self.value


class DrawStatement(models.Model):
    """What was signed when a stage was reached: it cannot be unsaid (签名声明)."""

    draw = models.ForeignKey(Draw, on_delete=models.PROTECT, related_name="statements")
    stage = models.CharField(max_length=12, choices=[(one.value, one.value) for one in Stage])
    at = models.DateTimeField()
    section = models.TextField(help_text="what it is about, in canonical form")
    token = models.TextField()

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["draw", "stage"], name="allocation_one_statement"),
        ]

    def __str__(self) -> str:
        return f"{self.draw_id} {self.stage}"
