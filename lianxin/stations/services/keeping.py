"""A keeper closes her station for a while, and opens it again."""

from __future__ import annotations

import datetime as dt
import uuid

from django.db.models import Q
from django.utils.translation import gettext as _

from lianxin.jobs import api as jobs
from lianxin.kit import clock
from lianxin.kit.errors import ForbiddenError, RefusedError
from lianxin.kit.text import clean
from lianxin.kit.transactions import atomic
from lianxin.orgs.api import Actor
from lianxin.stations import policies
from lianxin.stations.constants import codes
from lianxin.stations.events import StationClosed, StationReopened
from lianxin.stations.models import Shutting, Station
from lianxin.stations.services.marking import mark, record, station_locked

LONGEST = dt.timedelta(days=366)


def keep_check(actor: Actor, station: Station) -> None:
    """Refuse whoever does not look after a station.

    Raises:
        ForbiddenError: it belongs to another union.
    """
    if not policies.may_keep(actor, station):
        raise ForbiddenError(_("This station is looked after by another union."))


def station_shut(
    *,
    actor: Actor,
    station_id: uuid.UUID,
    reason: str,
    words: str = "",
    ends_at: dt.datetime | None = None,
) -> Shutting:
    """Close a station from now on, until a moment or until it is opened again.

    Closed already, what is said now holds. Publishes StationClosed.
    """
    now = clock.now()
    if reason not in codes().reasons:
        raise RefusedError(_("Please say why it is closed."), field="reason")
    if ends_at is not None and not now < ends_at <= now + LONGEST:
        raise RefusedError(_("Please choose a day that is still to come."), field="until")
    with atomic():
        station = station_locked(station_id)
        keep_check(actor, station)
        shutting = _running(station, now)
        was_open = shutting is None
        if shutting is None:
            shutting = Shutting(station=station, starts_at=now)
        said = (reason, clean(words)[:200], ends_at)
        if not was_open and said == (shutting.reason, shutting.words, shutting.ends_at):
            return shutting
        shutting.reason, shutting.words, shutting.ends_at = said
        shutting.save()
        mark(station)
        record(actor, "stations.shut", station, reason=reason)
        if was_open:
            jobs.publish(StationClosed(station_id=station.pk, by="keeper"))
    return shutting


def station_reopen(*, actor: Actor, station_id: uuid.UUID) -> None:
    """Open a station again that was closed for a while; open already, nothing happens.

    Publishes StationReopened.
    """
    now = clock.now()
    with atomic():
        station = station_locked(station_id)
        keep_check(actor, station)
        shutting = _running(station, now)
        if shutting is None:
            return
        shutting.ends_at = now
        shutting.save(update_fields=["ends_at"])
        mark(station)
        record(actor, "stations.reopened", station)
        jobs.publish(StationReopened(station_id=station.pk))


def _running(station: Station, now: dt.datetime) -> Shutting | None:
    goes_on = Q(ends_at=None) | Q(ends_at__gt=now)
    return Shutting.objects.filter(goes_on, station=station, starts_at__lte=now).first()
