"""The outbox of events, the table of jobs with their leases, and the worker's sign of life."""

from __future__ import annotations

import uuid
from typing import ClassVar

from django.core.serializers.json import DjangoJSONEncoder
from django.db import models

from lianxin.jobs.rules import Lane, State
from lianxin.kit import clock
from lianxin.kit.ids import new_id

_STATES = [(state.value, state.value) for state in State]


class OutboxEvent(models.Model):
    """One event, written in the transaction that made it true."""

    id: models.UUIDField[uuid.UUID, uuid.UUID] = models.UUIDField(
        primary_key=True, default=new_id, editable=False
    )
    name = models.CharField(max_length=80)
    payload = models.JSONField(default=dict, encoder=DjangoJSONEncoder)
    created_at = models.DateTimeField(default=clock.now, db_index=True)

    def __str__(self) -> str:
        return self.name


class Delivery(models.Model):
    """One event on its way to one handler; done in the same transaction as what the handler did."""

    event = models.ForeignKey(OutboxEvent, on_delete=models.CASCADE, related_name="deliveries")
    handler = models.CharField(max_length=200)
    state = models.CharField(max_length=8, choices=_STATES, default=State.WAITING)
    tries = models.PositiveSmallIntegerField(default=0)
    run_at = models.DateTimeField()
    done_at = models.DateTimeField(null=True)
    fault = models.TextField(blank=True, default="")

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["event", "handler"], name="jobs_one_delivery_a_handler")
        ]
        indexes: ClassVar = [
            models.Index(
                fields=["run_at"], condition=models.Q(state=State.WAITING), name="jobs_delivery_due"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.handler} {self.state}"


class Job(models.Model):
    """One piece of background work: due at a time, leased while it runs, done once."""

    id: models.UUIDField[uuid.UUID, uuid.UUID] = models.UUIDField(
        primary_key=True, default=new_id, editable=False
    )
    name = models.CharField(max_length=120)
    lane = models.CharField(max_length=8, choices=[(lane.value, lane.value) for lane in Lane])
    key = models.CharField(max_length=200, null=True, unique=True)  # noqa: DJ001  (NULL: no key; unique)
    payload = models.JSONField(default=dict, encoder=DjangoJSONEncoder)
    state = models.CharField(max_length=8, choices=_STATES, default=State.WAITING)
    tries = models.PositiveSmallIntegerField(default=0)
    losses = models.PositiveSmallIntegerField(default=0)
    run_at = models.DateTimeField()
    leased_by = models.CharField(max_length=80, blank=True, default="")
    lease_until = models.DateTimeField(null=True)
    created_at = models.DateTimeField(default=clock.now)
    started_at = models.DateTimeField(null=True)
    done_at = models.DateTimeField(null=True)
    result = models.JSONField(null=True, encoder=DjangoJSONEncoder)
    fault = models.TextField(blank=True, default="")

    class Meta:
        indexes: ClassVar = [
            models.Index(
                fields=["lane", "run_at", "id"],
                condition=models.Q(state=State.WAITING),
                name="jobs_job_due",
            ),
            models.Index(
                fields=["lease_until"],
                condition=models.Q(state=State.RUNNING),
                name="jobs_job_leased",
            ),
            models.Index(fields=["state", "done_at"], name="jobs_job_finished"),
        ]

    def __str__(self) -> str:
        return f"{self.name} {self.state}"


class Periodic(models.Model):
    """When a job that comes round and round is due next."""

    name = models.CharField(max_length=120, primary_key=True)
    next_at = models.DateTimeField()

    def __str__(self) -> str:
        return self.name


class Pulse(models.Model):
    """The sign of life of one worker process."""

    worker = models.CharField(max_length=80, primary_key=True)
    started_at = models.DateTimeField(default=clock.now)
    beat_at = models.DateTimeField(db_index=True)

    def __str__(self) -> str:
        return self.worker
