"""Word of changes on its way: written with what made it true, sent until it is taken or given up.

One pump a subscription sends what waits, oldest first. It holds the subscription while it sends, so
two workers do not send the same twice; killed in between, it comes again and repeats at most the
message it was at, under the same id. A receiver that is away pauses the whole subscription, longer
each time; a message it refuses waits by itself and lets the next ones pass.
"""

from __future__ import annotations

import datetime as dt
import json
import random
import uuid
from collections.abc import Collection, Mapping

from django.db.models import Q, QuerySet

from lianxin.audit import api as audit
from lianxin.gateway import conf, policies
from lianxin.gateway.adapters.sender import NotDeliveredError, send
from lianxin.gateway.models import Delivery, Subscription
from lianxin.gateway.rules import webhooks
from lianxin.gateway.rules.webhooks import DeliveryState, Topic, Verdict
from lianxin.gateway.services.warning import operator_warn
from lianxin.jobs import api as jobs
from lianxin.kit import clock
from lianxin.kit.ids import new_id
from lianxin.kit.transactions import atomic
from lianxin.vault import api as vault

PUMP = "gateway.send_webhooks"
_AT_ONCE = 100
_HELD = dt.timedelta(seconds=60)


def word_send(
    *, client_ids: Collection[uuid.UUID], topic: Topic, source: str, data: Mapping[str, object]
) -> int:
    """Write a message for each subscription of these clients to a topic; return how many.

    `source` names what it tells of: the same again is not written twice. Inside `atomic`.
    """
    count = 0
    hearing = Subscription.objects.filter(policies.in_force(lead="client__"), is_active=True)
    for row in hearing.filter(client_id__in=client_ids):
        if topic in row.topics and _written(row, topic, source, data):
            pump_order(row.pk)
            count += 1
    return count


def pump_order(subscription_id: uuid.UUID, run_at: dt.datetime | None = None) -> None:
    """Ask for a run of a subscription's pump; asked twice for the same moment, it runs once."""
    key = f"{PUMP}:{subscription_id}:{run_at:%Y%m%d%H%M%S}" if run_at else None
    jobs.enqueue(PUMP, payload={"subscription_id": str(subscription_id)}, run_at=run_at, key=key)


def pump_run(subscription_id: uuid.UUID) -> None:
    """Send what waits for a subscription; speaks to the outside, so it holds no transaction."""
    while _claimed(subscription_id):
        try:
            goes_on = all(_sent(row) for row in _waiting(subscription_id)[:_AT_ONCE])
        finally:
            Subscription.objects.filter(pk=subscription_id).update(busy_until=None)
        # What came while the pump held the subscription found it busy and left: look once more.
        if not goes_on or not _waiting(subscription_id).exists():
            break
    _order_next(subscription_id)


def deliveries_purge() -> int:
    """Throw away the log of what was settled long ago."""
    old = Delivery.objects.exclude(state=DeliveryState.WAITING).filter(
        created_at__lt=clock.now() - conf.kept_for()
    )
    return old.delete()[0]


def _written(row: Subscription, topic: Topic, source: str, data: Mapping[str, object]) -> bool:
    if Delivery.objects.filter(subscription=row, source=source).exists():
        return False
    said = {"type": topic.value, "timestamp": clock.now().isoformat(), "data": dict(data)}
    Delivery.objects.create(
        id=new_id(), subscription=row, topic=topic, source=source,
        body=json.dumps(said, ensure_ascii=False, separators=(",", ":")),
    )  # fmt: skip
    return True


def _waiting(subscription_id: uuid.UUID) -> QuerySet[Delivery]:
    return Delivery.objects.filter(
        subscription_id=subscription_id, state=DeliveryState.WAITING, next_at__lte=clock.now()
    ).order_by("next_at", "id")


def _claimed(subscription_id: uuid.UUID) -> bool:
    now = clock.now()
    free = Q(busy_until=None) | Q(busy_until__lte=now)
    awake = Q(paused_until=None) | Q(paused_until__lte=now)
    held = Subscription.objects.filter(free, awake, pk=subscription_id, is_active=True)
    return bool(held.update(busy_until=now + _HELD))


