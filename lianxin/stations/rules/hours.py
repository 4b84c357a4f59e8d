"""Opening hours: a week of spans, public holidays, make-up days, dated exceptions. Pure.

A span belongs to the day it begins on and may run past midnight: 22:00–8:00 on Friday is open on
Saturday morning, whatever Saturday's own hours say. Which hours a day has is decided in this order:
a dated exception (the narrowest, then the latest made), the hours of public holidays, those of
make-up working days, those of the weekday.
"""

from __future__ import annotations

import datetime as dt
import itertools
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from lianxin.kit import workdays

DAY = 1440  # minutes
HOLIDAY, MAKE_UP = "holiday", "make_up"
WEEKDAYS = ("1", "2", "3", "4", "5", "6", "7")
KINDS = (*WEEKDAYS, HOLIDAY, MAKE_UP)
MOST_SPANS = 6
NEAR = dt.timedelta(days=2)
FAR = dt.timedelta(days=32)  # a holiday with all its bridges; beyond it one asks the keeper
_ONE_DAY = dt.timedelta(days=1)


class HoursError(ValueError):
    """What was typed is no opening time; `code` says why."""

    def __init__(self, code: str, piece: str = "") -> None:
        super().__init__(code)
        self.code = code
        self.piece = piece


@dataclass(frozen=True, slots=True, order=True)
class Span:
    """From a minute of a day to a later one, at most 24 hours on; with somebody there or without."""

    opens: int
    closes: int
    is_attended: bool = True

    def __post_init__(self) -> None:
        if not (0 <= self.opens < DAY and self.opens < self.closes <= self.opens + DAY):
            raise HoursError("range")


Spans = tuple[Span, ...]
WHOLE_DAY = Span(0, DAY)


@dataclass(frozen=True, slots=True)
class Special:
    """Hours of certain days (特殊日期), both ends included; no spans: closed on them."""

    first_on: dt.date
    last_on: dt.date
    spans: Spans = ()
    made: int = 0  # the later one wins between equals
    reason: str = ""
    words: str = ""

    def covers(self, day: dt.date) -> bool:
        return self.first_on <= day <= self.last_on


@dataclass(frozen=True, slots=True)
class Shut:
    """A keeper closed the place for a while, from a moment to another one, or until it is lifted."""

    starts_at: dt.datetime
    ends_at: dt.datetime | None = None
    reason: str = ""
    words: str = ""

    def covers(self, at: dt.datetime) -> bool:
        return self.starts_at <= at and (self.ends_at is None or at < self.ends_at)


@dataclass(frozen=True, slots=True)
class Timetable:
    """Everything that decides when a place is meant to be open."""

    week: Mapping[str, Spans] = field(default_factory=dict)
    specials: Sequence[Special] = ()
    shuts: Sequence[Shut] = ()

    @property
    def is_known(self) -> bool:
        """Say whether anybody ever told the hours; of a day without entry one only knows nothing."""
        return bool(self.week)


@dataclass(frozen=True, slots=True)
class Spell:
    """An unbroken time in which a place is open."""

    starts_at: dt.datetime
    ends_at: dt.datetime


