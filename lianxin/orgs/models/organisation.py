"""A union organisation: its place in the tree, its codes, its human door, what became of it."""

from __future__ import annotations

import datetime as dt
import uuid
from typing import Any, ClassVar

from django.db import models
from django.utils.translation import gettext_lazy as _
from treebeard.mp_tree import MP_Node

from lianxin.kit import clock
from lianxin.kit.ids import new_id
from lianxin.kit.pinyin import LONGEST, spelled
from lianxin.orgs.rules import Level


class Organisation(MP_Node):  # type: ignore[misc]  # treebeard ships no types
    """A union at some level: city federation, district, street, grassroots (工会组织)."""

    class State(models.TextChoices):
        IN_FORCE = "in_force"
        MERGING = "merging"  # its members are being carried over to the survivor
        CLOSING = "closing"  # its members are being carried over to the level above
        CLOSED = "closed"

    id: models.UUIDField[uuid.UUID, uuid.UUID] = models.UUIDField(
        primary_key=True, default=new_id, editable=False
    )
    code = models.CharField(max_length=32, unique=True)
    name = models.CharField(max_length=120)
    sort_key = models.CharField(max_length=96, blank=True, default="", help_text="name in pinyin")
    level = models.CharField(max_length=16, choices=[(level.value, level.value) for level in Level])
    state = models.CharField(max_length=12, choices=State.choices, default=State.IN_FORCE)
    uscc = models.CharField(max_length=18, blank=True, default="")
    employer_uscc = models.CharField(
        max_length=18, blank=True, default="", help_text="of the unit whose workers it unites"
    )
    division_code = models.CharField(max_length=12, blank=True, default="", help_text="GB/T 2260")
    industry_code = models.CharField(max_length=5, blank=True, default="", help_text="GB/T 4754")
    founded_on = models.DateField(null=True, blank=True)
    closed_on = models.DateField(null=True, blank=True)
    phone = models.CharField(max_length=32, blank=True, default="")
    address = models.CharField(max_length=200, blank=True, default="")
    opening_hours = models.CharField(max_length=120, blank=True, default="")
    member_count = models.PositiveIntegerField(
        default=0, help_text="members in force here and below, kept by members"
    )
    # What was given below is never given again: neither a code of the series, nor a place.
    last_number = models.PositiveIntegerField(default=0, help_text="of the series of codes below")
    last_step = models.PositiveIntegerField(default=0, help_text="of the places directly below")
    is_in_motion = models.BooleanField(
        default=False,
        help_text="a move changes who lies below: lists read the tree, not the copied codes",
    )

    class Meta:
        verbose_name = _("union organisation")
        indexes: ClassVar = [
            models.Index(fields=["sort_key", "id"], name="orgs_by_name"),
            models.Index(fields=["uscc"], name="orgs_by_uscc", condition=~models.Q(uscc="")),
            models.Index(
                fields=["employer_uscc"],
                name="orgs_by_employer",
                condition=~models.Q(employer_uscc=""),
            ),
        ]

    def __str__(self) -> str:
        return self.name

    def save(self, *args: Any, **kwargs: Any) -> None:
        # One place keeps the key true to the name, whoever writes the row.
        self.sort_key = name_key(self.name)
        fields = kwargs.get("update_fields")
        if fields is not None and "name" in fields:
            kwargs["update_fields"] = {*fields, "sort_key"}
        super().save(*args, **kwargs)

    @property
    def parent_path(self) -> str:
        """Return the path of the one above; "" for the root."""
        return str(self.path[: -self.steplen])


def name_key(name: str) -> str:
    """Return what a union is sorted and found by."""
    return spelled(name)[:LONGEST]


class Affiliation(models.Model):
    """A further parent beside the one in the tree, such as an industry's union (隶属关系).

    It counts no members and gives no reach: it says to whom else a union belongs.
    """

    id: models.UUIDField[uuid.UUID, uuid.UUID] = models.UUIDField(
        primary_key=True, default=new_id, editable=False
    )
    organisation = models.ForeignKey(
        Organisation, on_delete=models.PROTECT, related_name="affiliations"
    )
    parent = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="affiliates")
    starts_on = models.DateField()
    ends_on = models.DateField(null=True, blank=True)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["organisation", "parent"],
                condition=models.Q(ends_on__isnull=True),
                name="orgs_one_open_affiliation",
            )
        ]

    def __str__(self) -> str:
        return f"{self.organisation_id} – {self.parent_id}"


