"""Writing a station down, putting right what is written of it, giving it up."""

from __future__ import annotations

import datetime as dt
import uuid
from collections.abc import Mapping
from dataclasses import dataclass, field, fields, replace
from typing import Any

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from lianxin.jobs import api as jobs
from lianxin.kit import clock
from lianxin.kit.errors import ForbiddenError, RefusedError
from lianxin.kit.text import clean
from lianxin.kit.transactions import atomic
from lianxin.orgs.api import Actor, Organisation, division_is_valid
from lianxin.stations import policies
from lianxin.stations.constants import codes
from lianxin.stations.events import StationClosed
from lianxin.stations.models import SpecialDays, Station
from lianxin.stations.rules.codes import code_is_valid, next_code
from lianxin.stations.rules.hours import Spans, spans_packed, week_packed
from lianxin.stations.services.keeping import keep_check
from lianxin.stations.services.marking import mark, record, station_locked

LONGEST = {"name": 80, "address": 200, "district_name": 40, "street_name": 40, "phone": 32, "door": 200}  # fmt: skip
MOST_DAYS = dt.timedelta(days=400)
MOST_SPECIALS = 60


@dataclass(frozen=True, kw_only=True)
class Entry:
    """What is written of a station; hours apart, since they have a page of their own."""

    name: str
    division_code: str
    district_name: str
    kind: str = "station"
    street_name: str = ""
    address: str = ""
    phone: str = ""
    door: str = ""
    latitude_e6: int | None = None
    longitude_e6: int | None = None
    facilities: tuple[str, ...] = field(default_factory=tuple)

    def columns(self) -> dict[str, Any]:
        """Return the values as the table keeps them."""
        values = {one.name: getattr(self, one.name) for one in fields(self)}
        return values | {"facilities": list(self.facilities)}


def entry_checked(entry: Entry) -> Entry:
    """Return an entry cleaned.

    Raises:
        RefusedError: something cannot be right; `field` says what.
    """
    texts: dict[str, Any] = {name: clean(getattr(entry, name)) for name in LONGEST}
    for name, longest in LONGEST.items():
        if len(texts[name]) > longest:
            raise RefusedError(
                _("Please keep it under %(n)d characters.") % {"n": longest}, field=name
            )
    if not texts["name"]:
        raise RefusedError(_("A station needs a name."), field="name")
    if not texts["district_name"]:
        raise RefusedError(_("Please say in which district it is."), field="district_name")
    if not division_is_valid(entry.division_code):
        raise RefusedError(
            _("A division code has six, nine or twelve digits, the first two of its province (GB/T 2260)."),
            field="division_code",
        )  # fmt: skip
    if entry.kind not in codes().kinds:
        raise RefusedError(_("Please say what kind of station it is."), field="kind")
    _position_check(entry.latitude_e6, entry.longitude_e6)
    known = codes().facilities
    facilities = tuple(one for one in known if one in entry.facilities)
    return replace(entry, **texts, facilities=facilities)


def _position_check(latitude: int | None, longitude: int | None) -> None:
    if (latitude is None) is not (longitude is None):
        raise RefusedError(_("A position needs both numbers."), field="latitude")
    if latitude is None or longitude is None:
        return
    if abs(latitude) > 90_000_000 or abs(longitude) > 180_000_000:
        raise RefusedError(
            _("This is no place on earth. Are the two numbers the wrong way round?"),
            field="latitude",
        )


def station_found(
    *,
    actor: Actor,
    organisation: Organisation,
    entry: Entry,
    week: Mapping[str, Spans] | None = None,
    code: str = "",
) -> Station:
    """Write a station down for a union; without a code it gets the next of its district.

    The same code, or the same name at the same address of the union, is the same station.

    Raises:
        ForbiddenError: the union is not in the actor's reach.
        RefusedError: something cannot be right, or the code belongs to another union's station.
    """
    if not policies.may_found(actor, organisation.path):
        raise ForbiddenError(_("You do not look after the stations of this union."))
    checked = entry_checked(entry)
    if code and not code_is_valid(code):
        raise RefusedError(_("A code has letters, digits and dashes, with a digit."), field="code")
    with atomic():
        # Two taps at once, two colleagues at once: the second finds what the first wrote.
        Organisation.objects.select_for_update(no_key=True).get(pk=organisation.pk)
        twin = _twin(organisation, checked, code)
        if twin is not None:
            return twin
        station = _made(organisation, checked, week or {}, code)
        record(actor, "stations.founded", station)
    return station


def _twin(organisation: Organisation, entry: Entry, code: str) -> Station | None:
    rows = Station.objects.select_related("organisation")
    if code:
        found = rows.filter(code=code).first()
        if found is not None and found.organisation_id != organisation.pk:
            raise RefusedError(_("Another union has a station of this code."), field="code")
        return found
    same = rows.filter(organisation=organisation, name=entry.name, address=entry.address)
    return same.filter(ended_on=None).first()


