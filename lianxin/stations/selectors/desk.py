"""What a keeper stands before: what was told, with clocks, and her stations."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django.db.models import Count, Q
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from lianxin.files import api as files
from lianxin.kit import clock
from lianxin.kit.paging import page_of
from lianxin.kit.pinyin import spelled
from lianxin.kit.text import clean
from lianxin.orgs.api import Ability, Actor
from lianxin.stations import policies
from lianxin.stations.models import Keeping, Shutting, Station, StationReport, Trouble
from lianxin.stations.rules.clocks import worked_between
from lianxin.stations.selectors.kiosks import kiosk_rows
from lianxin.stations.selectors.seeing import seen_of
from lianxin.stations.selectors.shown import Row, Story, page_of_station, row_of, story_of

PAGE = 40
MOST_SHOWN = 30


@dataclass(frozen=True, slots=True)
class Clocked:
    """An open trouble at the desk: what, where, how much working time is left."""

    story: Story
    station: Station
    left: str
    is_late: bool
    level: int


def list_page(actor: Actor, asked: Mapping[str, str]) -> dict[str, Any]:
    """Gather the desk's list: open troubles in reach by their clocks, then the stations by name."""
    search = clean(asked.get("q", ""))[:40]
    rows = policies.visible_to(actor, Station.objects.filter(ended_on=None))
    if search:
        wanted = Q(name__icontains=search) | Q(code__iexact=search)
        if sound := spelled(search):
            wanted |= Q(sort_key__startswith=sound)
        rows = rows.filter(wanted)
    page = page_of(
        rows.select_related("organisation"), asked.get("after"), size=PAGE, order=("sort_key", "id")
    )
    seen = seen_of(page.rows)
    return {
        "search": search,
        "page": page,
        "rows": [row_of(one) for one in seen],
        "open": [] if search or asked.get("after") else troubles_open(actor),
        "counts": counts_of(actor),
    }


def troubles_open(actor: Actor, *, most: int = MOST_SHOWN) -> list[Clocked]:
    """List the open troubles in reach, the most urgent clock first."""
    stations = policies.visible_to(actor, Station.objects.filter(ended_on=None))
    rows = Trouble.objects.filter(state=Trouble.State.OPEN, station__in=stations.values("pk"))
    found = rows.select_related("station__organisation").order_by("due_at", "id")[:most]
    return [clocked(one) for one in found]


def clocked(trouble: Trouble) -> Clocked:
    """Put the clock of a trouble into words."""
    left = worked_between(clock.now(), trouble.due_at)
    return Clocked(
        story_of(trouble), trouble.station, left_said(left), left <= dt.timedelta(), trouble.level
    )


def left_said(left: dt.timedelta) -> str:
    """Say how much working time is left, or by how much it is over."""
    minutes = int(abs(left).total_seconds() // 60)
    hours = minutes // 60
    if minutes < 60:
        said = ngettext("%(n)d working minute", "%(n)d working minutes", minutes) % {"n": minutes}
    else:
        said = ngettext("%(n)d working hour", "%(n)d working hours", hours) % {"n": hours}
    if left <= dt.timedelta():
        return _("late by %(time)s") % {"time": said}
    return _("%(time)s left") % {"time": said}


def counts_of(actor: Actor) -> dict[str, int]:
    """Count the stations in reach, and the troubles that wait or are late. One query each."""
    stations = policies.visible_to(actor, Station.objects.filter(ended_on=None))
    waiting = Trouble.objects.filter(state=Trouble.State.OPEN, station__in=stations.values("pk"))
    counted = waiting.aggregate(
        waiting=Count("pk"), late=Count("pk", filter=Q(due_at__lt=clock.now()))
    )
    return {"stations": stations.count(), **counted}


def station_page(station: Station) -> dict[str, Any]:
    """Gather one station for whoever keeps it."""
    now = clock.now()
    goes_on = Q(ends_at=None) | Q(ends_at__gt=now)
    waiting = Trouble.objects.filter(station=station, state=Trouble.State.OPEN)
    return page_of_station(station) | {
        "open": [clocked(one) for one in waiting.select_related("station").order_by("due_at")],
        "shutting": Shutting.objects.filter(goes_on, station=station, starts_at__lte=now).first(),
        "keepings": keepings_of(station),
        "kiosks": kiosk_rows(station),
    }


def keepings_of(station: Station) -> list[Keeping]:
    """List who is named for a station."""
    rows = Keeping.objects.filter(station=station).select_related("account")
    return list(rows.order_by("since_on", "pk"))


def first_facts(actor: Actor) -> dict[str, str]:
    """Guess the district of a further station from the one written down last for the same union."""
    held = actor.with_ability(Ability.STATION_KEEP)
    if not held:
        return {}
    last = Station.objects.filter(organisation_id=held[0].organisation_id).order_by("-pk").first()
    names = ("division_code", "district_name", "street_name", "phone")
    return {name: getattr(last, name) for name in names} if last else {}


@dataclass(frozen=True, slots=True)
class ReportRow:
    """One report of a trouble as its keeper sees it."""

    at: dt.datetime
    is_keeper: bool
    has_words: bool
    photo: str
    report: StationReport


def trouble_page(actor: Actor, trouble: Trouble) -> dict[str, Any]:
    """Gather what was told of one thing; words stay sealed until they are asked for."""
    told = StationReport.objects.filter(trouble=trouble).select_related("station__organisation")
    reports = told.order_by("-at")[:MOST_SHOWN]
    return {
        "trouble": trouble,
        "clock": clocked(trouble),
        "row": _row_of_station(trouble.station),
        "reports": [_report_row(actor, one) for one in reports],
    }


def _row_of_station(station: Station) -> Row:
    return row_of(seen_of([station])[0])


def _report_row(actor: Actor, report: StationReport) -> ReportRow:
    photo = files.files_of("station_report", report.pk).first()
    link = (
        files.file_link(photo, account_id=actor.account_id)
        if photo is not None and actor.account_id
        else ""
    )
    return ReportRow(report.at, report.is_keeper, bool(report.words), link, report)
