"""Finding what lies in a keeper's reach; what does not, is not there."""

from __future__ import annotations

from django.http import Http404
from django.shortcuts import get_object_or_404

from lianxin.orgs.api import Ability, Request
from lianxin.stations import policies
from lianxin.stations.models import Station


def station_reached(request: Request, code: str) -> Station:
    """Return a station in the actor's reach; its pages belong to the tab of stations."""
    request.nav_key = "stations"
    rows = policies.visible_to(request.actor, Station.objects.select_related("organisation"))
    return get_object_or_404(rows, code=code)


def keeper_or_404(request: Request) -> None:
    """Let in whoever keeps stations anywhere."""
    request.nav_key = "stations"
    if not request.actor.can(Ability.STATION_KEEP):
        raise Http404
