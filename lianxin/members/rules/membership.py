"""The life of a membership (会籍): which move leads where, and what each may be for. Pure.

Joining is applied for and reviewed; a member in force may move to another union, which takes two
yeses: her union releases her (转出), the other takes her in (转入). Meanwhile she is a member of the
first with all its services. Without a job a membership is retained (保留会籍): no dues, no vote.
She may leave at any time (退会); expulsion, long absence and death end it.

`decide` is the only judge. Where a membership stands is two things: its `state`, which the roll
keeps, and whether it is on its way (`moving`). History writes both as one word, the `standing`.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from enum import StrEnum
from typing import Any


class State(StrEnum):
    NONE = ""
    APPLIED = "applied"  # 申请入会
    REVIEW = "review"  # 审核中
    REFUSED = "refused"  # 未批准
    IN_FORCE = "in_force"  # 在籍
    RETAINED = "retained"  # 保留会籍
    LEFT = "left"  # 退会
    ENDED = "ended"  # 会籍终止


# Of several entries of one number, which is the person's: the one that holds most.
RANK = {State.IN_FORCE: 0, State.RETAINED: 1, State.LEFT: 2, State.ENDED: 3}


class Moving(StrEnum):
    NOT = ""
    OUT = "moving_out"  # 转出申请中: her union has not answered
    IN = "moving_in"  # 已转出, 待转入: the other union has not answered


class Move(StrEnum):
    APPLY = "apply"
    REVIEW = "review"
    ADMIT = "admit"
    REFUSE = "refuse"
    WITHDRAW = "withdraw"  # the application
    ENTER = "enter"  # put onto the roll by an office
    ASK_TRANSFER = "ask_transfer"
    RELEASE = "release"
    ACCEPT = "accept"
    STAY = "stay"  # refused, or taken back: she stays where she is
    CARRY = "carry"  # an office that serves both unions carries it over at once
    RETAIN = "retain"
    RESTORE = "restore"
    LEAVE = "leave"
    END = "end"


HELD = frozenset({State.IN_FORCE, State.RETAINED})
OVER = frozenset({State.LEFT, State.ENDED})
ON_THE_ROLL = HELD | OVER
FINAL = frozenset({"died", "merged"})  # an end nobody comes back from

REASONS: dict[Move, tuple[str, ...]] = {
    Move.RETAIN: ("retired", "unemployed", "laid_off", "army", "study", "union_closed"),
    Move.RESTORE: ("working_again", "put_right"),
    Move.LEAVE: ("own_wish",),
    Move.END: ("dues", "expelled", "died", "merged", "put_right"),
    Move.STAY: ("refused", "withdrawn", "ended"),
    Move.RELEASE: ("agreed", "silence"),
}


@dataclass(frozen=True, slots=True)
class Membership:
    """Where one person stands, and with which union; `towards` while she moves."""

    state: State = State.NONE
    organisation: Any = None  # the id of a union
    moving: Moving = Moving.NOT
    towards: Any = None
    reason: str = ""  # of the last move

    @property
    def standing(self) -> str:
        """Return the one word history writes."""
        return (self.moving or self.state).value

    @property
    def counts(self) -> bool:
        """Say whether she is counted as a member of her union: in force, also on her way."""
        return self.state is State.IN_FORCE


@dataclass(frozen=True, slots=True)
class Refusal:
    code: str


S, M = State, Move
_TABLE: dict[Move, tuple[frozenset[State], State]] = {
    M.APPLY: (frozenset({S.NONE, S.REFUSED, S.LEFT, S.ENDED}), S.APPLIED),
    M.REVIEW: (frozenset({S.APPLIED}), S.REVIEW),
    M.ADMIT: (frozenset({S.REVIEW}), S.IN_FORCE),
    M.REFUSE: (frozenset({S.REVIEW}), S.REFUSED),
    M.WITHDRAW: (frozenset({S.APPLIED, S.REVIEW}), S.NONE),
    M.ENTER: (frozenset({S.NONE, S.LEFT, S.ENDED}), S.IN_FORCE),
    M.RETAIN: (frozenset({S.IN_FORCE}), S.RETAINED),
    M.RESTORE: (frozenset({S.RETAINED}), S.IN_FORCE),
    M.LEAVE: (HELD, S.LEFT),
    M.END: (HELD, S.ENDED),
}
# Leaving and death do not wait for two unions to agree on a transfer; the rest does.
_WHILE_MOVING = frozenset({M.RELEASE, M.ACCEPT, M.STAY, M.LEAVE, M.END})


def decide(
    move: Move, now: Membership, *, reason: str = "", organisation: object = None
) -> Membership | Refusal:
    """Judge one wish: where it leads, or the code of why not.

    `organisation` is the union joined, or the one she moves to. A move that was made already is
    refused as `already`; services answer that with what stands.
    """
    if move in REASONS and reason not in REASONS[move]:
        return Refusal("reason_unknown")
    if now.moving and move not in _WHILE_MOVING:
        return Refusal("already" if move is Move.ASK_TRANSFER else "moving")
    if now.reason in FINAL and now.state is State.ENDED:
        return Refusal("final")
    moved = _moved(move, now, organisation)
    if isinstance(moved, Refusal):
        return moved
    return replace(moved, reason=reason)


def _moved(move: Move, now: Membership, organisation: object) -> Membership | Refusal:
    if move in {M.ASK_TRANSFER, M.RELEASE, M.ACCEPT, M.STAY, M.CARRY}:
        return _carried(move, now, organisation)
    allowed, target = _TABLE[move]
    if now.state not in allowed:
        return Refusal("already" if now.state is target else "wrong_state")
    if organisation is None and move in {M.APPLY, M.ENTER}:
        return Refusal("union_missing")
    there = organisation if move in {M.APPLY, M.ENTER} else now.organisation
    return Membership(target, None if target is State.NONE else there)


def _carried(move: Move, now: Membership, towards: object) -> Membership | Refusal:
    if now.state not in HELD:
        return Refusal("wrong_state")
    if move in {Move.ASK_TRANSFER, Move.CARRY}:
        return _set_out(move, now, towards)
    awaited = {Move.RELEASE: Moving.OUT, Move.ACCEPT: Moving.IN}.get(move, now.moving)
    if not now.moving or now.moving is not awaited:
        return Refusal(_OUT_OF_TURN[move, now.moving])
    if move is Move.RELEASE:
        return replace(now, moving=Moving.IN)
    if move is Move.ACCEPT:
        # Where the work is, there is the membership: whoever is taken in is in force.
        return Membership(State.IN_FORCE, now.towards)
    return replace(now, moving=Moving.NOT, towards=None)


_OUT_OF_TURN = {
    (Move.RELEASE, Moving.NOT): "wrong_state",
    (Move.RELEASE, Moving.IN): "already",
    (Move.ACCEPT, Moving.NOT): "wrong_state",
    (Move.ACCEPT, Moving.OUT): "not_released",
    (Move.STAY, Moving.NOT): "already",
}


def _set_out(move: Move, now: Membership, towards: object) -> Membership | Refusal:
    if towards is None:
        return Refusal("union_missing")
    if towards == now.organisation:
        return Refusal("same_union")
    if move is Move.CARRY:
        return replace(now, organisation=towards)
    return replace(now, moving=Moving.OUT, towards=towards)
