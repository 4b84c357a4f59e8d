"""Where a booking stands, how it gets there, and what a thing's terms allow. Pure.

A booking holds cells from the moment its form is opened, so that nobody fills in a form for what
goes meanwhile. Whatever ends it gives its cells back in the same breath. Nights slept are counted
against the nights one may have in a life or a year; having stayed away leaves no mark.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum

from lianxin.allocation.rules.grid import Grain, Run, by_year, times_of
from lianxin.allocation.rules.openings import Openings


class BookingState(StrEnum):
    """Where a booking stands."""

    HELD = "held"  # 填写中，暂时保留
    ASKED = "asked"  # 已提出，等待答复
    CONFIRMED = "confirmed"  # 已确认
    REFUSED = "refused"  # 未同意
    CANCELLED = "cancelled"  # 本人取消
    DROPPED = "dropped"  # 场地方取消
    LAPSED = "lapsed"  # 超时未办
    USED = "used"  # 已结束


TAKING = frozenset(
    {BookingState.HELD, BookingState.ASKED, BookingState.CONFIRMED, BookingState.USED}
)
RUNNING = TAKING - {BookingState.USED}


class BookingVerb(StrEnum):
    """What happened to a booking."""

    HELD = "held"
    ASKED = "asked"
    CONFIRMED = "confirmed"
    REFUSED = "refused"
    CANCELLED = "cancelled"
    DROPPED = "dropped"
    LAPSED = "lapsed"
    MOVED = "moved"  # to other cells; it stands as it stood
    CUT = "cut"  # left early: the rest is free again
    ENDED = "ended"


_S, _V = BookingState, BookingVerb
# From which states a verb leads to which; a booking begins at None. MOVED leaves the state alone.
BOOKING_MOVES: dict[BookingVerb, tuple[frozenset[BookingState | None], BookingState | None]] = {
    _V.HELD: (frozenset({None}), _S.HELD),
    _V.ASKED: (frozenset({_S.HELD}), _S.ASKED),
    _V.CONFIRMED: (frozenset({_S.HELD, _S.ASKED}), _S.CONFIRMED),
    _V.REFUSED: (frozenset({_S.ASKED}), _S.REFUSED),
    _V.CANCELLED: (frozenset({_S.HELD, _S.ASKED, _S.CONFIRMED}), _S.CANCELLED),
    _V.DROPPED: (frozenset({_S.HELD, _S.ASKED, _S.CONFIRMED}), _S.DROPPED),
    _V.LAPSED: (frozenset({_S.HELD, _S.ASKED}), _S.LAPSED),
    _V.MOVED: (frozenset({_S.ASKED, _S.CONFIRMED}), None),
    _V.CUT: (frozenset({_S.CONFIRMED}), _S.USED),
    _V.ENDED: (frozenset({_S.CONFIRMED}), _S.USED),
}


class BookingFault(StrEnum):
    """Why a booking cannot be."""

    OFF = "off"  # nothing is booked here any more
    LATE = "late"  # too close, or over
    AHEAD = "ahead"  # too far ahead
    SHORT = "short"
    LONG = "long"
    UNITS = "units"  # too many at once
    CLOSED = "closed"  # not open all through
    FULL = "full"
    LIFE = "life"  # more than one may have in a life
    YEAR = "year"
    TWICE = "twice"  # she has something at the same time


class BookingError(ValueError):
    """A booking that cannot be; `fault` says why, `left` how many cells one may still have."""

    def __init__(self, fault: BookingFault, *, left: int | None = None) -> None:
        super().__init__(fault.value)
        self.fault = fault
        self.left = left


class BookingMoveError(ValueError):
    """A verb that does not lead on from where a booking stands."""


class Answer(StrEnum):
    """How a booking becomes certain."""

    AT_ONCE = "at_once"  # 即时确认
    ASKED = "asked"  # 由场地方答复
    SERVICE = "service"  # 作为一项服务办理：要材料，按程序决定


class Guests(StrEnum):
    """Which persons may book for themselves."""

    NOBODY = "nobody"  # only unions book
    EVERYBODY = "everybody"  # whoever signs in
    MEMBERS = "members"  # members of whatever union
    UNION = "union"  # members of the union that gives, and of those below it


class Unions(StrEnum):
    """Which unions may book, by an officer of theirs."""

    NONE = "none"
    BELOW = "below"  # the union that gives, and those below it
    ALL = "all"


@dataclass(frozen=True, slots=True)
class BookingTerms:
    """What a thing allows: how much, how long, how early, how late, how often."""

    grain: Grain
    units: int
    most_units: int = 1  # at once
    least: int = 1  # cells
    most: int = 1
    ahead_days: int = 60
    notice_minutes: int = 0
    per_life: int | None = None
    per_year: int | None = None
    begins: dt.time | None = None
    ends: dt.time | None = None
    is_off: bool = False


@dataclass(frozen=True, slots=True)
class Wanted:
    """What somebody wants: a run of so many units."""

    run: Run
    size: int = 1


@dataclass(frozen=True, slots=True)
class Had:
    """The cells a person has or had of one series of things."""

    life: int = 0
    by_year: Mapping[int, int] = field(default_factory=dict)


def booking_moved(before: BookingState | None, verb: BookingVerb) -> BookingState:
    """Return where a verb leads.

    Raises:
        BookingMoveError: not from there.
    """
    sources, state = BOOKING_MOVES[verb]
    if before not in sources:
        raise BookingMoveError(f"{before} does not come to {verb}")
    if state is None:
        if before is None:
            raise BookingMoveError(f"nothing to be {verb}")
        return before
    return state


def booking_judged(
    terms: BookingTerms, openings: Openings, wanted: Wanted, now: dt.datetime, had: Had
) -> None:
    """See whether a run may be booked at all, whoever else has what.

    Raises:
        BookingError: with the first thing against it, and where it helps how much is left.
    """
    run, size = wanted.run, wanted.size
    if terms.is_off:
        raise BookingError(BookingFault.OFF)
    starts_at, _ = times_of(terms.grain, run, begins=terms.begins, ends=terms.ends)
    if starts_at < now + dt.timedelta(minutes=terms.notice_minutes):
        raise BookingError(BookingFault.LATE)
    if starts_at > now + dt.timedelta(days=terms.ahead_days):
        raise BookingError(BookingFault.AHEAD)
    if run.length < terms.least:
        raise BookingError(BookingFault.SHORT, left=terms.least)
    if run.length > terms.most:
        raise BookingError(BookingFault.LONG, left=terms.most)
    if not 1 <= size <= min(terms.most_units, terms.units):
        raise BookingError(BookingFault.UNITS, left=terms.most_units)
    if not openings.are_open(terms.grain, run):
        raise BookingError(BookingFault.CLOSED)
    _counted(terms, wanted, had)


def _counted(terms: BookingTerms, wanted: Wanted, had: Had) -> None:
    run, size = wanted.run, wanted.size
    if terms.per_life is not None and had.life + run.length * size > terms.per_life:
        raise BookingError(BookingFault.LIFE, left=max(terms.per_life - had.life, 0))
    if terms.per_year is None:
        return
    for year, cells in by_year(terms.grain, run).items():
        before = had.by_year.get(year, 0)
        if before + cells * size > terms.per_year:
            raise BookingError(BookingFault.YEAR, left=max(terms.per_year - before, 0))
