"""The task: one step of one dossier, waiting on an officer's desk."""

from __future__ import annotations

from typing import ClassVar

from django.db import models

from lianxin.kit import clock
from lianxin.procedures.models.dossier import Dossier, uuid_key
from lianxin.procedures.rules.machine import TaskState

LIVE = (TaskState.OPEN, TaskState.STOPPED)


class TaskQuerySet(models.QuerySet["Task"]):
    def live(self) -> TaskQuerySet:
        return self.filter(state__in=LIVE)

    def open(self) -> TaskQuerySet:
        return self.filter(state=TaskState.OPEN)


class Task(models.Model):
    """One step of one dossier as work: where, by which roles, by when (待办事项).

    A dossier has at most one live task. A task that moves to another organisation ends as `moved`
    and a new one begins, so that who had it when stays readable.
    """

    id = uuid_key()
    dossier = models.ForeignKey(Dossier, on_delete=models.CASCADE, related_name="tasks")
    step_index = models.PositiveSmallIntegerField()
    step_code = models.CharField(max_length=48)
    kind = models.CharField(max_length=24)
    organisation = models.ForeignKey(
        "orgs.Organisation", on_delete=models.PROTECT, related_name="+"
    )
    roles = models.CharField(max_length=160, help_text="|role|role|")
    assignee = models.ForeignKey(
        "accounts.User", on_delete=models.PROTECT, null=True, blank=True, related_name="+",
        db_index=False,
    )  # fmt: skip
    state = models.CharField(
        max_length=8, choices=[(s.value, s.value) for s in TaskState], default=TaskState.OPEN
    )
    opened_at = models.DateTimeField(default=clock.now)
    due_at = models.DateTimeField()
    stopped_at = models.DateTimeField(null=True, blank=True)
    days_left = models.SmallIntegerField(null=True, blank=True, help_text="when the clock stopped")
    clock_round = models.PositiveSmallIntegerField(default=0, help_text="how often it was set")
    done_at = models.DateTimeField(null=True, blank=True)
    is_escalated = models.BooleanField(default=False)
    is_objection = models.BooleanField(default=False, help_text="a second look, one level up")
    is_nobody_free = models.BooleanField(default=False)
    is_hidden = models.BooleanField(default=False, help_text="its roles are hidden from above")
    findings = models.JSONField(default=dict, help_text="what the officer wrote down")
    sealed_findings = models.JSONField(default=dict)

    objects = TaskQuerySet.as_manager()

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["dossier"],
                condition=models.Q(state__in=[TaskState.OPEN, TaskState.STOPPED]),
                name="procedures_one_live_task",
            ),
        ]
        indexes: ClassVar = [
            models.Index(fields=["organisation", "state", "due_at", "id"], name="procedures_queue"),
            # Partial: most tasks have no assignee, and the planner would think one has thousands.
            models.Index(
                fields=["assignee", "state", "due_at", "id"],
                name="procedures_own_queue",
                condition=models.Q(assignee__isnull=False),
            ),
            models.Index(fields=["state", "due_at", "id"], name="procedures_by_due"),
        ]

    def __str__(self) -> str:
        return f"{self.dossier_id} {self.step_code}"

    @property
    def role_list(self) -> list[str]:
        return [role for role in self.roles.split("|") if role]
