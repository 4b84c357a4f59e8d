"""An event reaches each of its handlers once, whatever fails in between."""

from __future__ import annotations

import datetime as dt
import uuid

import pytest
from django.db import transaction

from lianxin.jobs.api import dead_deliveries, dead_retry, publish, run_due
from lianxin.jobs.models import Delivery, OutboxEvent
from lianxin.jobs.testing import crash_at, settle
from lianxin.jobs.tests.kinds import FAULTY, LampError, LampLit, listening, second_handler
from lianxin.kit import clock, events
from lianxin.kit.transactions import atomic


@pytest.fixture
def seen():
    with listening() as seen:
        yield seen


def light(colour="red"):
    with atomic():
        publish(LampLit(lamp_id=uuid.uuid4(), colour=colour))


@pytest.mark.django_db(transaction=True)
def test_an_event_reaches_every_handler_right_after_the_commit(seen):
    light()
    assert sorted(seen) == ["first red", "second red"]
    assert set(Delivery.objects.values_list("state", flat=True)) == {"done"}
    assert run_due() == 0
    assert len(seen) == 2


@pytest.mark.django_db(transaction=True)
def test_what_is_rolled_back_was_never_told(seen):
    with crash_at(1):
        light()
    assert not OutboxEvent.objects.exists()
    assert seen == []


@pytest.mark.django_db
def test_publishing_needs_a_transaction(seen):
    with pytest.raises(RuntimeError):
        publish(LampLit(lamp_id=uuid.uuid4()))


@pytest.mark.django_db(transaction=True)
def test_a_failing_handler_neither_breaks_the_request_nor_its_neighbour(seen):
    FAULTY.add("first")
    light()
    failed = Delivery.objects.get(state="waiting")
    assert failed.handler.endswith("first_handler")
    assert "LampError" in failed.fault
    assert "13800000000" not in failed.fault
    FAULTY.clear()
    assert run_due() == 0, "its pause is not over"
    assert run_due(clock.now() + dt.timedelta(minutes=1)) == 1
    assert seen.count("first red") == 2
    assert seen.count("second red") == 1
    assert set(Delivery.objects.values_list("state", flat=True)) == {"done"}


@pytest.mark.django_db(transaction=True)
def test_what_a_handler_does_not_want_is_not_delivered_to_it(seen):
    events.subscribe(LampLit, second_handler, when=lambda event: event.colour == "green")
    light("red")
    assert seen == ["first red"]
    assert Delivery.objects.count() == 1
    light("green")
    assert seen == ["first red", "first green", "second green"]


@pytest.mark.django_db(transaction=True)
def test_a_handler_that_never_succeeds_is_dead_and_visible_and_gets_a_second_chance(seen):
    FAULTY.add("first")
    light()
    for days in range(1, 40):
        run_due(clock.now() + dt.timedelta(days=days))
    assert Delivery.objects.get(handler__endswith="first_handler").state == "dead"
    assert dead_deliveries().count() == 1
    FAULTY.clear()
    assert dead_retry() == 1
    run_due()
    assert dead_deliveries().count() == 0
    assert Delivery.objects.filter(state="done").count() == 2


@pytest.mark.django_db(transaction=True)
def test_settling_in_a_test_raises_what_a_handler_raised(seen):
    with crash_at(2):
        light()
    FAULTY.add("first")
    with pytest.raises(LampError):
        settle()


@pytest.mark.django_db(transaction=True)
def test_a_crash_before_the_commit_loses_all_and_one_after_it_loses_nothing(seen):
    with crash_at(1) as points:
        light()
    assert points.crashed
    assert not OutboxEvent.objects.exists()
    with crash_at(2) as points:
        light()
    assert points.crashed
    assert seen == []
    assert run_due() == 2
    assert sorted(seen) == ["first red", "second red"]


@pytest.mark.django_db
def test_in_a_plain_test_nothing_is_told_until_what_is_due_is_run(seen):
    assert transaction.get_connection().in_atomic_block
    light("green")
    assert seen == []
    assert settle() == 2
    assert sorted(seen) == ["first green", "second green"]


@pytest.mark.django_db(transaction=True)
def test_a_handler_may_publish_and_be_audited_in_its_own_unit(seen):
    heard = []

    def echo(event: LampLit) -> None:
        heard.append(event.colour)
        if event.colour == "red":
            publish(LampLit(lamp_id=event.lamp_id, colour="blue"))

    events.subscribe(LampLit, echo)
    light("red")
    assert heard == ["red", "blue"]


@pytest.mark.django_db(transaction=True)
def test_a_handler_that_is_gone_is_kept_for_later(seen):
    with crash_at(2):
        light()
    Delivery.objects.filter(handler__endswith="first_handler").update(handler="gone.handler")
    run_due()
    assert Delivery.objects.get(handler="gone.handler").state == "waiting"
    assert seen == ["second red"]
