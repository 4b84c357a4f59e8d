"""A backend of django-tasks over the job table: `@task` and `.enqueue()` with leases and a reaper.

Another backend (Celery's, say) takes its place by one line of settings. A task opens its own
transactions; cut off by a kill it is run again.
"""

from __future__ import annotations

import uuid
from typing import Any

from django.utils.module_loading import import_string
from django_tasks.backends.base import BaseTaskBackend
from django_tasks.base import (
    DEFAULT_TASK_QUEUE_NAME,
    Task,
    TaskContext,
    TaskError,
    TaskResult,
    TaskResultStatus,
)
from django_tasks.exceptions import TaskResultDoesNotExist
from django_tasks.signals import task_enqueued
from django_tasks.utils import normalize_json

from lianxin.jobs.models import Job
from lianxin.jobs.rules import Lane, State
from lianxin.jobs.services.registry import job
from lianxin.kit import clock
from lianxin.kit.ids import new_id
from lianxin.kit.transactions import atomic

_NAMES = {Lane.QUICK: "jobs.run_task", Lane.LONG: "jobs.run_long_task"}
_STATES = {
    State.WAITING: TaskResultStatus.READY,
    State.RUNNING: TaskResultStatus.RUNNING,
    State.DONE: TaskResultStatus.SUCCESSFUL,
    State.DEAD: TaskResultStatus.FAILED,
}
_TRIES = 3


class TableBackend(BaseTaskBackend):
    """Keeps tasks in the job table; queue "default" is the quick lane."""

    supports_defer = True
    supports_async_task = True
    supports_get_result = True

    def enqueue(self, task: Task[Any, Any], args: Any, kwargs: Any) -> TaskResult[Any]:
        self.validate_task(task)
        lane = Lane.LONG if task.queue_name == Lane.LONG else Lane.QUICK
        row = Job(
            id=new_id(),
            name=_NAMES[lane],
            lane=lane,
            payload={
                "task": task.module_path,
                "args": normalize_json(args),
                "kwargs": normalize_json(kwargs),
                "backend": self.alias,
                "queue": task.queue_name,
            },
            run_at=task.run_after or clock.now(),
        )
        row.payload["result_id"] = row.pk.hex
        with atomic():
            row.save(force_insert=True)
        result = _result_of(row)
        task_enqueued.send(type(self), task_result=result)
        return result

    def get_result(self, result_id: str) -> TaskResult[Any]:
        try:
            row = Job.objects.get(pk=uuid.UUID(result_id), name__in=_NAMES.values())
        except (ValueError, Job.DoesNotExist) as error:
            raise TaskResultDoesNotExist(result_id) from error
        return _result_of(row)


def _run(
    *, result_id: str, task: str, args: list[Any], kwargs: dict[str, Any], **_rest: Any
) -> Any:
    found: Task[Any, Any] = import_string(task)
    if found.takes_context:
        row = Job.objects.get(pk=uuid.UUID(result_id))
        args = [TaskContext(task_result=_result_of(row)), *args]
    return normalize_json(found.call(*args, **kwargs))


def _result_of(row: Job) -> TaskResult[Any]:
    said = row.payload
    task: Task[Any, Any] = import_string(said["task"])
    errors = [
        TaskError(exception_class_path=row.fault.partition("\n")[0], traceback=row.fault)
        for _ in range(1 if row.fault else 0)
    ]
    result: TaskResult[Any] = TaskResult(
        task=task.using(queue_name=said["queue"], backend=said["backend"]),
        id=row.pk.hex,
        status=_STATES[State(row.state)],
        enqueued_at=row.created_at,
        started_at=row.started_at,
        finished_at=row.done_at,
        last_attempted_at=row.started_at,
        args=said["args"],
        kwargs=said["kwargs"],
        backend=said["backend"],
        errors=errors,
        worker_ids=[row.leased_by] if row.leased_by else [],
    )
    object.__setattr__(result, "_return_value", row.result)  # frozen: django-tasks sets it so, too
    return result


QUEUES = [DEFAULT_TASK_QUEUE_NAME, *(lane.value for lane in Lane)]
job(_NAMES[Lane.QUICK], in_transaction=False, tries=_TRIES)(_run)
job(_NAMES[Lane.LONG], queue="long", tries=_TRIES)(_run)
