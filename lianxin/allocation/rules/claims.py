"""Where a claim stands and how it gets there. Pure.

A claim asks for one place or, for a group, for several together. What holds places is *confirmed*
or *offered*; an offer counts, so that nothing is promised twice. The rule that leaves no place
unsold: whenever places are free, the first who wait and fit are offered them, in the same breath.
Therefore nobody waits who would fit, and whoever comes next may take what is free without passing
anybody by. A group too large for what is free does not keep single places empty.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from enum import StrEnum
from typing import TypeVar

Key = TypeVar("Key")


class State(StrEnum):
    """Where a claim stands."""

    APPLIED = "applied"  # 已报名，等待抽签
    CONFIRMED = "confirmed"  # 已确认
    WAITING = "waiting"  # 候补
    OFFERED = "offered"  # 候补递补，待本人确认
    CANCELLED = "cancelled"  # 本人取消
    LAPSED = "lapsed"  # 递补未确认，已过期
    DROPPED = "dropped"  # 主办方取消


LIVE = frozenset({State.APPLIED, State.CONFIRMED, State.WAITING, State.OFFERED})
HOLDING = frozenset({State.CONFIRMED, State.OFFERED})


class Verb(StrEnum):
    """What a line of the ledger says happened."""

    OPENED = "opened"
    RESIZED = "resized"
    APPLIED = "applied"
    TOOK = "took"
    QUEUED = "queued"
    DREW = "drew"  # the draw gave a place
    MISSED = "missed"  # the draw put it on the waiting list
    OFFERED = "offered"
    ACCEPTED = "accepted"
    MOVED_UP = "moved_up"  # from the waiting list, where nobody need say yes
    CANCELLED = "cancelled"
    LAPSED = "lapsed"
    DROPPED = "dropped"
    AMENDED = "amended"  # more or fewer people in the same claim


# From which states a verb leads to which; a claim begins at None.
MOVES: dict[Verb, tuple[frozenset[State | None], State]] = {
    Verb.APPLIED: (frozenset({None}), State.APPLIED),
    Verb.TOOK: (frozenset({None}), State.CONFIRMED),
    Verb.QUEUED: (frozenset({None}), State.WAITING),
    Verb.DREW: (frozenset({State.APPLIED}), State.CONFIRMED),
    Verb.MISSED: (frozenset({State.APPLIED}), State.WAITING),
    Verb.OFFERED: (frozenset({State.WAITING}), State.OFFERED),
    Verb.ACCEPTED: (frozenset({State.OFFERED}), State.CONFIRMED),
    Verb.MOVED_UP: (frozenset({State.WAITING}), State.CONFIRMED),
    Verb.CANCELLED: (frozenset(LIVE), State.CANCELLED),
    Verb.LAPSED: (frozenset({State.OFFERED}), State.LAPSED),
    Verb.DROPPED: (frozenset(LIVE), State.DROPPED),
}


_NOWHERE: tuple[frozenset[State | None], State] = (frozenset(), State.CANCELLED)


class Fault(StrEnum):
    """Why a claim is not taken in."""

    EARLY = "early"
    LATE = "late"
    OFF = "off"
    SIZE = "size"
    FULL = "full"
    SEAT = "seat"  # somebody else was faster
    FAMILY = "family"  # somebody of the same family, or for the same child, has one


class ClaimError(ValueError):
    """A claim that cannot be; `fault` says why."""

    def __init__(self, fault: Fault) -> None:
        super().__init__(fault.value)
        self.fault = fault


class MoveError(ValueError):
    """A verb that does not lead on from where a claim stands."""


@dataclass(frozen=True, slots=True)
class Terms:
    """The terms of a pool: how many places, from when to when, how large a group, how long a list."""

    capacity: int
    opens_at: dt.datetime
    closes_at: dt.datetime
    most: int = 1  # places one claim may ask for
    waitlist: int | None = None  # places that may wait; None: as many as come
    is_drawn: bool = False
    is_off: bool = False
    is_unruled: bool = (
        False  # to be drawn, and the rule is not published: first the rule, then people
    )


@dataclass(frozen=True, slots=True)
class Standing:
    """How many places are held and how many are waited for."""

    taken: int = 0
    waiting: int = 0

    def after(self, before: State | None, state: State, size: int) -> Standing:
        """Return the standing once a claim of `size` went from one state to another."""
        return Standing(
            self.taken + size * ((state in HOLDING) - (before in HOLDING)),
            self.waiting + size * ((state is State.WAITING) - (before is State.WAITING)),
        )

    def resized(self, state: State, by: int) -> Standing:
        """Return the standing once a claim asks for so many places more, or fewer."""
        return Standing(
            self.taken + by * (state in HOLDING), self.waiting + by * (state is State.WAITING)
        )


def moved(before: State | None, verb: Verb) -> State:
    """Return where a verb leads.

    Raises:
        MoveError: not from there.
    """
    if verb is Verb.AMENDED and before in LIVE and before is not None:
        return before
    sources, state = MOVES.get(verb, _NOWHERE)
    if before not in sources:
        raise MoveError(f"{before} does not come to {verb}")
    return state


def taken_in(terms: Terms, standing: Standing, size: int, now: dt.datetime) -> Verb:
    """Say how a new claim begins: in the draw, with its places, or on the waiting list.

    Raises:
        ClaimError: too early, too late, called off, too large, or nothing left.
    """
    if terms.is_off:
        raise ClaimError(Fault.OFF)
    if now >= terms.closes_at:
        raise ClaimError(Fault.LATE)
    if now < terms.opens_at or terms.is_unruled:
        raise ClaimError(Fault.EARLY)
    if not 1 <= size <= terms.most:
        raise ClaimError(Fault.SIZE)
    if terms.is_drawn:
        return Verb.APPLIED
    if standing.taken + size <= terms.capacity:
        return Verb.TOOK
    if terms.waitlist is not None and standing.waiting + size > terms.waitlist:
        raise ClaimError(Fault.FULL)
    return Verb.QUEUED


def amended(terms: Terms, standing: Standing, state: State, change: tuple[int, int], now: dt.datetime) -> None:  # fmt: skip
    """Say that a claim may grow or shrink; `change`: places before and after.

    It shrinks whenever it lives. It grows into what is free: whoever waits and would fit has been
    offered it already, so nobody is passed by. The list of a draw stays as it was when it closed.

    Raises:
        ClaimError: called off, closed, too large, or nothing left.
    """
    before, after = change
    if terms.is_off:
        raise ClaimError(Fault.OFF)
    if not 1 <= after <= terms.most:
        raise ClaimError(Fault.SIZE)
    # Not while the result is being written down either: places are free then that are others' already.
    if (state is State.APPLIED or terms.is_drawn) and now >= terms.closes_at:
        raise ClaimError(Fault.LATE)
    grown = standing.resized(state, after - before)
    if after > before and grown.taken > terms.capacity:
        raise ClaimError(Fault.FULL)
    too_long = terms.waitlist is not None and grown.waiting > terms.waitlist
    if after > before and state is State.WAITING and too_long:
        raise ClaimError(Fault.FULL)


def fitting(free: int, waiting: Iterable[tuple[Key, int]]) -> Iterator[Key]:
    """Yield who of those waiting, in their order, gets the free places: each who still fits."""
    for key, size in waiting:
        if free <= 0:
            return
        if size <= free:
            free -= size
            yield key


def is_full(terms: Terms, standing: Standing) -> bool:
    """Say whether even one person alone would be turned away."""
    no_place = standing.taken >= terms.capacity
    no_wait = terms.waitlist is not None and standing.waiting >= terms.waitlist
    return not terms.is_drawn and no_place and no_wait


def offer_until(now: dt.datetime, minutes: int, latest: dt.datetime | None) -> dt.datetime:
    """Return until when an offer stands: its minutes, but not past the moment it is needed."""
    until = now + dt.timedelta(minutes=minutes)
    return min(until, latest) if latest else until
