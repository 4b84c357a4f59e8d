"""Whether a station is locked, judged by those who stood before its door. Pure.

Opening hours are what somebody promised; a report is what somebody met. Two strangers who met a
locked door, or the keeper herself, outweigh the promise. Nobody has to be believed for ever: a
stranger's word counts for three hours; the keeper's "it is open" wipes away what was said before
it, and makes strangers need twice as many the next time, four times the time after. Once she has
said so three times within a day, strangers only raise a doubt and the level above is asked to
look: a flood of false reports closes nothing that is looked after. Nor does one network that tells
of one station after another: from a measure on its words are faint, and raise a doubt only.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass

LIFE = dt.timedelta(hours=3)
KEEPER_LIFE = dt.timedelta(hours=24)
NEEDED = 2
MEMORY = dt.timedelta(hours=24)  # how long a keeper's word makes strangers need more
MOST_WORDS = 3


@dataclass(frozen=True, slots=True)
class Met:
    """Somebody met a locked door: when, a mark that tells browsers apart, whether it was the keeper.

    `is_faint`: one of very many told from one network within the hour, which closes nothing.
    """

    at: dt.datetime
    teller: str
    is_keeper: bool = False
    is_faint: bool = False


@dataclass(frozen=True, slots=True)
class Verdict:
    """What the reports come to; `until`: when they will have aged out."""

    is_locked: bool = False
    is_doubtful: bool = False
    tellers: int = 0
    since: dt.datetime | None = None
    last_at: dt.datetime | None = None
    until: dt.datetime | None = None


NOTHING = Verdict()


def needed_after(words: Sequence[dt.datetime], now: dt.datetime) -> int | None:
    """Return how many strangers it takes to close a station; None: no number of them does."""
    recent = sum(now - MEMORY < word <= now for word in words)
    return None if recent >= MOST_WORDS else NEEDED * 2**recent


def verdict_of(met: Sequence[Met], words: Sequence[dt.datetime], now: dt.datetime) -> Verdict:
    """Judge what people met since the keeper last said "it is open" (`words`: each time she did)."""
    said = max((word for word in words if word <= now), default=None)
    told = [one for one in met if one.at <= now and (said is None or one.at > said)]
    keeper = [one.at for one in told if one.is_keeper and one.at > now - KEEPER_LIFE]
    latest: dict[str, dt.datetime] = {}
    faint: dict[str, dt.datetime] = {}
    for one in told:
        if not one.is_keeper and one.at > now - LIFE:
            heard = faint if one.is_faint else latest
            heard[one.teller] = max(one.at, heard.get(one.teller, one.at))
    counted = sorted([*latest.values()], reverse=True)
    if not counted and not keeper and not faint:
        return NOTHING
    ends = []
    needed = needed_after(words, now)
    if needed is not None and len(counted) >= needed:
        ends.append(counted[needed - 1] + LIFE)
    if keeper:
        ends.append(max(keeper) + KEEPER_LIFE)
    first = [one.at for one in told if one.is_keeper or one.at > now - LIFE]
    return Verdict(
        is_locked=bool(ends),
        is_doubtful=not ends,
        tellers=len(latest.keys() | faint.keys()) + bool(keeper),
        since=min([at for at in first if at > now - KEEPER_LIFE]),
        last_at=max([*counted, *faint.values(), *keeper]),
        until=max(ends) if ends else None,
    )


def is_disputed(words: Sequence[dt.datetime], now: dt.datetime) -> bool:
    """Say whether keeper and strangers contradict each other so often that somebody else must look."""
    return needed_after(words, now) is None