def _made(
    organisation: Organisation, entry: Entry, week: Mapping[str, Spans], code: str
) -> Station:
    station = Station(
        organisation=organisation, week=week_packed(week), **entry.columns(), code=code
    )
    if code:
        try:
            with transaction.atomic():
                station.save(force_insert=True)
        except IntegrityError:
            raise RefusedError(
                _("Another union has a station of this code."), field="code"
            ) from None
        return station
    prefix = entry.division_code[:6]
    for _try in range(20):
        taken = Station.objects.filter(code__startswith=f"{prefix}-").values_list("code", flat=True)
        station.code = next_code(prefix, taken)
        try:
            with transaction.atomic():
                station.save(force_insert=True)
        except IntegrityError:
            continue  # a colleague was faster: the next number
        return station
    raise RefusedError(_("Too many colleagues are writing stations down. Please try again."))


def station_change(*, actor: Actor, station_id: uuid.UUID, entry: Entry) -> Station:
    """Put right what is written of a station; the same again changes nothing."""
    checked = entry_checked(entry).columns()
    with atomic():
        station = station_locked(station_id)
        keep_check(actor, station)
        changed = sorted(name for name, value in checked.items() if getattr(station, name) != value)
        if not changed:
            return station
        for name in changed:
            setattr(station, name, checked[name])
        station.save()
        mark(station)
        record(actor, "stations.changed", station, fields=changed)
    return station


def hours_set(*, actor: Actor, station_id: uuid.UUID, week: Mapping[str, Spans]) -> Station:
    """Set the hours of a week; the same again changes nothing."""
    packed = week_packed(week)
    with atomic():
        station = station_locked(station_id)
        keep_check(actor, station)
        if station.week == packed:
            return station
        station.week = packed
        station.save()
        mark(station)
        record(actor, "stations.hours_set", station)
    return station


def station_end(*, actor: Actor, station_id: uuid.UUID) -> Station:
    """Give a station up for good: it leaves the lists, its page says since when. Publishes StationClosed."""
    with atomic():
        station = station_locked(station_id)
        keep_check(actor, station)
        if station.ended_on is None:
            station.ended_on = clock.today()
            station.save()
            mark(station)
            record(actor, "stations.ended", station)
            jobs.publish(StationClosed(station_id=station.pk, by="keeper"))
    return station


def station_restore(*, actor: Actor, station_id: uuid.UUID) -> Station:
    """Put a station that was given up back on the lists."""
    with atomic():
        station = station_locked(station_id)
        keep_check(actor, station)
        if station.ended_on is not None:
            station.ended_on = None
            station.save()
            mark(station)
            record(actor, "stations.restored", station)
    return station


def days_set(
    *,
    actor: Actor,
    station_id: uuid.UUID,
    first_on: dt.date,
    last_on: dt.date,
    spans: Spans,
    reason: str,
    words: str = "",
) -> SpecialDays:
    """Set other hours for some days, both ends included; no spans: closed. Said twice it is said once.

    Raises:
        RefusedError: the days are in the wrong order, over, or too many.
    """
    if reason not in codes().reasons:
        raise RefusedError(_("Please say why."), field="reason")
    if last_on < first_on:
        raise RefusedError(_("The last day comes before the first."), field="last_on")
    if last_on - first_on >= MOST_DAYS:
        raise RefusedError(_("At most 400 days at once."), field="last_on")
    if last_on < clock.today():
        raise RefusedError(_("These days are over."), field="last_on")
    said = {"spans": spans_packed(spans), "reason": reason, "words": clean(words)[:200]}
    with atomic():
        station = station_locked(station_id)
        keep_check(actor, station)
        rows = SpecialDays.objects.filter(station=station, last_on__gte=clock.today())
        same = rows.filter(first_on=first_on, last_on=last_on).first()
        if same is not None and all(getattr(same, name) == value for name, value in said.items()):
            return same
        if same is None and rows.count() >= MOST_SPECIALS:
            raise RefusedError(_("There are very many such days already. Please take some away."))
        days = same or SpecialDays(station=station, first_on=first_on, last_on=last_on)
        for name, value in said.items():
            setattr(days, name, value)
        days.made_at = clock.now()
        days.save()
        mark(station)
        record(actor, "stations.days_set", station, reason=reason)
    return days


def days_remove(*, actor: Actor, station_id: uuid.UUID, days_id: uuid.UUID) -> None:
    """Take other hours away again; gone already, nothing happens."""
    with atomic():
        station = station_locked(station_id)
        keep_check(actor, station)
        gone, _rows = SpecialDays.objects.filter(pk=days_id, station=station).delete()
        if gone:
            mark(station)
            record(actor, "stations.days_removed", station)
