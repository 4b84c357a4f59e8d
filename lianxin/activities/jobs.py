"""What activities do by themselves: tell people, remind them."""

from __future__ import annotations

import datetime as dt
import uuid

from lianxin.activities import services
from lianxin.jobs.api import every, job


@job("activities.tell_people", queue="long")
def tell_people_job(telling_id: str) -> None:
    services.telling_run(uuid.UUID(telling_id))


@job("activities.remind_people", queue="quick")
def remind_people_job(session_id: str, reminder: str, starts_at: str) -> None:
    services.remind(session_id=uuid.UUID(session_id), reminder=reminder, starts_at=starts_at)


@job("activities.forget_people", queue="long", in_transaction=False)
def forget_people_job() -> None:
    while services.sessions_forget():
        pass
    while services.albums_forget():
        pass


@job("activities.ask_people", queue="long", in_transaction=False)
def ask_people_job() -> None:
    while services.people_ask():
        pass


every("activities.ask_people", daily_at=dt.time(10))
every("activities.forget_people", daily_at=dt.time(3, 40))
