"""What becomes of stations when the union that keeps them merges or closes: another one keeps them on."""

from __future__ import annotations

import uuid
from collections.abc import Mapping

from django.utils.translation import gettext as _

from lianxin.audit import api as audit
from lianxin.kit import clock
from lianxin.orgs.api import Codes, Effect, below_q
from lianxin.stations.models import Station


def stations_follow(_codes: Mapping[uuid.UUID, Codes], _most: int) -> int:
    """Copy nothing: stations name their union and read its place in the tree from there."""
    return 0


def stations_carry(
    from_id: uuid.UUID, to_id: uuid.UUID, actor_id: uuid.UUID | None, most: int
) -> int:
    """Give the next stations of a union to its heir; also those given up, so that none is orphaned."""
    rows = Station.objects.select_for_update().filter(organisation_id=from_id).order_by("pk")
    ids = list(rows.values_list("pk", flat=True)[:most])
    Station.objects.filter(pk__in=ids).update(organisation_id=to_id, changed_at=clock.now())
    for station_id in ids:
        audit.record(
            actor_id=actor_id,
            action="stations.carried",
            kind="stations.Station",
            object_id=station_id,
            detail={"from": str(from_id), "to": str(to_id)},
        )
    return len(ids)


def stations_below(path: str) -> Effect:
    """Count the stations a union and those below it keep, for the preview of a change."""
    kept = Station.objects.filter(below_q(path), ended_on=None)
    return Effect(_("stations"), kept.count())
