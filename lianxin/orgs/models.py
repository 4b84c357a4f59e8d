"""The union tree, and who holds which post in it."""

from __future__ import annotations

import datetime as dt
import uuid
from typing import ClassVar

from django.db import models
from django.utils.translation import gettext_lazy as _
from treebeard.mp_tree import MP_Node

from lianxin.kit.ids import new_id
from lianxin.orgs.rules import Level, Reach, Role


class Organisation(MP_Node):  # type: ignore[misc]  # treebeard ships no types
    """A union at some level: city federation, district, street, grassroots (工会组织)."""

    id: models.UUIDField[uuid.UUID, uuid.UUID] = models.UUIDField(
        primary_key=True, default=new_id, editable=False
    )
    code = models.CharField(max_length=32, unique=True)
    name = models.CharField(max_length=120)
    level = models.CharField(max_length=16, choices=[(level.value, level.value) for level in Level])
    uscc = models.CharField(max_length=18, blank=True, default="")
    phone = models.CharField(max_length=32, blank=True, default="")
    address = models.CharField(max_length=200, blank=True, default="")
    opening_hours = models.CharField(max_length=120, blank=True, default="")
    member_count = models.PositiveIntegerField(
        default=0, help_text="members in force here and below, kept by members"
    )

    class Meta:
        verbose_name = _("union organisation")

    def __str__(self) -> str:
        return self.name


class PostQuerySet(models.QuerySet["Post"]):
    def in_force(self, on: dt.date) -> PostQuerySet:
        return self.filter(
            models.Q(ends_on__isnull=True) | models.Q(ends_on__gte=on), starts_on__lte=on
        )


class Post(models.Model):
    """A person in a role at an organisation, from a day to a day (职务)."""

    account = models.ForeignKey("accounts.User", on_delete=models.PROTECT, related_name="+")
    organisation = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="posts")
    role = models.CharField(max_length=24, choices=[(role.value, role.value) for role in Role])
    reach = models.CharField(
        max_length=16, choices=[(reach.value, reach.value) for reach in Reach], default=Reach.HERE
    )
    starts_on = models.DateField()
    ends_on = models.DateField(null=True, blank=True)
    is_away = models.BooleanField(default=False, help_text="on leave: gets no new work")

    objects = PostQuerySet.as_manager()

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["account", "organisation", "role"],
                condition=models.Q(ends_on__isnull=True),
                name="orgs_one_open_post_a_role",
            )
        ]
        indexes: ClassVar = [
            models.Index(fields=["organisation", "role"], name="orgs_post_by_role")
        ]

    def __str__(self) -> str:
        return f"{self.account_id} {self.role} @ {self.organisation_id}"
