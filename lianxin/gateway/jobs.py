"""The background work of the door: sending webhooks, throwing away what is settled."""

from __future__ import annotations

import datetime as dt
import uuid

from lianxin.gateway import services
from lianxin.gateway.services.pushing import STATUS_JOB
from lianxin.gateway.services.sending import PUMP
from lianxin.jobs.api import every, job


# Speaks to the outside, may wait for seconds, and may come again after a kill.
@job(PUMP, queue="long")
def send_webhooks_job(subscription_id: str) -> None:
    services.pump_run(uuid.UUID(subscription_id))


@job(STATUS_JOB)
def tell_status_job(push_id: str) -> None:
    services.status_told(push_id=uuid.UUID(push_id))


@job("gateway.purge_settled", queue="long")
def purge_settled_job() -> None:
    services.tokens_purge()
    services.deliveries_purge()
    services.unconfirmed_purge()
    services.requests_lapse()


every("gateway.purge_settled", daily_at=dt.time(3, 50))
