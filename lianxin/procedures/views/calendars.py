"""An appointment as a calendar file; it names time and place, never what it is about."""

from __future__ import annotations

import datetime as dt

from django.utils.translation import gettext as _

from lianxin.kit import clock
from lianxin.procedures.models import Appointment

LASTS = dt.timedelta(hours=1)


def event_of(appointment: Appointment) -> str:
    """Write one event (RFC 5545)."""
    lines = [
        "BEGIN:VCALENDAR",
        "VERSION:2.0",
        "PRODID:-//Lianxin//EN",
        "BEGIN:VEVENT",
        f"UID:{appointment.pk}@lianxin",
        f"DTSTAMP:{_stamp(clock.now())}",
        f"DTSTART:{_stamp(appointment.starts_at)}",
        f"DTEND:{_stamp(appointment.starts_at + LASTS)}",
        # A phone lies on tables: the calendar only says that there is an appointment.
        f"SUMMARY:{_escaped(_('Appointment'))}",
        f"LOCATION:{_escaped(appointment.place)}",
        "END:VEVENT",
        "END:VCALENDAR",
        "",
    ]
    return "\r\n".join(lines)


def _stamp(at: dt.datetime) -> str:
    return at.astimezone(dt.UTC).strftime("%Y%m%dT%H%M%SZ")


def _escaped(text: str) -> str:
    for mark in ("\\", ";", ","):
        text = text.replace(mark, f"\\{mark}")
    return "\\n".join(text.splitlines())