class ChangeQuerySet(models.QuerySet["OrganisationChange"]):
    def under_way(self) -> ChangeQuerySet:
        return self.filter(state__in=OrganisationChange.UNDER_WAY)


class OrganisationChange(models.Model):
    """One thing that happened to a union, and how far it has come (组织变更): its history.

    A move, a merger and a closure carry members and run in the background: `planned` may be taken
    back, `carrying` goes on until it is `done`. All else is done at once.
    """

    class Kind(models.TextChoices):
        FOUND = "found"
        RENAME = "rename"
        DETAILS = "details"
        AFFILIATE = "affiliate"
        LEAVE = "leave"
        MOVE = "move"
        MERGE = "merge"
        CLOSE = "close"

    class State(models.TextChoices):
        PLANNED = "planned"
        CARRYING = "carrying"
        DONE = "done"
        CANCELLED = "cancelled"
        REFUSED = "refused"  # what was planned could no longer be done when its time came

    UNDER_WAY = (State.PLANNED, State.CARRYING)
    RUNNING = (Kind.MOVE, Kind.MERGE, Kind.CLOSE)

    id: models.UUIDField[uuid.UUID, uuid.UUID] = models.UUIDField(
        primary_key=True, default=new_id, editable=False
    )
    organisation = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="changes")
    kind = models.CharField(max_length=12, choices=Kind.choices)
    state = models.CharField(max_length=12, choices=State.choices, default=State.DONE)
    # Where to: the new parent, the survivor, the union affiliated with.
    target = models.ForeignKey(
        Organisation, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    origin = models.ForeignKey(
        Organisation, on_delete=models.PROTECT, null=True, blank=True, related_name="+",
        help_text="the parent before",
    )  # fmt: skip
    name_before = models.CharField(max_length=120, blank=True, default="")
    name_after = models.CharField(max_length=120, blank=True, default="")
    actor_id = models.UUIDField(null=True, blank=True, help_text="account; empty for a machine")
    dossier_id = models.UUIDField(null=True, blank=True, help_text="the case it followed from")
    refused_for = models.CharField(max_length=24, blank=True, default="", help_text="a code")
    starts_at = models.DateTimeField(default=clock.now, help_text="not before")
    made_at = models.DateTimeField(default=clock.now, editable=False)
    switched_at = models.DateTimeField(null=True, blank=True)
    finished_at = models.DateTimeField(null=True, blank=True)
    cursor = models.CharField(
        max_length=255, blank=True, default="", help_text="path of the last union that is done"
    )
    unions = models.PositiveIntegerField(default=0)
    unions_done = models.PositiveIntegerField(default=0)
    members = models.PositiveIntegerField(default=0, help_text="in force when it began")
    members_done = models.PositiveIntegerField(default=0, help_text="entries carried over")

    objects = ChangeQuerySet.as_manager()

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["organisation"],
                condition=models.Q(state__in=["planned", "carrying"]),
                name="orgs_one_change_under_way",
            ),
            # Members follow one move at a time: a second one would copy codes that just change.
            models.UniqueConstraint(
                fields=["kind"],
                condition=models.Q(state="carrying", kind="move"),
                name="orgs_one_move_carrying",
            ),
        ]
        indexes: ClassVar = [
            models.Index(fields=["organisation", "made_at", "id"], name="orgs_history")
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.organisation_id} {self.state}"

    @property
    def is_under_way(self) -> bool:
        return self.state in self.UNDER_WAY

    @property
    def percent(self) -> int:
        """Return how much is done, counted in unions (a move) or members (the others)."""
        if self.state == self.State.DONE:
            return 100
        done, whole = (
            (self.unions_done, self.unions)
            if self.kind == self.Kind.MOVE
            else (self.members_done, self.members)
        )
        return min(99, 100 * done // whole) if whole else 0

    @property
    def took(self) -> dt.timedelta | None:
        if self.finished_at is None or self.switched_at is None:
            return None
        return self.finished_at - self.switched_at