def _order_next(subscription_id: uuid.UUID) -> None:
    """Come again when something can be done: after the pause, or when the next message is due."""
    row = Subscription.objects.get(pk=subscription_id)
    following = (
        row.deliveries.filter(state=DeliveryState.WAITING)
        .order_by("next_at").values_list("next_at", flat=True).first()
    )  # fmt: skip
    if not row.is_active or following is None:
        return
    now = clock.now()
    moments = [moment for moment in (following, row.paused_until, row.busy_until) if moment]
    with atomic():
        pump_order(row.pk, max([*moments, now]) + dt.timedelta(seconds=1))


def _sent(delivery: Delivery) -> bool:
    """Send one message and write down what became of it; return whether the next may follow."""
    row = Subscription.objects.select_related("client").get(pk=delivery.subscription_id)
    now = clock.now()
    if not row.is_active:
        return False
    body = delivery.body.encode()
    said = webhooks.headers(
        _secrets(row, now),
        message_id=f"msg_{delivery.pk.hex}",
        timestamp=int(now.timestamp()),
        body=body,
    )
    wait = 0
    try:
        answer = send(row.url, headers=said, body=body)
        verdict, words, wait = (
            webhooks.verdict_of(answer.status),
            str(answer.status),
            answer.retry_after,
        )
    except NotDeliveredError as error:
        verdict, words = Verdict.AWAY, str(error)
    if verdict is Verdict.TAKEN:
        _taken(row, delivery, words)
        return True
    _failed(row, delivery, verdict, words, wait)
    return verdict is Verdict.REFUSED


def _secrets(row: Subscription, now: dt.datetime) -> list[str]:
    # For the machine alone: they sign, nobody reads them.
    held = [vault.reveal(row, "secret")]
    if row.previous_until and row.previous_until > now:
        held.append(vault.reveal(row, "previous_secret"))
    return held


def _taken(row: Subscription, delivery: Delivery, words: str) -> None:
    with atomic():
        _settle(delivery, DeliveryState.DONE, words)
        Subscription.objects.filter(pk=row.pk).update(
            failures=0, failing_since=None, paused_until=None, busy_until=clock.now() + _HELD
        )


def _failed(row: Subscription, delivery: Delivery, verdict: Verdict, words: str, wait: int) -> None:
    now = clock.now()
    since = row.failing_since or now
    is_over = verdict is Verdict.GONE or now - since >= conf.webhook_days()
    chance = random.random()  # noqa: S311  (spreads the load; no secret)
    with atomic():
        if verdict is Verdict.REFUSED and now - delivery.created_at >= conf.webhook_days():
            _settle(delivery, DeliveryState.DROPPED, words)
        else:
            delivery.tries += 1
            delivery.last_answer = words
            delivery.next_at = now + webhooks.pause_after(delivery.tries, chance=chance)
            delivery.save(update_fields=["tries", "last_answer", "next_at"])
        changes: dict[str, object] = {"busy_until": now + _HELD}
        if verdict is not Verdict.REFUSED:
            pause = max(
                webhooks.pause_after(row.failures + 1, chance=chance), dt.timedelta(seconds=wait)
            )
            changes |= {
                "failures": row.failures + 1, "failing_since": since, "paused_until": now + pause
            }  # fmt: skip
        if is_over:
            changes["is_active"] = False
        Subscription.objects.filter(pk=row.pk).update(**changes)
        if is_over:
            _given_up(row, words)


def _given_up(row: Subscription, words: str) -> None:
    audit.record(
        actor_id=None, action="gateway.subscription_off", kind="gateway.Subscription",
        object_id=row.pk, detail={"client": str(row.client_id), "answer": words},
    )  # fmt: skip
    operator_warn(row)


def _settle(delivery: Delivery, state: DeliveryState, words: str) -> None:
    delivery.state, delivery.done_at = state, clock.now()
    delivery.tries += 1
    delivery.last_answer = words
    delivery.save(update_fields=["state", "done_at", "tries", "last_answer"])
