"""A union organisation: its place in the tree, its codes, its human door."""

from __future__ import annotations

import uuid

from django.db import models
from django.utils.translation import gettext_lazy as _
from treebeard.mp_tree import MP_Node

from lianxin.kit.ids import new_id
from lianxin.orgs.rules import Level


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
