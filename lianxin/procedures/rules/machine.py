"""The life of a dossier: whose turn it is, who may do what next, and what follows. Pure.

A dossier is *awaiting confirmation* (an officer filled it in with the person, who has not yet said
yes), *open* (an office must act), *waiting* (the person was asked for one more thing, the clock is
stopped) or *closed* with an outcome. Everything finer is the route: the running step and its task.

`decide` is the only judge. It answers with a `Move` or with the code of the sentence that refuses;
`constants.REFUSALS` has the sentences.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from enum import StrEnum


class State(StrEnum):
    AWAITING = "awaiting_confirmation"
    OPEN = "open"
    WAITING = "waiting"
    CLOSED = "closed"


class Outcome(StrEnum):
    """How a dossier ended, or (while it still runs) what was decided; empty until then."""

    GRANTED = "granted"
    REFUSED = "refused"
    WITHDRAWN = "withdrawn"
    SETTLED = "settled"  # closed by the office without a decision
    LAPSED = "lapsed"  # helped, and never confirmed


class TaskState(StrEnum):
    OPEN = "open"
    STOPPED = "stopped"  # the clock stands still: the person was asked
    DONE = "done"
    MOVED = "moved"  # somebody else has it now
    DROPPED = "dropped"  # the dossier ended first


class Verb(StrEnum):
    SUBMIT = "submit"
    CONFIRM = "confirm"
    AMEND = "amend"
    ASK = "ask"
    ANSWER = "answer"
    APPROVE = "approve"
    REFUSE = "refuse"
    REFER = "refer"
    HAND_OVER = "hand_over"
    RECUSE = "recuse"
    TAKE = "take"
    ESCALATE = "escalate"
    REMIND = "remind"
    WITHDRAW = "withdraw"
    CLOSE = "close"
    REOPEN = "reopen"
    OBJECT = "object"
    RATE = "rate"
    REPAIR = "repair"


class Who(StrEnum):
    """What the one who acts is to this dossier; the closest that fits."""

    PERSON = "person"
    HELPER = "helper"
    HOLDER = "holder"  # may do the running task, and no colleague has taken it
    COLLEAGUE = "colleague"  # may do the running task, but a colleague has taken it
    OVERSEER = "overseer"
    SYSTEM = "system"
    STRANGER = "stranger"


class Effect(StrEnum):
    """What becomes of the running task."""

    NONE = "none"
    DONE = "done"
    STOP = "stop"
    RESUME = "resume"
    MOVE = "move"  # to another organisation, as a new task
    ASSIGN = "assign"
    DROP = "drop"
    BACK = "back"  # the dossier lives again: a new task


@dataclass(frozen=True, slots=True)
class Situation:
    """All the judge needs to know."""

    state: State
    outcome: Outcome | None = None
    step_kind: str = ""
    is_last_step: bool = False
    is_decided: bool = False  # a decision step was passed
    is_money_moving: bool = False  # a payment is with the bank or paid
    is_objection: bool = False  # the running task is the second look
    was_objected: bool = False
    may_still_object: bool = False  # the time to object runs
    is_rated: bool = False
    wants_rating: bool = True
    is_repair_open: bool = False


@dataclass(frozen=True, slots=True)
class Move:
    state: State
    outcome: Outcome | None
    effect: Effect = Effect.NONE
    is_next_step: bool = False


@dataclass(frozen=True, slots=True)
class Refusal:
    code: str


S, V, W, O, E = State, Verb, Who, Outcome, Effect  # noqa: E741  (a table is read by its columns)
OFFICE = frozenset({W.HOLDER})
# The person, or who carries her case for her because she signed on paper and never signed in.
HERS = frozenset({W.PERSON, W.HELPER})
TEAM = frozenset({W.HOLDER, W.COLLEAGUE, W.OVERSEER})
TABLE: dict[tuple[Verb, State], tuple[frozenset[Who], Move]] = {
    (V.CONFIRM, S.AWAITING): (frozenset({W.PERSON, W.HELPER}), Move(S.OPEN, None)),
    (V.WITHDRAW, S.AWAITING): (
        frozenset({W.PERSON, W.HELPER}), Move(S.CLOSED, O.WITHDRAWN, E.DROP)),
    (V.CLOSE, S.AWAITING): (frozenset({W.SYSTEM}), Move(S.CLOSED, O.LAPSED, E.DROP)),
    (V.AMEND, S.OPEN): (frozenset({W.PERSON}), Move(S.OPEN, None)),
    (V.AMEND, S.WAITING): (frozenset({W.PERSON}), Move(S.WAITING, None)),
    (V.ASK, S.OPEN): (OFFICE | {W.SYSTEM}, Move(S.WAITING, None, E.STOP)),
    (V.ANSWER, S.WAITING): (HERS, Move(S.OPEN, None, E.RESUME)),
    (V.APPROVE, S.OPEN): (
        OFFICE | {W.SYSTEM}, Move(S.OPEN, None, E.DONE, is_next_step=True)),
    (V.REFUSE, S.OPEN): (OFFICE, Move(S.CLOSED, O.REFUSED, E.DONE)),
    (V.REFER, S.OPEN): (OFFICE | {W.SYSTEM}, Move(S.OPEN, None, E.MOVE)),
    (V.REFER, S.WAITING): (frozenset({W.SYSTEM}), Move(S.WAITING, None, E.MOVE)),
    (V.HAND_OVER, S.OPEN): (TEAM, Move(S.OPEN, None, E.ASSIGN)),
    (V.HAND_OVER, S.WAITING): (TEAM, Move(S.WAITING, None, E.ASSIGN)),
    (V.RECUSE, S.OPEN): (OFFICE, Move(S.OPEN, None, E.MOVE)),
    (V.RECUSE, S.WAITING): (OFFICE, Move(S.WAITING, None, E.MOVE)),
    (V.TAKE, S.OPEN): (OFFICE, Move(S.OPEN, None, E.ASSIGN)),
    (V.TAKE, S.WAITING): (OFFICE, Move(S.WAITING, None, E.ASSIGN)),
    (V.ESCALATE, S.OPEN): (frozenset({W.SYSTEM, W.OVERSEER}), Move(S.OPEN, None, E.MOVE)),
    (V.REMIND, S.OPEN): (frozenset({W.SYSTEM}), Move(S.OPEN, None)),
    (V.WITHDRAW, S.OPEN): (HERS, Move(S.CLOSED, O.WITHDRAWN, E.DROP)),
    (V.WITHDRAW, S.WAITING): (HERS, Move(S.CLOSED, O.WITHDRAWN, E.DROP)),
    (V.CLOSE, S.OPEN): (OFFICE, Move(S.CLOSED, O.SETTLED, E.DROP)),
    (V.CLOSE, S.WAITING): (OFFICE, Move(S.CLOSED, O.SETTLED, E.DROP)),
    (V.OBJECT, S.OPEN): (frozenset({W.SYSTEM}), Move(S.OPEN, None)),
    (V.OBJECT, S.CLOSED): (HERS, Move(S.OPEN, None, E.BACK)),
    (V.REOPEN, S.CLOSED): (TEAM | {W.SYSTEM}, Move(S.OPEN, None, E.BACK)),
    (V.RATE, S.CLOSED): (frozenset({W.PERSON}), Move(S.CLOSED, None)),
    (V.REPAIR, S.CLOSED): (TEAM, Move(S.CLOSED, None)),
}  # fmt: skip


def begin(*, is_helped: bool) -> State:
    return State.AWAITING if is_helped else State.OPEN


def decide(verb: Verb, situation: Situation, who: Who) -> Move | Refusal:
    """Judge one wish: the move that follows, or why not."""
    line = TABLE.get((verb, situation.state))
    if line is None:
        return Refusal(_wrong_state(verb, situation.state))
    allowed, move = line
    if who not in allowed:
        if verb is Verb.REFER and situation.state is State.WAITING:
            return Refusal("waiting")
        return Refusal("taken" if who is Who.COLLEAGUE and Who.HOLDER in allowed else "not_yours")
    reason = _condition(verb, situation)
    return Refusal(reason) if reason else _resolved(verb, situation, move)


def _wrong_state(verb: Verb, state: State) -> str:
    if state is State.CLOSED:
        return "closed"
    if verb is Verb.ANSWER:
        return "nothing_asked"
    if verb in {Verb.RATE, Verb.REPAIR, Verb.REOPEN, Verb.OBJECT}:
        return "still_running"
    if state is State.AWAITING:
        return "confirm_first"
    if verb is Verb.CONFIRM:
        return "already_confirmed"
    return "waiting"


def _condition(verb: Verb, now: Situation) -> str:
    """Return the code of what stands in the way, or ""."""
    if verb is Verb.AMEND and now.is_decided:
        return "already_decided"
    if verb in {Verb.WITHDRAW, Verb.CLOSE, Verb.REFUSE, Verb.REOPEN} and now.is_money_moving:
        return "money_moving"
    if verb is Verb.REFUSE and now.step_kind == "payment":
        return "money_moving"
    if verb is Verb.OBJECT and now.state is State.CLOSED:
        return _objecting(now)
    if verb is Verb.REOPEN and now.outcome in {Outcome.WITHDRAWN, Outcome.LAPSED}:
        return "withdrawn_stays"
    return _afterwards(verb, now)


def _objecting(now: Situation) -> str:
    if now.outcome not in {Outcome.REFUSED, Outcome.SETTLED}:
        return "nothing_refused"
    if now.was_objected:
        return "already_objected"
    return "" if now.may_still_object else "too_late_to_object"


def _afterwards(verb: Verb, now: Situation) -> str:
    if verb is Verb.RATE:
        if not now.wants_rating or now.outcome in {Outcome.WITHDRAWN, Outcome.LAPSED}:
            return "no_rating_here"
        return "already_rated" if now.is_rated else ""
    if verb is Verb.REPAIR and not now.is_repair_open:
        return "no_repair"
    return ""


def _resolved(verb: Verb, now: Situation, move: Move) -> Move:
    """Fill in what depends on the situation: outcomes that stay, and the end of the route."""
    if verb is Verb.APPROVE:
        decided = now.is_decided or now.step_kind == "decision" or now.is_last_step
        outcome = Outcome.GRANTED if decided else None
        state = State.CLOSED if now.is_last_step else State.OPEN
        return replace(move, state=state, outcome=outcome, is_next_step=not now.is_last_step)
    if move.outcome is None and move.effect is not Effect.BACK:
        return replace(move, outcome=now.outcome)
    return move
