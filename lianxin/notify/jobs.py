"""The background work of messages."""

from __future__ import annotations

import datetime as dt
import uuid

from lianxin.jobs.api import every, job
from lianxin.notify import services


@job("notify.carry_message")
def carry_message_job(message_id: str) -> None:
    services.message_carry(uuid.UUID(message_id))


# Speaks to the outside, so it may not hold a transaction open.
@job("notify.deliver_outgoing", in_transaction=False)
def deliver_outgoing_job(order_id: str) -> None:
    services.outgoing_deliver(uuid.UUID(order_id))


@job("notify.send_digest", queue="long")
def send_digest_job() -> None:
    services.digest_send()


@job("notify.purge_old", queue="long")
def purge_old_job() -> None:
    services.old_purge()


every("notify.send_digest", seconds=600)
every("notify.purge_old", daily_at=dt.time(3, 40))
