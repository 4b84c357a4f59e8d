"""The django-tasks API over the job table."""

from __future__ import annotations

import datetime as dt

import pytest
from django_tasks import TaskResultStatus, task
from django_tasks.exceptions import InvalidTaskError, TaskResultDoesNotExist

from lianxin.jobs.api import run_due
from lianxin.jobs.models import Job
from lianxin.kit import clock


@task()
def add(one, other):
    return one + other


@task(queue_name="long", takes_context=True)
def attempt(context, word):
    return f"{word} {context.task_result.id}"


@task()
async def later(word):
    return word


@task()
def fail():
    raise ValueError("a phone number")


@pytest.mark.django_db
def test_a_task_runs_and_gives_its_result():
    result = add.enqueue(1, other=2)
    assert not result.is_finished
    assert run_due() == 1
    result.refresh()
    assert result.status == TaskResultStatus.SUCCESSFUL
    assert result.return_value == 3
    assert add.get_result(result.id).return_value == 3


@pytest.mark.django_db
def test_a_task_may_ask_who_it_is_be_async_and_take_the_long_lane():
    result = attempt.enqueue("I am")
    other = later.enqueue("soon")
    assert Job.objects.filter(lane="long").exists()
    run_due()
    result.refresh()
    other.refresh()
    assert result.return_value == f"I am {result.id}"
    assert str(other.return_value) == "soon"


@pytest.mark.django_db
def test_a_task_may_be_put_off():
    result = add.using(run_after=clock.now() + dt.timedelta(hours=1)).enqueue(1, 2)
    assert run_due() == 0
    assert run_due(clock.now() + dt.timedelta(hours=2)) == 1
    result.refresh()
    assert result.is_finished


@pytest.mark.django_db
def test_a_task_that_fails_is_failed_without_its_words():
    result = fail.enqueue()
    for days in range(1, 5):
        run_due(clock.now() + dt.timedelta(days=days))
    result.refresh()
    assert result.status == TaskResultStatus.FAILED
    assert result.errors[0].exception_class is ValueError
    assert "phone" not in result.errors[0].traceback


@pytest.mark.django_db
def test_what_cannot_be_stored_or_found_is_said():
    with pytest.raises(TypeError):
        add.enqueue(1, object())
    with pytest.raises(InvalidTaskError):
        add.using(queue_name="elsewhere").enqueue(1, 2)
    for result_id in ("nonsense", "0" * 32):
        with pytest.raises(TaskResultDoesNotExist):
            add.get_result(result_id)
