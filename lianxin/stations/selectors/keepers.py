"""Whom to tell of a station: its keepers, then those above."""

from __future__ import annotations

import uuid

from lianxin.orgs.api import Ability, actor_of, bearers_of
from lianxin.stations.models import Keeping, Station


def keepers_of(station: Station) -> list[uuid.UUID]:
    """List the accounts a report goes to: those named for the station, else those of its union.

    Whoever was named and lost the post is not told; where a union has nobody, the nearest above is.
    """
    named = Keeping.objects.filter(station=station).values_list("account_id", flat=True)
    path = station.organisation.path
    still = [one for one in named if actor_of(one).can(Ability.STATION_KEEP, path)]
    return still or told_at(station, 0)


def told_at(station: Station, level: int) -> list[uuid.UUID]:
    """List who keeps stations so many levels above a station's union; nobody past the last.

    Levels without anybody are passed over, so that a word always lands somewhere.
    """
    levels = bearers_of(Ability.STATION_KEEP, station.organisation)
    return levels[level] if level < len(levels) else []
