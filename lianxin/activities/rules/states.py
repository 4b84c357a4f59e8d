"""Where an activity stands, and who has to look before it is seen. Pure."""

from __future__ import annotations

from enum import StrEnum


class State(StrEnum):
    """Where an activity stands. What is over is told by its days, not by a state."""

    DRAFT = "draft"  # 草稿
    ASKED = "asked"  # 待复核
    PUBLISHED = "published"  # 已发布
    OFF = "off"  # 已取消


class Move(StrEnum):
    """What somebody does to it."""

    PUBLISH = "publish"
    ASK = "ask"
    SEND_BACK = "send_back"
    CALL_OFF = "call_off"


MOVES: dict[Move, tuple[frozenset[State], State]] = {
    Move.ASK: (frozenset({State.DRAFT}), State.ASKED),
    Move.SEND_BACK: (frozenset({State.ASKED}), State.DRAFT),
    Move.PUBLISH: (frozenset({State.DRAFT, State.ASKED}), State.PUBLISHED),
    Move.CALL_OFF: (frozenset({State.PUBLISHED}), State.OFF),
}


class MoveError(ValueError):
    """A step that does not lead on from where it stands."""


def moved(before: State, move: Move) -> State:
    """Return where a step leads.

    Raises:
        MoveError: not from there.
    """
    sources, after = MOVES[move]
    if before not in sources:
        raise MoveError(f"{before} does not come to {move}")
    return after
