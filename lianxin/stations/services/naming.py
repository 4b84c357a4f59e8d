"""Naming who looks after a station, of all who may."""

from __future__ import annotations

import uuid

from django.utils.translation import gettext as _

from lianxin.accounts import api as accounts
from lianxin.kit import clock
from lianxin.kit.errors import RefusedError
from lianxin.kit.text import clean
from lianxin.kit.transactions import atomic
from lianxin.orgs.api import Ability, Actor, actor_of
from lianxin.stations.models import Keeping
from lianxin.stations.services.keeping import keep_check
from lianxin.stations.services.marking import record, station_locked

MOST = 8


def keeper_name(*, actor: Actor, station_id: uuid.UUID, typed: str) -> Keeping:
    """Name somebody, by her whole login name, to be told first; named already, nothing happens.

    Raises:
        RefusedError: there is nobody of that name who may look after it, or there are enough.
    """
    name = clean(typed).lower()
    with atomic():
        station = station_locked(station_id)
        keep_check(actor, station)
        found = accounts.User.objects.filter(login_name=name, is_active=True).first()
        path = station.organisation.path
        if not name or found is None or not actor_of(found.pk).can(Ability.STATION_KEEP, path):
            raise RefusedError(
                _("Nobody of this login name looks after stations here. She needs a post first."),
                field="login_name",
            )
        named = Keeping.objects.filter(station=station)
        same = named.filter(account=found).first()
        if same is not None:
            return same
        if named.count() >= MOST:
            raise RefusedError(_("Eight are enough. Please take one away first."))
        keeping = Keeping.objects.create(station=station, account=found, since_on=clock.today())
        record(actor, "stations.keeper_named", station, keeper=str(found.pk))
    return keeping


def keeper_remove(*, actor: Actor, station_id: uuid.UUID, keeping_id: uuid.UUID) -> None:
    """Take somebody off a station; off already, nothing happens."""
    with atomic():
        station = station_locked(station_id)
        keep_check(actor, station)
        gone, _rows = Keeping.objects.filter(pk=keeping_id, station=station).delete()
        if gone:
            record(actor, "stations.keeper_removed", station)
