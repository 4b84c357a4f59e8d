"""Kiosks of stations: those a keeper has, which one a screen is, and how the station greets there."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from typing import Any

import segno
from django.http import HttpRequest
from django.urls import reverse
from django.utils.translation import gettext as _

from lianxin.accounts.api import shown_user_code
from lianxin.kit import clock
from lianxin.stations.models import Station, StationKiosk
from lianxin.stations.selectors.offers import offers_of
from lianxin.stations.selectors.shown import page_of_station
from lianxin.ui.context import shown_items
from lianxin.ui.slots import service_doors
from lianxin.ui.templatetags.ui import day

PREFIX = "station:"


@dataclass(frozen=True, slots=True)
class KioskRow:
    """One kiosk as its keeper sees it."""

    kiosk: StationKiosk
    note: str


def kiosk_rows(station: Station) -> list[KioskRow]:
    """List the kiosks of a station, those whose code still waits among them. One query."""
    rows = StationKiosk.objects.filter(station=station).order_by("made_at", "pk")
    now = clock.now()
    return [KioskRow(one, _said(one)) for one in rows if one.is_paired or one.code_until > now]


def shown_code(kiosk: StationKiosk) -> str:
    """Write the code of a kiosk letter by letter; "" once it was typed, or is over."""
    is_good = bool(kiosk.code) and kiosk.code_until > clock.now()
    return shown_user_code(kiosk.code) if is_good else ""


def digest_of(key: str) -> str:
    """Return what is kept of a key: it is long and random, so a plain digest hides it."""
    return hashlib.sha256(key.encode()).hexdigest()


def kiosk_of_key(key: str) -> StationKiosk | None:
    """Return the kiosk a screen is; None if it was taken away, or its station given up."""
    if not key.startswith(PREFIX):
        return None
    rows = StationKiosk.objects.filter(key_digest=digest_of(key), station__ended_on=None)
    return rows.select_related("station__organisation").first()


def kiosk_name(key: str) -> str:
    """Return what people read of a kiosk: its station, and where in it."""
    kiosk = kiosk_of_key(key)
    return f"{kiosk.station.name} · {kiosk.label}" if kiosk else ""


def has_kiosks() -> bool:
    """Say whether any station has a kiosk, or waits for one."""
    return StationKiosk.objects.exists()


def greeting_of(request: HttpRequest, station: Station) -> dict[str, Any]:
    """Gather what a kiosk greets with: open or not, hours, services, what can be booked, the page to take along."""
    address = request.build_absolute_uri(reverse("stations:station_page", args=[station.code]))
    picture = segno.make(address, error="m")
    return page_of_station(station) | {
        "offers": offers_of(request, station),
        "doors": shown_items(request, service_doors.items()),
        "page_picture": picture.svg_data_uri(scale=6, border=3, light="#fff"),
    }


def _said(kiosk: StationKiosk) -> str:
    if not kiosk.is_paired:
        return _("waits for its code to be typed")
    if kiosk.seen_on == clock.today():
        return _("seen today")
    return _("last seen %(day)s") % {"day": day(kiosk.seen_on)}
