"""Who holds which post in the tree, and since when."""

from __future__ import annotations

import datetime as dt
from typing import ClassVar

from django.db import models

from lianxin.orgs.models.organisation import Organisation
from lianxin.orgs.rules import Reach, Role


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
