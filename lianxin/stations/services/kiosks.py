"""A kiosk of a station: a code at the desk, typed once on the screen; taken away with one tap.

The code is short and soon over, the key it is changed for is long and known to
the screen alone.
"""

from __future__ import annotations

import secrets
import uuid

from django.db import IntegrityError
from django.utils.translation import gettext as _

from lianxin.accounts.api import new_user_code
from lianxin.audit import api as audit
from lianxin.kit import clock
from lianxin.kit.errors import RefusedError
from lianxin.kit.text import clean
from lianxin.kit.transactions import atomic
from lianxin.orgs.api import Actor
from lianxin.stations.models import Station, StationKiosk
from lianxin.stations.models.kiosk import CODE_LIFE
from lianxin.stations.selectors.kiosks import PREFIX, digest_of, kiosk_of_key
from lianxin.stations.services.keeping import keep_check
from lianxin.stations.services.marking import record, station_locked

MOST = 20  # in one station, those to come among them
TRIES = 5


def kiosk_invite(*, actor: Actor, station_id: uuid.UUID, label: str, key: str) -> StationKiosk:
    """Make a code that one screen may type within fifteen minutes; the same form again makes no second.

    Raises:
        ForbiddenError: the station belongs to another union.
        RefusedError: it says not where the kiosk stands, the station is given up, or has enough.
    """
    name = clean(label)[:40]
    with atomic():
        station = station_locked(station_id)
        keep_check(actor, station)
        made = StationKiosk.objects.filter(station=station, form_key=key[:64]).first()
        if made is not None:
            return made
        if not name:
            raise RefusedError(_("Please say where in the station it stands."), field="label")
        if station.ended_on:
            raise RefusedError(_("This station was given up."))
        kiosks = StationKiosk.objects.filter(station=station)
        kiosks.filter(key_digest="", code_until__lte=clock.now()).delete()
        if kiosks.count() >= MOST:
            raise RefusedError(_("This station has very many kiosks. Please take one away first."))
        kiosk = _created(station, name, key[:64])
        record(actor, "stations.kiosk_invited", station, kiosk=str(kiosk.pk))
    return kiosk


def kiosk_pair(typed: str) -> str:
    """Change a code for the key a screen is known by from now on; "" if none of ours has it, or it is over."""
    if not typed:
        return ""
    with atomic():
        waiting = StationKiosk.objects.select_for_update(of=("self",)).filter(
            code=typed, code_until__gt=clock.now(), key_digest="", station__ended_on=None
        )
        kiosk = waiting.first()
        if kiosk is None:
            return ""
        made = PREFIX + secrets.token_urlsafe(32)
        kiosk.code, kiosk.key_digest = "", digest_of(made)
        kiosk.paired_on = kiosk.seen_on = clock.today()
        kiosk.save(update_fields=["code", "key_digest", "paired_on", "seen_on"])
        audit.record(
            actor_id=None, action="stations.kiosk_paired", kind="stations.Station",
            object_id=kiosk.station_id, detail={"kiosk": str(kiosk.pk)},
        )  # fmt: skip
    return made


def kiosk_remove(*, actor: Actor, station_id: uuid.UUID, kiosk_id: uuid.UUID) -> None:
    """Take a kiosk away: its screen is none any more with its next step. Gone already, nothing happens.

    Raises:
        ForbiddenError: the station belongs to another union.
    """
    with atomic():
        station = station_locked(station_id)
        keep_check(actor, station)
        gone, _tables = StationKiosk.objects.filter(station=station, pk=kiosk_id).delete()
        if gone:
            record(actor, "stations.kiosk_removed", station, kiosk=str(kiosk_id))


def kiosk_seen(key: str) -> StationKiosk | None:
    """Return the kiosk of a key and note the day it was seen; None if it was taken away."""
    kiosk = kiosk_of_key(key)
    if kiosk is not None and kiosk.seen_on != clock.today():
        StationKiosk.objects.filter(pk=kiosk.pk).update(seen_on=clock.today())
    return kiosk


def _created(station: Station, label: str, form_key: str) -> StationKiosk:
    """Make one with a code nobody else has now: two of twenty-five thousand million seldom meet."""
    for _try in range(TRIES):
        try:
            with atomic():
                return StationKiosk.objects.create(
                    station=station,
                    label=label,
                    form_key=form_key,
                    code=new_user_code(),
                    code_until=clock.now() + CODE_LIFE,
                )
        except IntegrityError:
            continue
    raise RefusedError(_("Please try once more."))
