"""How a station stands at a moment: its hours, what its keeper closed, what people met. Pure."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum

from lianxin.stations.rules.hours import (
    Almanac,
    Hours,
    Shut,
    Special,
    Timetable,
    hours_at,
    special_on,
)
from lianxin.stations.rules.truth import NOTHING, Met, Verdict, verdict_of


class State(StrEnum):
    """What a passer-by wants to know."""

    OPEN = "open"
    CLOSED = "closed"  # by its hours
    SHUT = "shut"  # the keeper closed it for a while
    LOCKED = "locked"  # people met a locked door
    UNKNOWN = "unknown"  # nobody told us its hours


@dataclass(frozen=True, slots=True)
class Standing:
    """How a station stands; `until`: when that changes, as far as one can know."""

    state: State
    is_attended: bool = False
    until: dt.datetime | None = None
    opens_at: dt.datetime | None = None
    attended_until: dt.datetime | None = None
    verdict: Verdict = NOTHING
    shut: Shut | None = None
    special: Special | None = None

    @property
    def is_open(self) -> bool:
        return self.state is State.OPEN

    @property
    def is_doubtful(self) -> bool:
        """Somebody met a locked door, not enough to close it on the list."""
        return self.verdict.is_doubtful and self.state in {State.OPEN, State.UNKNOWN}


def standing_at(
    now: dt.datetime,
    timetable: Timetable,
    almanac: Almanac,
    *,
    met: Sequence[Met] = (),
    words: Sequence[dt.datetime] = (),
) -> Standing:
    """Say how a station stands now."""
    hours = hours_at(now, timetable, almanac)
    verdict = verdict_of(met, words, now) if met else NOTHING
    shut = next((one for one in timetable.shuts if one.covers(now)), None)
    special = special_on(almanac.day(now), timetable.specials) if timetable.specials else None
    return Standing(
        state=_state(hours, timetable, verdict, shut),
        is_attended=hours.is_attended,
        until=_until(hours, verdict, shut),
        opens_at=hours.opens_at,
        attended_until=hours.attended_until,
        verdict=verdict,
        shut=shut,
        special=special,
    )


def _state(hours: Hours, timetable: Timetable, verdict: Verdict, shut: Shut | None) -> State:
    if shut is not None:
        return State.SHUT
    if not hours.is_open and timetable.is_known:
        return State.CLOSED
    if verdict.is_locked:
        return State.LOCKED
    return State.OPEN if hours.is_open else State.UNKNOWN


def _until(hours: Hours, verdict: Verdict, shut: Shut | None) -> dt.datetime | None:
    if shut is not None:
        return shut.ends_at
    if not hours.is_open:
        return hours.opens_at
    if verdict.is_locked and verdict.until is not None:
        return min(verdict.until, hours.closes_at) if hours.closes_at else verdict.until
    return hours.closes_at


def promises_open(now: dt.datetime, timetable: Timetable, almanac: Almanac) -> bool:
    """Say whether somebody who stands before the door now was told that it is open."""
    return hours_at(now, timetable, almanac).is_open or not timetable.is_known


def is_kept_now(now: dt.datetime, timetable: Timetable, almanac: Almanac) -> bool:
    """Say whether somebody is meant to be there now: then, and only then, a keeper is disturbed."""
    return hours_at(now, timetable, almanac).is_attended
