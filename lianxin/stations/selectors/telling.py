"""How a station stands, in words a passer-by understands."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass

from django.utils.translation import gettext as _
from django.utils.translation import ngettext, pgettext

from lianxin.kit import clock
from lianxin.kit.workdays import SHANGHAI
from lianxin.stations.constants import codes
from lianxin.stations.models import Station
from lianxin.stations.rules.hours import HOLIDAY, MAKE_UP, WEEKDAYS, Span, clock_of
from lianxin.stations.rules.standing import Standing, State
from lianxin.ui.templatetags.ui import clocktime, day, daytime

_CHIPS = {
    State.OPEN: "yes",
    State.CLOSED: "",
    State.SHUT: "soon",
    State.LOCKED: "late",
    State.UNKNOWN: "ask",
}
_ICONS = {
    State.OPEN: "door",
    State.CLOSED: "clock-off",
    State.SHUT: "ban",
    State.LOCKED: "lock",
    State.UNKNOWN: "help-circle",
}


@dataclass(frozen=True, slots=True)
class Said:
    """A standing in words: the chip, the sentence beside it, a further note."""

    chip: str
    tone: str
    icon: str
    sentence: str
    note: str = ""


def said_of(standing: Standing) -> Said:
    """Put a standing into words; what should be open and may be locked is not shown in green."""
    state = standing.state
    if standing.is_doubtful and standing.is_open:
        return Said(_("May be locked"), "soon", "lock", _sentence(standing), _doubt(standing))
    words = {
        State.OPEN: pgettext("station", "Open now"),
        State.CLOSED: _("Closed now"),
        State.SHUT: _("Closed for a while"),
        State.LOCKED: _("Reported locked"),
        State.UNKNOWN: _("Hours not known"),
    }
    return Said(words[state], _CHIPS[state], _ICONS[state], _sentence(standing), _doubt(standing))


def _sentence(standing: Standing) -> str:
    if standing.state is State.OPEN:
        return _open(standing)
    if standing.state is State.LOCKED:
        last = standing.verdict.last_at
        return _("last %(ago)s; the keeper has been told") % {"ago": ago(last)} if last else ""
    if standing.state is State.SHUT:
        reason = reason_of(standing.shut.reason) if standing.shut else ""
        if standing.until is None:
            return reason
        until = _("until %(when)s") % {"when": moment(standing.until)}
        return f"{until} · {reason}" if reason else until
    if standing.state is State.CLOSED:
        reason = reason_of(standing.special.reason) if standing.special else ""
        opens = (
            _("opens %(when)s") % {"when": moment(standing.opens_at)} if standing.opens_at else ""
        )
        return " · ".join(part for part in (opens, reason) if part)
    return _("please call before you go")


def _open(standing: Standing) -> str:
    parts = []
    if standing.until is None:
        parts.append(_("around the clock"))
    else:
        parts.append(_("until %(when)s") % {"when": moment(standing.until)})
    if not standing.is_attended:
        parts.append(_("nobody there, come in"))
    elif standing.attended_until and standing.attended_until != standing.until:
        until = moment(standing.attended_until)
        parts.append(_("somebody there until %(when)s") % {"when": until})
    return " · ".join(parts)


def _doubt(standing: Standing) -> str:
    if not standing.is_doubtful or standing.verdict.last_at is None:
        return ""
    return _("Somebody met a locked door %(ago)s. The keeper has been told.") % {
        "ago": ago(standing.verdict.last_at)
    }


def reason_of(code: str) -> str:
    """Return a reason in words."""
    reason = codes().reasons.get(code)
    return str(reason.label) if reason else ""


def moment(at: dt.datetime) -> str:
    """Say a coming moment as one says it: 18:00, tomorrow 8:00, 3 Dec."""
    days = (at.astimezone(SHANGHAI).date() - clock.today()).days
    if days == 0:
        return str(clocktime(at))
    if days == 1:
        midnight = at.astimezone(SHANGHAI).time() == dt.time()
        return _("midnight") if midnight else _("tomorrow %(time)s") % {"time": clocktime(at)}
    return str(daytime(at)) if days < 7 else str(day(at))


def ago(at: dt.datetime) -> str:
    """Say how long ago something was, as one says it."""
    minutes = max(0, int((clock.now() - at).total_seconds() // 60))
    if minutes < 1:
        return _("just now")
    if minutes < 60:
        return ngettext("%(n)d minute ago", "%(n)d minutes ago", minutes) % {"n": minutes}
    hours = minutes // 60
    if hours < 24:
        return ngettext("%(n)d hour ago", "%(n)d hours ago", hours) % {"n": hours}
    days = hours // 24
    return ngettext("%(n)d day ago", "%(n)d days ago", days) % {"n": days}


@dataclass(frozen=True, slots=True)
class HoursLine:
    """One line of the table of hours: which days, when somebody is there, when nobody is."""

    days: str
    attended: str
    unattended: str

    @property
    def times(self) -> str:
        """Return all times of the line as one text; closed is a time as well."""
        said = ", ".join(part for part in (self.attended, self.unattended) if part)
        return said or pgettext("station", "closed")


def hours_lines(station: Station) -> list[HoursLine]:
    """Write the week of a station, days with the same hours in one line."""
    week = station.hours
    lines: list[HoursLine] = []
    first = 0
    for at in range(1, len(WEEKDAYS) + 1):
        same = at < len(WEEKDAYS) and week.get(WEEKDAYS[at]) == week.get(WEEKDAYS[first])
        if not same:
            names = _days(first, at - 1)
            lines.append(_line(names, week.get(WEEKDAYS[first], ())))
            first = at
    for kind, name in ((HOLIDAY, _("Public holidays")), (MAKE_UP, _("Worked weekends"))):
        if kind in week:
            lines.append(_line(name, week[kind]))
    return lines if week else []


def _days(first: int, last: int) -> str:
    names = [_("Monday"), _("Tuesday"), _("Wednesday"), _("Thursday"), _("Friday"), _("Saturday"), _("Sunday")]  # fmt: skip
    if (first, last) == (0, 6):
        return _("Every day")
    if first == last:
        return names[first]
    return _("%(first)s to %(last)s") % {"first": names[first], "last": names[last]}


def _line(days: str, spans: Sequence[Span]) -> HoursLine:
    return HoursLine(
        days,
        spans_said([one for one in spans if one.is_attended]),
        spans_said([one for one in spans if not one.is_attended]),
    )


def spans_said(spans: Sequence[Span]) -> str:
    """Write spans for reading: 8:00–12:00, 22:00–8:00 next morning, around the clock."""
    said = []
    for span in spans:
        if span.closes - span.opens >= 1440:
            said.append(_("around the clock"))
            continue
        until = clock_of(span.closes)
        if span.closes > 1440:
            until = _("%(time)s next day") % {"time": until}
        said.append(f"{clock_of(span.opens)}–{until}")
    return ", ".join(said)
