"""To whose desk a step goes. Pure.

A line is the organisations from where the case began up to the root, each with the people who
hold posts there. A step names a level and roles. Nobody handles the case of themselves or of
their family; a complaint passes by the organisation complained of, all below it, and everybody
who holds a post there; a specialist is looked for past the person's whole line. Where nobody is
left the organisation above is asked; at the end of the tree the chair is, with a flag.
"""

from __future__ import annotations

import uuid
from collections.abc import Collection, Sequence
from dataclasses import dataclass

from lianxin.procedures.rules.definition import Routing

RANKS = {
    "group": 0, "grassroots": 1, "street": 2, "district": 3, "industry": 3, "city": 4,
    "province": 5, "national": 6,
}  # fmt: skip
CHAIR = "chair"
TEAM = "team:"  # a level written `team:CODE` is the organisation of that code


def is_as_high(level: str, wanted: str) -> bool:
    """Say whether a level is the wanted one or above it; what no level names asks for none."""
    return RANKS.get(level, 0) >= RANKS.get(wanted, 0)


@dataclass(frozen=True, slots=True)
class Holder:
    account_id: uuid.UUID
    role: str
    is_away: bool = False


@dataclass(frozen=True, slots=True)
class Stop:
    """One organisation of a line, and everybody with a post there."""

    organisation_id: uuid.UUID
    path: str
    level: str
    holders: tuple[Holder, ...] = ()


@dataclass(frozen=True, slots=True)
class Seat:
    """Where a step is handled, and by whom it may be."""

    organisation_id: uuid.UUID
    candidates: tuple[uuid.UUID, ...]
    is_nobody_free: bool = False


class Skip:
    """The line has no such level, and the step may be skipped."""


@dataclass(frozen=True, slots=True)
class Wish:
    """What a step needs, and who must not get it."""

    level: str
    roles: frozenset[str]
    routing: Routing = Routing.LINE
    may_skip: bool = False
    excluded: frozenset[uuid.UUID] = frozenset()
    respondent_path: str = ""
    respondent_officers: frozenset[uuid.UUID] = frozenset()
    above: str = ""  # an organisation's path: only those above it (an escalation)


def seat_of(line: Sequence[Stop], wish: Wish) -> Seat | Skip | None:
    """Find the seat of a step; None if the whole tree is party to the case."""
    start = _start(line, wish.level)
    if start is None or (not _is_at(line[start], wish.level) and wish.may_skip):
        if wish.may_skip:
            return Skip()
        start = len(line) - 1
    if wish.above:
        start = next(
            (n for n, stop in enumerate(line) if n >= start and _is_above(stop, wish.above)),
            len(line),
        )
    barred = _barred(line, start, wish)
    for stop in line[start:]:
        candidates = _free(stop, wish.roles, barred) if _may_know(stop, wish) else ()
        if candidates:
            return Seat(stop.organisation_id, candidates)
    root = line[-1]
    return (
        Seat(root.organisation_id, _free(root, {CHAIR}, barred), is_nobody_free=True)
        if _may_know(root, wish)
        else None
    )


def may_sit(stop: Stop, wish: Wish) -> tuple[uuid.UUID, ...]:
    """Return who at this very organisation could take the step (a referral); none: nobody."""
    return _free(stop, wish.roles, _barred((stop,), 0, wish)) if _may_know(stop, wish) else ()


def _start(line: Sequence[Stop], level: str) -> int | None:
    if level.startswith(TEAM):
        return 0
    wanted = RANKS[level]
    return next((n for n, stop in enumerate(line) if RANKS[stop.level] >= wanted), None)


def _is_at(stop: Stop, level: str) -> bool:
    return level.startswith(TEAM) or RANKS[stop.level] == RANKS[level]


def _is_above(stop: Stop, path: str) -> bool:
    return path != stop.path and path.startswith(stop.path)


def _may_know(stop: Stop, wish: Wish) -> bool:
    """Say whether the organisation is not the one complained of, nor below it."""
    return not (wish.respondent_path and stop.path.startswith(wish.respondent_path))


def _barred(line: Sequence[Stop], start: int, wish: Wish) -> frozenset[uuid.UUID]:
    barred = wish.excluded | wish.respondent_officers
    if wish.routing is Routing.SPECIALIST:
        # A counsellor who is also an officer of the person's own factory knows her colleagues.
        barred |= {holder.account_id for stop in line[:start] for holder in stop.holders}
    return barred


def _free(
    stop: Stop, roles: Collection[str], barred: Collection[uuid.UUID]
) -> tuple[uuid.UUID, ...]:
    found = {
        holder.account_id
        for holder in stop.holders
        if holder.role in roles and not holder.is_away and holder.account_id not in barred
    }
    return tuple(sorted(found))