class Almanac:
    """What kind of day a day is, and when its minutes are; one serves a whole list of stations."""

    def __init__(self, tz: dt.tzinfo = workdays.SHANGHAI) -> None:
        self.tz = tz
        self._kinds: dict[dt.date, str] = {}
        self._moments: dict[tuple[dt.date, int], dt.datetime] = {}

    def kind(self, day: dt.date) -> str:
        """Return "1" to "7", "holiday" or "make_up"."""
        known = self._kinds.get(day)
        if known is None:
            known = self._kinds[day] = _kind_of(day)
        return known

    def moment(self, day: dt.date, minute: int) -> dt.datetime:
        """Return the minute of a day, in UTC; minutes past midnight are the next day's."""
        known = self._moments.get((day, minute))
        if known is None:
            on = day + _ONE_DAY * (minute // DAY)
            time = dt.time(minute % DAY // 60, minute % 60)
            known = dt.datetime.combine(on, time, tzinfo=self.tz).astimezone(dt.UTC)
            self._moments[day, minute] = known
        return known

    def day(self, at: dt.datetime) -> dt.date:
        return at.astimezone(self.tz).date()


def _kind_of(day: dt.date) -> str:
    if workdays.is_holiday(day):
        return HOLIDAY
    if day.weekday() >= 5 and workdays.is_workday(day):
        return MAKE_UP
    return str(day.isoweekday())


def special_on(day: dt.date, specials: Sequence[Special]) -> Special | None:
    """Return the exception that holds on a day: the narrowest, of equals the one made last."""
    found = [one for one in specials if one.covers(day)]
    if not found:
        return None
    return min(found, key=lambda one: (one.last_on - one.first_on, -one.made))


def spans_on(day: dt.date, timetable: Timetable, almanac: Almanac) -> Spans:
    """Return the spans that begin on a day."""
    special = special_on(day, timetable.specials) if timetable.specials else None
    if special is not None:
        return special.spans
    week, kind = timetable.week, almanac.kind(day)
    if kind in week:
        return week[kind]
    if kind == MAKE_UP:  # worked like a Monday, unless somebody said otherwise
        return week.get("1", ())
    return week.get(str(day.isoweekday()), ())


def spells_between(
    start: dt.datetime,
    end: dt.datetime,
    timetable: Timetable,
    almanac: Almanac,
    *,
    only_attended: bool = False,
) -> Iterator[Spell]:
    """Yield the open spells that touch a time, in order and apart from one another, cut to it."""
    merged: Spell | None = None
    day, last = almanac.day(start) - _ONE_DAY, almanac.day(end)
    while day <= last:
        for span in spans_on(day, timetable, almanac):
            if only_attended and not span.is_attended:
                continue
            opens, closes = almanac.moment(day, span.opens), almanac.moment(day, span.closes)
            if closes <= start or opens >= end or closes <= opens:
                continue
            if merged is not None and opens <= merged.ends_at:
                merged = Spell(merged.starts_at, max(merged.ends_at, closes))
                continue
            if merged is not None:
                yield from _cut(merged, start, end, timetable.shuts)
            merged = Spell(opens, closes)
        day += _ONE_DAY
    if merged is not None:
        yield from _cut(merged, start, end, timetable.shuts)


def _cut(
    spell: Spell, start: dt.datetime, end: dt.datetime, shuts: Sequence[Shut]
) -> Iterator[Spell]:
    """Cut a spell to a time, and take out of it what the keeper has closed."""
    at, until = max(spell.starts_at, start), min(spell.ends_at, end)
    for shut in sorted(shuts, key=lambda one: one.starts_at):
        if shut.ends_at is not None and shut.ends_at <= max(at, shut.starts_at):
            continue
        if shut.starts_at >= until:
            break
        if shut.starts_at > at:
            yield Spell(at, shut.starts_at)
        if shut.ends_at is None or shut.ends_at >= until:
            return
        at = shut.ends_at
    yield Spell(at, until)


@dataclass(frozen=True, slots=True)
class Hours:
    """What the hours say of a moment."""

    is_open: bool
    is_attended: bool = False
    closes_at: dt.datetime | None = None  # None while open: not within two days
    opens_at: dt.datetime | None = None  # None while closed: not within a month
    attended_until: dt.datetime | None = None  # None while somebody is there: not within two days


def hours_at(now: dt.datetime, timetable: Timetable, almanac: Almanac) -> Hours:
    """Say whether the hours have a place open at a moment, and when that changes next."""
    for spell in spells_between(now, now + NEAR, timetable, almanac):
        if spell.starts_at > now:
            return Hours(is_open=False, opens_at=spell.starts_at)
        kept = _attended(now, timetable, almanac)
        return Hours(
            is_open=True,
            is_attended=kept is not None,
            closes_at=_soon(spell, now),
            attended_until=_soon(kept, now) if kept else None,
        )
    for spell in spells_between(now + NEAR, now + FAR, timetable, almanac):
        return Hours(is_open=False, opens_at=spell.starts_at)
    return Hours(is_open=False)


def _attended(now: dt.datetime, timetable: Timetable, almanac: Almanac) -> Spell | None:
    for spell in spells_between(now, now + NEAR, timetable, almanac, only_attended=True):
        return spell if spell.starts_at <= now else None
    return None


def _soon(spell: Spell, now: dt.datetime) -> dt.datetime | None:
    return spell.ends_at if spell.ends_at < now + NEAR else None


_NEVER = {"closed", "off", "none", "-", "—", "休息", "不开放", "关闭", "闭站", "无"}
_ALWAYS = {"24h", "24hours", "24小时", "全天", "allday"}
_PIECE = re.compile(
    r"(?P<a>\d{1,2})[:：.]?(?P<b>[0-5]\d)?(?:时|点)?\s*(?:-|–|—|~|～|至|到|to)\s*"
    r"(?P<c>\d{1,2})[:：.]?(?P<d>[0-5]\d)?(?:时|点)?"
)
_BETWEEN = re.compile(r"[\s,，、;；/]+")


def spans_read(typed: str, *, is_attended: bool = True) -> Spans:
    """Read "8:00-12:00, 14:00-18:00", "22:00-8:00", "24 h", "closed" as people type them.

    Raises:
        HoursError: it cannot be read (`form`), spans cover one another (`overlap`), too many.
    """
    text = typed.strip().casefold()
    plain = re.sub(r"\s+", "", text)
    if not plain or plain in _NEVER:
        return ()
    if plain in _ALWAYS:
        return (Span(0, DAY, is_attended),)
    found: list[Span] = []
    at = 0
    for match in _PIECE.finditer(text):
        if _BETWEEN.sub("", text[at : match.start()]):
            raise HoursError("form", text[at : match.end()].strip())
        at = match.end()
        found.append(_span_of(match, is_attended=is_attended))
    if not found or _BETWEEN.sub("", text[at:]):
        raise HoursError("form", typed.strip())
    return spans_checked(found)


def _span_of(match: re.Match[str], *, is_attended: bool) -> Span:
    opens = int(match["a"]) * 60 + int(match["b"] or 0)
    closes = int(match["c"]) * 60 + int(match["d"] or 0)
    if opens >= DAY or closes > DAY:
        raise HoursError("form", match[0])
    return Span(opens, closes if closes > opens else closes + DAY, is_attended)


def spans_checked(spans: Sequence[Span]) -> Spans:
    """Return spans in order.

    Raises:
        HoursError: two of a kind cover one another, or there are too many.
    """
    ordered = tuple(sorted(spans))
    if len(ordered) > MOST_SPANS:
        raise HoursError("many")
    for attended in (True, False):
        kind = [span for span in ordered if span.is_attended is attended]
        for one, next_ in itertools.pairwise(kind):
            if next_.opens < one.closes:
                raise HoursError("overlap", spans_written([one, next_]))
    return ordered


def spans_written(spans: Sequence[Span], *, is_attended: bool | None = None) -> str:
    """Write spans as they can be typed; `is_attended` keeps those of one kind."""
    kept = [one for one in spans if is_attended is None or one.is_attended is is_attended]
    return ", ".join(f"{clock_of(one.opens)}-{clock_of(one.closes)}" for one in kept)


def clock_of(minute: int) -> str:
    """Write a minute of the day as 8:05; midnight at the end of a span is 24:00."""
    if minute == DAY:
        return "24:00"
    return f"{minute % DAY // 60}:{minute % 60:02d}"


Plain = dict[str, list[list[int]]]


def week_packed(week: Mapping[str, Spans]) -> Plain:
    """Write a week as plain values: {"1": [[opens, closes, attended], …]}."""
    return {
        kind: [[one.opens, one.closes, int(one.is_attended)] for one in week[kind]]
        for kind in KINDS
        if kind in week
    }


def week_read(plain: Mapping[str, Sequence[Sequence[int]]]) -> dict[str, Spans]:
    """Read what `week_packed` wrote."""
    return {kind: spans_unpacked(spans) for kind, spans in plain.items()}


def spans_packed(spans: Sequence[Span]) -> list[list[int]]:
    return [[one.opens, one.closes, int(one.is_attended)] for one in spans]


def spans_unpacked(plain: Sequence[Sequence[int]]) -> Spans:
    return tuple(Span(opens, closes, bool(attended)) for opens, closes, attended in plain)


def is_always_open(week: Mapping[str, Spans]) -> bool:
    """Say whether no day of the week, no holiday and no make-up day has a closed minute (24 小时开放)."""
    if set(WEEKDAYS) - set(week):
        return False
    return all(_covers_day(week[kind], week.get(_day_before(kind), ())) for kind in week)


def _day_before(kind: str) -> str:
    return str((int(kind) - 2) % 7 + 1) if kind in WEEKDAYS else ""


def _covers_day(spans: Spans, before: Spans) -> bool:
    at = max((one.closes - DAY for one in before), default=0)
    for span in sorted(spans):
        if span.opens > max(at, 0):
            return False
        at = max(at, span.closes)
    return at >= DAY
