"""The outbox: an event is stored with what made it true, then brought to each handler.

Each delivery is marked as done in the same transaction as what its handler writes, as the first
statement of it: of two that try at once, the second waits and then finds nothing left to do. So a
handler's effect on the database happens exactly once, whoever is killed when.
"""

from __future__ import annotations

import datetime as dt
import logging
from functools import partial

from django.db.models import Q, QuerySet

from lianxin.jobs import conf, rules
from lianxin.jobs.models import Delivery, OutboxEvent
from lianxin.jobs.rules import State
from lianxin.jobs.services.faults import fault_of
from lianxin.kit import clock, events
from lianxin.kit.transactions import after_commit, atomic, before_commit

log = logging.getLogger(__name__)
# The request that published tries first; the worker leaves it this long.
_HEAD_START = dt.timedelta(seconds=15)


def publish(event: events.Event) -> None:
    """Store an event at the end of the running transaction; its handlers run after the commit.

    Raises:
        RuntimeError: outside `kit.transactions.atomic()`.
    """
    before_commit(partial(_store, event))


def delivery_run(pk: int, *, now: dt.datetime | None = None, strict: bool = False) -> bool:
    """Bring one event to one handler; return whether it is done by this call.

    A failure is noted and tried again later; `strict` raises it as well.
    """
    delivery = Delivery.objects.select_related("event").filter(pk=pk, state=State.WAITING).first()
    if delivery is None:
        return False
    try:
        handler = events.handlers_of(delivery.event.name)[delivery.handler]
        event = events.from_plain(delivery.event.name, delivery.event.payload)
        with atomic():
            if not _waiting(pk).update(state=State.DONE, done_at=clock.now(), fault=""):
                return False
            handler(event)
    except Exception as error:
        _note_failure(delivery, error, now or clock.now())
        if strict:
            raise
        return False
    return True


def delivery_claim(*, now: dt.datetime, fresh: bool = False) -> int | None:
    """Take the next delivery that is due, so that no other worker tries it meanwhile.

    `fresh` also takes those never tried, whose publisher still has its head start.
    """
    due = Q(run_at__lte=now) | Q(tries=0) if fresh else Q(run_at__lte=now)
    waiting = Delivery.objects.filter(due, state=State.WAITING).order_by("run_at", "pk")
    if not waiting.exists():
        return None
    with atomic():
        delivery = waiting.select_for_update(skip_locked=True).first()
        if delivery is None:
            return None
        if delivery.tries >= rules.MOST_LOSSES:
            _waiting(delivery.pk).update(state=State.DEAD, done_at=now)
            return None
        tried = {"tries": delivery.tries + 1, "run_at": now + conf.lease()}
        return delivery.pk if _waiting(delivery.pk).update(**tried) else None


def _store(event: events.Event) -> None:
    stored = OutboxEvent.objects.create(name=event.name(), payload=events.to_plain(event))
    run_at = clock.now() + _HEAD_START
    for handler in events.heard_by(event):
        delivery = Delivery.objects.create(event=stored, handler=handler, run_at=run_at)
        after_commit(partial(delivery_run, delivery.pk))


def _waiting(pk: int) -> QuerySet[Delivery]:
    return Delivery.objects.filter(pk=pk, state=State.WAITING)


def _note_failure(delivery: Delivery, error: Exception, now: dt.datetime) -> None:
    current = Delivery.objects.filter(pk=delivery.pk).values_list("tries", flat=True).first() or 0
    tries = max(current, delivery.tries, 1)
    state = rules.state_after_failure(tries, rules.MOST_LOSSES)
    log.error("delivery to %s failed: %s", delivery.handler, fault_of(error))
    with atomic():
        _waiting(delivery.pk).update(
            state=state,
            tries=tries,
            run_at=now + rules.pause_after(tries),
            fault=fault_of(error),
            done_at=now if state is State.DEAD else None,
        )
