"""Who looks after which stations; the rest is public."""

from __future__ import annotations

import uuid

from django.db.models import QuerySet

from lianxin.orgs.api import Ability, Actor, reach_q
from lianxin.stations.models import Station, StationReport


def visible_to(actor: Actor, stations: QuerySet[Station]) -> QuerySet[Station]:
    """Keep the stations whose union lies in the reach of whoever keeps stations: at the desk."""
    return stations.filter(reach_q(actor, Ability.STATION_KEEP))


def may_keep(actor: Actor, station: Station) -> bool:
    """Change a station, close it, answer what was told of it: whoever keeps those of its union."""
    return actor.can(Ability.STATION_KEEP, station.organisation.path)


def may_found(actor: Actor, path: str) -> bool:
    """Add a station for the union at a path."""
    return actor.can(Ability.STATION_KEEP, path)


def may_open_photo(actor: Actor, report_id: uuid.UUID) -> bool:
    """See the picture somebody sent with a report: whoever keeps the station."""
    report = StationReport.objects.select_related("station__organisation").filter(pk=report_id)
    found = report.first()
    return found is not None and may_keep(actor, found.station)
