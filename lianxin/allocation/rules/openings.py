"""When a bookable thing can be had: the pattern of a week, closed days, days with other hours. Pure."""

from __future__ import annotations

import datetime as dt
import itertools
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from lianxin.allocation.rules.grid import HALVES_A_DAY, Grain, Run, day_of, half_of
from lianxin.kit.workdays import is_holiday

# From which half hour of the day until which; the last one is not in it. 9:00 to 12:00 is (18, 24).
Spans = tuple[tuple[int, int], ...]
WHOLE: Spans = ((0, HALVES_A_DAY),)
EVERY_DAY: tuple[Spans, ...] = (WHOLE,) * 7
_SPAN = re.compile(r"(\d{1,2})(?:[:.](\d{2}))?-(\d{1,2})(?:[:.](\d{2}))?")
_MOST_DAYS = 400


class HoursError(ValueError):
    """Hours nobody can keep, or that cannot be read."""


@dataclass(frozen=True, slots=True)
class Openings:
    """The opening pattern of a thing (开放时间): weekly spans, Monday first, and what differs."""

    weekly: tuple[Spans, ...] = EVERY_DAY
    starts_on: dt.date | None = None
    ends_on: dt.date | None = None
    closed: frozenset[dt.date] = frozenset()
    other: Mapping[dt.date, Spans] = field(default_factory=dict)
    skips_holidays: bool = False

    def spans_on(self, day: dt.date) -> Spans:
        """Return from when to when it is open on a day; nothing: closed."""
        if (self.starts_on and day < self.starts_on) or (self.ends_on and day > self.ends_on):
            return ()
        if day in self.closed:
            return ()
        if day in self.other:
            return self.other[day]
        if self.skips_holidays and is_holiday(day):
            return ()
        return self.weekly[day.weekday()]

    def is_open(self, grain: Grain, cell: int) -> bool:
        """Say whether a cell can be had at all."""
        spans = self.spans_on(day_of(grain, cell))
        if grain is not Grain.HALF_HOUR:
            return bool(spans)
        half = half_of(grain, cell)
        return any(start <= half < end for start, end in spans)

    def are_open(self, grain: Grain, run: Run) -> bool:
        return all(self.is_open(grain, cell) for cell in run)

    def stretch(self, grain: Grain, run: Run, most: int) -> Run:
        """Return the open stretch around a run, at most so many cells to each side."""
        first, last = run.first, run.last
        while run.first - first < most and self.is_open(grain, first - 1):
            first -= 1
        while last - run.last < most and self.is_open(grain, last + 1):
            last += 1
        return Run(first, last)

    def as_plain(self) -> dict[str, Any]:
        """Write it as JSON values."""
        return {
            "weekly": [[list(span) for span in spans] for spans in self.weekly],
            "starts_on": self.starts_on.isoformat() if self.starts_on else None,
            "ends_on": self.ends_on.isoformat() if self.ends_on else None,
            "closed": sorted(day.isoformat() for day in self.closed),
            "other": {
                day.isoformat(): [list(span) for span in spans]
                for day, spans in sorted(self.other.items())
            },
            "skips_holidays": self.skips_holidays,
        }

    @classmethod
    def from_plain(cls, plain: Mapping[str, Any]) -> Openings:
        """Read what `as_plain` wrote.

        Raises:
            HoursError: it is something else.
        """
        try:
            found = cls(
                weekly=tuple(checked(spans) for spans in plain["weekly"]),
                starts_on=_day(plain.get("starts_on")),
                ends_on=_day(plain.get("ends_on")),
                closed=frozenset(dt.date.fromisoformat(day) for day in plain.get("closed", ())),
                other={
                    dt.date.fromisoformat(day): checked(spans)
                    for day, spans in plain.get("other", {}).items()
                },
                skips_holidays=bool(plain.get("skips_holidays", False)),
            )
        except (KeyError, TypeError, AttributeError) as error:
            raise HoursError(str(error)) from error
        except ValueError as error:
            raise error if isinstance(error, HoursError) else HoursError(str(error)) from error
        _check(found)
        return found


def _check(openings: Openings) -> None:
    first, last = openings.starts_on, openings.ends_on
    if len(openings.weekly) != 7:
        raise HoursError("a week has seven days")
    if first and last and last < first:
        raise HoursError("it ends before it begins")
    if len(openings.closed) > _MOST_DAYS or len(openings.other) > _MOST_DAYS:
        raise HoursError("too many days")


def checked(spans: Iterable[Iterable[int]]) -> Spans:
    """Put spans of one day in order.

    Raises:
        HoursError: they overlap, run backwards, or past the day.
    """
    found = sorted((int(start), int(end)) for start, end in spans)
    for start, end in found:
        if not 0 <= start < end <= HALVES_A_DAY:
            raise HoursError(f"{start}-{end}")
    for (_, end), (start, _) in itertools.pairwise(found):
        if start < end:
            raise HoursError(f"{start} lies before {end}")
    return tuple(found)


def spans_typed(text: str) -> Spans:
    """Read hours as people type them: "9:00-12:00, 13:30-21", "全天" or "" for closed.

    Raises:
        HoursError: they cannot be read, or do not fall on half hours.
    """
    folded = text.strip().casefold()
    for wide, narrow in (("：", ":"), ("，", ","), ("、", ","), ("–", "-"), ("—", "-"), ("－", "-"),
                         ("~", "-"), ("至", "-"), ("到", "-"), (";", ","), ("；", ",")):  # fmt: skip
        folded = folded.replace(wide, narrow)
    if folded in {"", "-", "closed", "休息", "关闭", "不开放"}:
        return ()
    if folded in {"all day", "24h", "24 h", "全天", "24小时"}:
        return WHOLE
    spans = []
    for part in folded.replace(" ", "").split(","):
        found = _SPAN.fullmatch(part)
        if found is None:
            raise HoursError(part)
        spans.append((_half(found[1], found[2]), _half(found[3], found[4])))
    return checked(spans)


def spans_words(spans: Spans) -> str:
    """Write hours so that `spans_typed` reads them: "9:00-12:00, 13:30-21:00"."""
    if spans == WHOLE:
        return "0:00-24:00"
    return ", ".join(f"{clock_words(start)}-{clock_words(end)}" for start, end in spans)


def clock_words(half: int) -> str:
    """Write a half hour of the day: 27 is 13:30."""
    return f"{half // 2}:{half % 2 * 3}0"


def _half(hour: str, minute: str | None) -> int:
    minutes = int(minute or 0)
    if minutes not in {0, 30} or int(hour) > 24:
        raise HoursError(f"{hour}:{minute}")
    return int(hour) * 2 + minutes // 30


def _day(text: str | None) -> dt.date | None:
    return dt.date.fromisoformat(text) if text else None
