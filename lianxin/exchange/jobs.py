"""What the exchange does by itself: tell those who hold something what is different now."""

from __future__ import annotations

import uuid

from lianxin.exchange import services
from lianxin.jobs.api import job


@job("exchange.tell_holders", queue="long")
def tell_holders_job(telling_id: str) -> None:
    services.telling_run(uuid.UUID(telling_id))
