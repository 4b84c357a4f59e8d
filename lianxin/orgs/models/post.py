"""Who holds which post in the tree, and since when."""

from __future__ import annotations

import datetime as dt
import uuid
from typing import ClassVar

from django.db import models

from lianxin.kit import clock
from lianxin.kit.ids import new_id
from lianxin.orgs.models.organisation import Organisation
from lianxin.orgs.rules import Reach, Role


class PostQuerySet(models.QuerySet["Post"]):
    def in_force(self, on: dt.date) -> PostQuerySet:
        return self.filter(
            models.Q(ends_on__isnull=True) | models.Q(ends_on__gte=on), starts_on__lte=on
        )

    def borne_by(self, account_id: uuid.UUID, on: dt.date) -> PostQuerySet:
        """Keep the posts an account acts in on a day: its own, and those it stands in for."""
        standing_in = models.Q(deputy_id=account_id, deputy_from__lte=on, deputy_until__gte=on)
        return self.in_force(on).filter(models.Q(account_id=account_id) | standing_in)


class Post(models.Model):
    """A person in a role at an organisation, from a day to a day (职务).

    While the holder is away another may stand in for her (代理), from a day to a day; who did so
    before is told by the audit trail.
    """

    account = models.ForeignKey("accounts.User", on_delete=models.PROTECT, related_name="+")
    organisation = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="posts")
    role = models.CharField(max_length=24, choices=[(role.value, role.value) for role in Role])
    reach = models.CharField(
        max_length=16, choices=[(reach.value, reach.value) for reach in Reach], default=Reach.HERE
    )
    starts_on = models.DateField()
    ends_on = models.DateField(null=True, blank=True)
    is_away = models.BooleanField(default=False, help_text="on leave: gets no new work")
    granted_by = models.UUIDField(null=True, blank=True, help_text="account; empty: the console")
    confirmed_by = models.UUIDField(
        null=True, blank=True, help_text="account of the second person, for a sensitive post"
    )
    ended_at = models.DateTimeField(null=True, blank=True, help_text="when its end was told")
    deputy = models.ForeignKey(
        "accounts.User", on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    deputy_from = models.DateField(null=True, blank=True)
    deputy_until = models.DateField(null=True, blank=True)

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
            models.Index(fields=["organisation", "role"], name="orgs_post_by_role"),
            models.Index(
                fields=["ends_on"],
                name="orgs_post_to_end",
                condition=models.Q(ended_at__isnull=True, ends_on__isnull=False),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.account_id} {self.role} @ {self.organisation_id}"


class PostProposal(models.Model):
    """A sensitive post, or a deputy in one, that waits for a second person's yes (双人授权)."""

    class State(models.TextChoices):
        OPEN = "open"
        CONFIRMED = "confirmed"
        REFUSED = "refused"
        WITHDRAWN = "withdrawn"
        LAPSED = "lapsed"

    id: models.UUIDField[uuid.UUID, uuid.UUID] = models.UUIDField(
        primary_key=True, default=new_id, editable=False
    )
    account = models.ForeignKey("accounts.User", on_delete=models.PROTECT, related_name="+")
    organisation = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="+")
    role = models.CharField(max_length=24, choices=[(role.value, role.value) for role in Role])
    reach = models.CharField(
        max_length=16, choices=[(reach.value, reach.value) for reach in Reach], default=Reach.HERE
    )
    starts_on = models.DateField()
    ends_on = models.DateField(null=True, blank=True)
    post = models.ForeignKey(
        Post, on_delete=models.PROTECT, null=True, blank=True, related_name="+",
        help_text="the post to stand in for; empty: a post of one's own",
    )  # fmt: skip
    state = models.CharField(max_length=12, choices=State.choices, default=State.OPEN)
    proposed_by = models.ForeignKey("accounts.User", on_delete=models.PROTECT, related_name="+")
    proposed_at = models.DateTimeField(default=clock.now)
    expires_at = models.DateTimeField()
    settled_by = models.UUIDField(null=True, blank=True, help_text="account")
    settled_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["account", "organisation", "role"],
                condition=models.Q(state="open"),
                name="orgs_one_open_proposal",
            )
        ]

    def __str__(self) -> str:
        return f"{self.account_id} {self.role} @ {self.organisation_id}?"
