"""The code lists of stations, read once from the app's data folder: kinds, facilities, reports, reasons."""

from __future__ import annotations

from functools import cache
from pathlib import Path

import msgspec

from lianxin.kit.text import Bilingual

_DATA = Path(__file__).parent / "data" / "codes.yaml"
# Only reports of these say that somebody stood before a door that should have been open.
LOCKED = "locked"


class Kind(msgspec.Struct, forbid_unknown_fields=True, frozen=True):
    """What a station is."""

    label: Bilingual
    icon: str


class Facility(msgspec.Struct, forbid_unknown_fields=True, frozen=True):
    """Something a station has; `group` is seven, six or more."""

    label: Bilingual
    icon: str
    group: str


class ReportKind(msgspec.Struct, forbid_unknown_fields=True, frozen=True):
    """What can be wrong, and how many working hours an answer may take."""

    label: Bilingual
    icon: str
    hours: int
    closes: bool = False


class Reason(msgspec.Struct, forbid_unknown_fields=True, frozen=True):
    """Why hours are other than usual."""

    label: Bilingual


class Codes(msgspec.Struct, forbid_unknown_fields=True, frozen=True):
    """All lists."""

    kinds: dict[str, Kind]
    facilities: dict[str, Facility]
    reports: dict[str, ReportKind]
    reasons: dict[str, Reason]


@cache
def codes() -> Codes:
    """Return the code lists."""
    return msgspec.yaml.decode(_DATA.read_bytes(), type=Codes)


@cache
def closing_kinds() -> tuple[str, ...]:
    """List the kinds of report that can close a station."""
    return tuple(code for code, kind in codes().reports.items() if kind.closes)
