"""The life of a draw as a table: which step leads from where to where, who takes it, and when. Pure.

Every moment is published with the rule before anybody applies. A step too early is refused; what
time itself does (closing the list, the commitments, the reveals) is done by whoever comes first after
the moment, a person's request or the job worker, and comes to the same.
"""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from enum import StrEnum

LEAST_LOCKS = 3  # of new rules; with fewer the draw is declared void and begun again
LEAST_PARTIES = LEAST_LOCKS + 1  # so that one who stays away stops nothing
MOST_PARTIES = 9
APART = dt.timedelta(minutes=10)  # from one moment to the next, at least
LAST_CALL = dt.timedelta(days=2)  # before sign-up ends whoever owes the rule is reminded once more
SOURCE_GONE = dt.timedelta(days=14)  # a public value that long overdue will not come


class Stage(StrEnum):
    """How far a draw is."""

    PLANNED = "planned"  # 规则起草中
    COLLECTING = "collecting"  # 规则已公布，报名中
    FROZEN = "frozen"  # 名单已封存，各方存入密语
    COMMITTED = "committed"  # 密语已锁定，各方公开密语
    REVEALED = "revealed"  # 密语已公开，等待公开数值
    DRAWN = "drawn"  # 已抽签
    VOID = "void"  # 作废


class Step(StrEnum):
    """What moves a draw on, or is done within a stage."""

    PUBLISH = "publish"
    FREEZE = "freeze"
    COMMIT = "commit"
    CLOSE_COMMITMENTS = "close_commitments"
    REVEAL = "reveal"
    CLOSE_REVEALS = "close_reveals"
    ENTER = "enter"
    DRAW = "draw"
    VOID = "void"


class Who(StrEnum):
    """What the one who acts is to this draw."""

    ARRANGER = "arranger"  # arranges places for the organisation
    PARTY = "party"
    SYSTEM = "system"  # time itself
    STRANGER = "stranger"


class Why(StrEnum):
    """Why a step cannot be taken now; services have the sentences."""

    STAGE = "stage"  # not from where the draw stands
    WHO = "who"
    EARLY = "early"
    LATE = "late"
    FIXED = "fixed"  # the seed follows from what is published: nobody may stop it any more


class Unruled(StrEnum):
    """How late it is where the rule of a draw is not published: nobody can apply."""

    AHEAD = "ahead"  # sign-up is not due yet
    OPEN = "open"  # it should be open
    SOON = "soon"  # it soon ends
    SHUT = "shut"  # it ended, and nobody could apply


@dataclass(frozen=True, slots=True)
class Moments:
    """The published times of a draw, each after the one before."""

    closes_at: dt.datetime  # the list is fixed
    commit_until: dt.datetime
    reveal_until: dt.datetime
    known_at: dt.datetime  # the public value becomes known


A, P, S = Who.ARRANGER, Who.PARTY, Who.SYSTEM
RUNNING = frozenset({Stage.COLLECTING, Stage.FROZEN, Stage.COMMITTED, Stage.REVEALED})
OVER = frozenset({Stage.DRAWN, Stage.VOID})
# step: from which stages, who takes it, where it leads (None: it stays where it is).
TABLE: dict[Step, tuple[frozenset[Stage], frozenset[Who], Stage | None]] = {
    Step.PUBLISH: (frozenset({Stage.PLANNED}), frozenset({A}), Stage.COLLECTING),
    Step.FREEZE: (frozenset({Stage.COLLECTING}), frozenset({S}), Stage.FROZEN),
    Step.COMMIT: (frozenset({Stage.FROZEN}), frozenset({P}), None),
    Step.CLOSE_COMMITMENTS: (frozenset({Stage.FROZEN}), frozenset({S}), Stage.COMMITTED),
    Step.REVEAL: (frozenset({Stage.COMMITTED}), frozenset({P}), None),
    Step.CLOSE_REVEALS: (frozenset({Stage.COMMITTED}), frozenset({S}), Stage.REVEALED),
    Step.ENTER: (frozenset({Stage.REVEALED}), frozenset({A, P, S}), None),
    Step.DRAW: (frozenset({Stage.REVEALED}), frozenset({S}), Stage.DRAWN),
    Step.VOID: (RUNNING, frozenset({A, S}), Stage.VOID),
}


