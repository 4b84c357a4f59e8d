"""Calendars as every phone reads them: iCalendar, RFC 5545. Pure.

Written here rather than by a library: a session is a dozen lines, and a feed is asked for by
thousands of phones every few hours.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

LONGEST_LINE = 75  # bytes, without the line's end
_ESCAPED = str.maketrans({"\\": "\\\\", ";": "\\;", ",": "\\,", "\n": "\\n", "\r": None})


@dataclass(frozen=True, kw_only=True, slots=True)
class Entry:
    """One entry of a calendar; times are aware."""

    uid: str
    title: str
    starts_at: dt.datetime
    ends_at: dt.datetime
    changed_at: dt.datetime
    revision: int = 0
    is_off: bool = False
    is_tentative: bool = False  # waits for a place, or for a draw
    place: str = ""
    words: str = ""
    link: str = ""
    position: tuple[float, float] | None = None  # latitude, longitude in WGS-84
    remind_hours: int = 0


@dataclass(frozen=True, kw_only=True, slots=True)
class Sheet:
    """A calendar with a name; `hours`: how often a phone should ask again."""

    name: str
    maker: str
    entries: tuple[Entry, ...]
    hours: int = 6


def written(sheet: Sheet) -> str:
    """Write a calendar; every line ends with CR LF and is at most 75 bytes long."""
    return "".join(f"{part}\r\n" for line in _lines(sheet) for part in _folded(line))


def text(value: str) -> str:
    """Escape a text value."""
    plain = "".join(c for c in value if c == "\n" or c.isprintable() or c == " ")
    return plain.translate(_ESCAPED)


def moment(at: dt.datetime) -> str:
    """Write a moment in UTC."""
    return at.astimezone(dt.UTC).strftime("%Y%m%dT%H%M%SZ")


def _lines(sheet: Sheet) -> Iterator[str]:
    yield "BEGIN:VCALENDAR"
    yield "VERSION:2.0"
    yield f"PRODID:-//{text(sheet.maker)}//activities//ZH"
    yield "CALSCALE:GREGORIAN"
    yield "METHOD:PUBLISH"
    yield f"X-WR-CALNAME:{text(sheet.name)}"
    yield f"REFRESH-INTERVAL;VALUE=DURATION:PT{sheet.hours}H"
    yield f"X-PUBLISHED-TTL:PT{sheet.hours}H"
    for entry in sheet.entries:
        yield from _entry(entry)
    yield "END:VCALENDAR"


def _entry(entry: Entry) -> Iterator[str]:
    status = "CANCELLED" if entry.is_off else "TENTATIVE" if entry.is_tentative else "CONFIRMED"
    yield "BEGIN:VEVENT"
    yield f"UID:{text(entry.uid)}"
    yield f"DTSTAMP:{moment(entry.changed_at)}"
    yield f"LAST-MODIFIED:{moment(entry.changed_at)}"
    yield f"SEQUENCE:{entry.revision}"
    yield f"DTSTART:{moment(entry.starts_at)}"
    yield f"DTEND:{moment(entry.ends_at)}"
    yield f"STATUS:{status}"
    yield f"SUMMARY:{text(entry.title)}"
    if entry.place:
        yield f"LOCATION:{text(entry.place)}"
    if entry.position:
        yield f"GEO:{entry.position[0]:.6f};{entry.position[1]:.6f}"
    if entry.words:
        yield f"DESCRIPTION:{text(entry.words)}"
    if entry.link:
        yield f"URL:{entry.link}"
    if entry.remind_hours and not entry.is_off:
        yield from _alarm(entry)
    yield "END:VEVENT"


def _alarm(entry: Entry) -> Iterable[str]:
    return (
        "BEGIN:VALARM",
        "ACTION:DISPLAY",
        f"TRIGGER:-PT{entry.remind_hours}H",
        f"DESCRIPTION:{text(entry.title)}",
        "END:VALARM",
    )


def _folded(line: str) -> Iterator[str]:
    """Break a line at 75 bytes, never inside a character; what follows begins with a blank."""
    part, size = "", 0
    for character in line:
        weight = len(character.encode())
        if size + weight > LONGEST_LINE:
            yield part
            part, size = " ", 1
        part += character
        size += weight
    yield part
