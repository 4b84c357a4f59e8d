"""The ledger of a pool: every change of its places as a line, and a recount that proves it. Pure."""

from __future__ import annotations

import uuid
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from lianxin.allocation.rules.claims import MoveError, Standing, State, Verb, moved


@dataclass(frozen=True, slots=True)
class Line:
    """What happened, and how the pool stood afterwards. `size`: places of the claim."""

    seq: int
    verb: Verb
    capacity: int
    taken: int
    waiting: int
    claim_id: uuid.UUID | None = None
    size: int = 0


@dataclass(slots=True)
class Recount:
    """What the ledger comes to, and every place where it contradicts itself or the rows."""

    capacity: int = 0
    standing: Standing = field(default_factory=Standing)
    states: dict[uuid.UUID, State] = field(default_factory=dict)
    sizes: dict[uuid.UUID, int] = field(default_factory=dict)
    faults: list[str] = field(default_factory=list)

    @property
    def is_right(self) -> bool:
        return not self.faults


def recount(lines: Iterable[Line]) -> Recount:
    """Go through a ledger from its first line and judge each line by those before it."""
    told = Recount()
    for number, line in enumerate(lines, start=1):
        if line.seq != number:
            told.faults.append(f"line {line.seq} stands where {number} should")
            return told
        _judged(told, line)
    return told


def compare(
    told: Recount,
    rows: Mapping[uuid.UUID, tuple[State, int]],
    *,
    capacity: int,
    standing: Standing,
) -> None:
    """Add to a recount whatever the claims or the pool say differently."""
    if (told.capacity, told.standing) != (capacity, standing):
        told.faults.append(
            f"the pool says {capacity}/{standing.taken}/{standing.waiting}, "
            f"the ledger {told.capacity}/{told.standing.taken}/{told.standing.waiting}"
        )
    counted = Standing()
    for claim_id, (state, size) in rows.items():
        counted = counted.after(None, state, size)
        if told.sizes.get(claim_id, size) != size:
            told.faults.append(f"claim {claim_id} is for {size}, by the ledger {told.sizes[claim_id]}")  # fmt: skip
        if told.states.get(claim_id) is not state:
            told.faults.append(
                f"claim {claim_id} is {state}, by the ledger {told.states.get(claim_id)}"
            )
    if counted != told.standing:
        told.faults.append(
            f"the claims come to {counted.taken}/{counted.waiting}, "
            f"the ledger to {told.standing.taken}/{told.standing.waiting}"
        )
    told.faults += [f"claim {one} is gone" for one in told.states.keys() - rows.keys()]


def _judged(told: Recount, line: Line) -> None:
    if line.claim_id is None:
        told.capacity = line.capacity
    else:
        before = told.states.get(line.claim_id)
        try:
            state = moved(before, line.verb)
        except MoveError as error:
            told.faults.append(f"line {line.seq}: {error}")
            return
        size = told.sizes.get(line.claim_id, line.size)
        if line.verb is Verb.AMENDED:
            told.standing = told.standing.resized(state, line.size - size)
        elif line.size != size:
            told.faults.append(f"line {line.seq}: {line.size} places, before {size}")
            return
        else:
            told.standing = told.standing.after(before, state, line.size)
        told.states[line.claim_id], told.sizes[line.claim_id] = state, line.size
    if (line.taken, line.waiting) != (told.standing.taken, told.standing.waiting):
        told.faults.append(f"line {line.seq} does not add up")
    if line.capacity != told.capacity:
        told.faults.append(f"line {line.seq} counts other places than there are")
    if told.standing.taken > told.capacity:
        told.faults.append(f"line {line.seq} gives more than there is")