def hindrance(step: Step, stage: Stage, who: Who, moments: Moments, now: dt.datetime, *, is_valued: bool = False) -> Why | None:  # fmt: skip
    """Say why a step cannot be taken; None if it can. `is_valued`: the public value is fixed."""
    stages, people, _to = TABLE[step]
    if stage not in stages:
        return Why.STAGE
    if who not in people:
        return Why.WHO
    if step is Step.VOID:
        return _void_hindrance(stage, who, moments, now, is_valued=is_valued)
    begins, ends = _span(step, moments)
    if begins is not None and now < begins:
        return Why.EARLY
    if ends is not None and now >= ends:
        return Why.LATE
    return None


def moved(step: Step, stage: Stage) -> Stage:
    """Return where a step leads from a stage it may be taken in."""
    return TABLE[step][2] or stage


def next_step(stage: Stage, moments: Moments) -> tuple[Step, dt.datetime] | None:
    """Return what time itself does next, and when; None while people must act, or when all is over."""
    match stage:
        case Stage.COLLECTING:
            return Step.FREEZE, moments.closes_at
        case Stage.FROZEN:
            return Step.CLOSE_COMMITMENTS, moments.commit_until
        case Stage.COMMITTED:
            return Step.CLOSE_REVEALS, moments.reveal_until
    return None


def moments_faults(moments: Moments, now: dt.datetime) -> dict[str, str]:
    """Return what is wrong with published times, by field: a code each; nothing if all is well."""
    names = ("closes_at", "commit_until", "reveal_until", "known_at")
    faults: dict[str, str] = {}
    before = now
    for name in names:
        at = getattr(moments, name)
        if at < before + (APART if name != "closes_at" else dt.timedelta()):
            faults[name] = "past" if name == "closes_at" else "order"
        before = at
    return faults


def freezes_too_late(moments: Moments, now: dt.datetime) -> bool:
    """Say whether the list was fixed so late that no party could lock anything away: it is void."""
    return now >= moments.commit_until


def unruled_at(opens_at: dt.datetime, closes_at: dt.datetime, now: dt.datetime) -> Unruled:
    """Say how late it is for a draw whose rule is not published."""
    if now >= closes_at:
        return Unruled.SHUT
    if now < opens_at:
        return Unruled.AHEAD
    return Unruled.SOON if now >= closes_at - LAST_CALL else Unruled.OPEN


def _span(step: Step, moments: Moments) -> tuple[dt.datetime | None, dt.datetime | None]:
    """Return from when and until before when a step may be taken."""
    closes, commits, reveals = moments.closes_at, moments.commit_until, moments.reveal_until
    spans = {
        Step.PUBLISH: (None, closes),
        Step.FREEZE: (closes, None),
        Step.COMMIT: (closes, commits),
        Step.CLOSE_COMMITMENTS: (commits, None),
        Step.REVEAL: (commits, reveals),
        Step.CLOSE_REVEALS: (reveals, None),
        Step.ENTER: (moments.known_at, None),
        Step.DRAW: (moments.known_at, None),
    }
    return spans.get(step, (None, None))


def _void_hindrance(stage: Stage, who: Who, moments: Moments, now: dt.datetime, *, is_valued: bool) -> Why | None:  # fmt: skip
    """Let people stop a draw only while nobody can know what it comes to.

    Once the reveals are over everything but the public value lies open: stopping it afterwards would
    be choosing. Only a source that never speaks ends such a draw; or the pool's being called off,
    which the machine notes (nobody gets a place then). Once the value is there its places may be
    being written down.
    """
    if who is Who.SYSTEM:
        return None
    if stage is Stage.REVEALED or now >= moments.reveal_until:
        is_gone = not is_valued and now >= moments.known_at + SOURCE_GONE
        return None if is_gone else Why.FIXED
    return None
