"""What every change of a station does at its end: move its mark, leave a trace, tell its keepers."""

from __future__ import annotations

import uuid
from collections.abc import Callable, Iterable
from typing import Any

from django.urls import reverse

from lianxin.audit import api as audit
from lianxin.kit import clock
from lianxin.notify.api import notify, words_for
from lianxin.orgs.api import Ability, Actor
from lianxin.stations.models import Station
from lianxin.stations.rules.hours import Almanac
from lianxin.stations.rules.standing import is_kept_now
from lianxin.stations.selectors.seeing import facts_of


def station_locked(station_id: uuid.UUID) -> Station:
    """Return a station held until the transaction ends: what is written of it is written in turn."""
    rows = Station.objects.select_for_update(of=("self",)).select_related("organisation")
    return rows.get(pk=station_id)


def mark(station: Station) -> None:
    """Say that what the public page shows has changed."""
    station.changed_at = clock.now()
    Station.objects.filter(pk=station.pk).update(changed_at=station.changed_at)


def record(actor: Actor, action: str, station: Station, **detail: Any) -> None:
    """Leave a trace of what was done to a station."""
    deputy = actor.stands_in(Ability.STATION_KEEP, station.organisation.path)
    audit.record(
        actor_id=actor.account_id,
        action=action,
        kind="stations.Station",
        object_id=station.pk,
        detail={**detail, **deputy},
    )


def keepers_tell(
    station: Station,
    accounts: Iterable[uuid.UUID],
    *,
    kind: str,
    words: Callable[[], tuple[str, str]],
    key: str,
) -> None:
    """Write to keepers (`words`: title and text, made in each one's language).

    It is carried to them at once only while somebody is meant to be there; else it waits for the
    next digest, as do the nights of a station that is open around the clock.
    """
    now = clock.now()
    is_urgent = is_kept_now(now, facts_of([station], now).timetable(station), Almanac())
    for account_id in accounts:
        with words_for(account_id):
            title, body = words()
        notify(
            account_id=account_id,
            kind=kind,
            title=title,
            body=body,
            url=reverse("stations:station_desk", args=[station.code]),
            urgent=is_urgent,
            key=key,
        )
