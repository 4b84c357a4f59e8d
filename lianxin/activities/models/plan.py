"""What a union plans for a year, month by month."""

from __future__ import annotations

from typing import ClassVar

from django.db import models

from lianxin.activities.models.activity import Activity
from lianxin.activities.models.keys import uuid_key
from lianxin.kit import clock


class YearPlan(models.Model):
    """The year of a union (年度活动计划): read at its desk, by everybody once it is published."""

    id = uuid_key()
    organisation = models.ForeignKey(
        "orgs.Organisation", on_delete=models.PROTECT, related_name="+", db_index=False
    )
    year = models.PositiveSmallIntegerField()
    published_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["organisation", "year"], name="activities_one_plan_a_year"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.organisation_id} {self.year}"


class PlanLine(models.Model):
    """One thing planned (计划项目): in which month, for how many, for how much; and what came of it."""

    id = uuid_key()
    plan = models.ForeignKey(YearPlan, on_delete=models.CASCADE, related_name="lines")
    key = models.CharField(max_length=64, help_text="of the form: a second sending changes nothing")
    month = models.PositiveSmallIntegerField()
    title = models.CharField(max_length=60)
    kind = models.CharField(max_length=24, help_text="of data/kinds.yaml")
    budget_fen = models.PositiveBigIntegerField(default=0)
    people = models.PositiveIntegerField(default=0, help_text="planned")
    activity = models.OneToOneField(
        Activity, on_delete=models.SET_NULL, null=True, blank=True, related_name="+",
        help_text="what came of it",
    )  # fmt: skip
    before = models.ForeignKey(
        Activity, on_delete=models.SET_NULL, null=True, blank=True, related_name="+",
        help_text="what came of it the year before, to be copied",
    )  # fmt: skip
    changed_at = models.DateTimeField(default=clock.now)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["plan", "key"], name="activities_one_line_a_form"),
            models.CheckConstraint(
                condition=models.Q(month__gte=1, month__lte=12), name="activities_a_month_of_twelve"
            ),
        ]

    def __str__(self) -> str:
        return self.title
