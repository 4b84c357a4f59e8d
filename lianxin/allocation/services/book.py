"""A pool held for writing: claims move, the ledger grows, counts follow, all in one transaction.

Whoever changes a pool's places opens its book inside `atomic`, moves claims, and closes it. Pools
are locked one at a time and before anything else, so two writers wait for each other and never in
a circle.
"""

from __future__ import annotations

import datetime as dt
import uuid
from collections.abc import Iterable, Iterator

from lianxin.allocation.events import ClaimsMoved
from lianxin.allocation.models import Claim, LedgerLine, Pool, Seat
from lianxin.allocation.rules.claims import (
    HOLDING,
    State,
    Verb,
    fitting,
    moved,
    offer_until,
)
from lianxin.allocation.services.telling import is_told, tell_later
from lianxin.audit import api as audit
from lianxin.jobs import api as jobs
from lianxin.kit import clock

_CHANGING = ("state", "size", "offered_until", "settled_at")
_SLICE = 64  # of those who wait, read at a time
_CASES = 100  # of one statement; PostgreSQL compares each row with all of them


class Book:
    """The open book of one pool; use it inside `atomic` and close it."""

    def __init__(self, pool: Pool) -> None:
        self.pool = pool
        self.now = clock.now()
        self._began = pool.seq
        self._lines: list[LedgerLine] = []
        self._new: list[Claim] = []
        self._changed: dict[uuid.UUID, Claim] = {}
        self._freed: list[uuid.UUID] = []
        self._seated: dict[uuid.UUID, tuple[Claim, tuple[str, ...]]] = {}

    @classmethod
    def of(cls, pool_id: uuid.UUID) -> Book:
        """Lock a pool and open its book.

        Raises:
            Pool.DoesNotExist: there is none.
        """
        return cls(Pool.objects.select_for_update(of=("self",)).get(pk=pool_id))

    def move(
        self,
        claim: Claim,
        verb: Verb,
        *,
        actor_id: uuid.UUID | None,
        rank: int = 0,
        wished: tuple[str, ...] = (),
    ) -> None:
        """Let a claim take a step; `rank` is its place on the waiting list, 0 the end; `wished`: seats.

        Raises:
            MoveError: it does not stand where the step begins.
        """
        before = claim.standing if claim.state else None
        state = moved(before, verb)
        standing = self.pool.standing.after(before, state, claim.size)
        self.pool.taken, self.pool.waiting = standing.taken, standing.waiting
        claim.state, claim.settled_at = state, self.now
        claim.offered_until = self._until() if state is State.OFFERED else None
        self._write(verb, claim)
        if state is State.WAITING:
            claim.position = rank or self.pool.seq
        if before is None:
            self._new.append(claim)
        else:
            self._changed[claim.pk] = claim
        if self.pool.has_seats:
            self._seat(claim, before, state, wished)
        _noted(claim, verb, actor_id)

    def amend(self, claim: Claim, size: int, *, actor_id: uuid.UUID | None) -> None:
        """Let a claim ask for more or fewer places; the caller has seen that it may."""
        standing = self.pool.standing.resized(claim.standing, size - claim.size)
        self.pool.taken, self.pool.waiting = standing.taken, standing.waiting
        claim.size = size
        self._write(Verb.AMENDED, claim)
        self._changed[claim.pk] = claim
        _noted(claim, Verb.AMENDED, actor_id)

    def resize(self, capacity: int) -> None:
        """Change how many places there are; the caller has seen that none is held beyond them."""
        self.pool.capacity = capacity
        self._write(Verb.RESIZED if self.pool.seq else Verb.OPENED, None)

    def offer(self) -> int:
        """Offer what is free to those who wait and fit; return how many were offered some."""
        if self.pool.off_at or not self.pool.waiting or not self._may_offer():
            return 0
        waiting = {claim.pk: claim for claim in self._in_line()} if self.pool.free > 0 else {}
        chosen = list(fitting(self.pool.free, ((pk, one.size) for pk, one in waiting.items())))
        for pk in chosen:
            verb = Verb.OFFERED if self.pool.offer_minutes else Verb.MOVED_UP
            self.move(waiting[pk], verb, actor_id=None)
        return len(chosen)

    def close(self) -> None:
        """Write everything down, and have it told once it is safe."""
        if not self._lines:
            return
        Claim.objects.bulk_create(self._new)
        _rewrite(self._changed.values())
        LedgerLine.objects.bulk_create(self._lines)
        self.pool.save(update_fields=["capacity", "taken", "waiting", "seq"])
        if self.pool.has_seats:
            self._seats_settle()
        moved_from = {"from_seq": self._began + 1, "to_seq": self.pool.seq}
        if any(is_told(line.verb) for line in self._lines):
            tell_later(self.pool.pk, self._began + 1, self.pool.seq)
        jobs.publish(
            ClaimsMoved(
                pool_id=self.pool.pk,
                kind=self.pool.kind,
                object_id=self.pool.object_id,
                **moved_from,
            )
        )

    def _write(self, verb: Verb, claim: Claim | None) -> None:
        self.pool.seq += 1
        self._lines.append(
            LedgerLine(
                pool_id=self.pool.pk,
                seq=self.pool.seq,
                at=self.now,
                verb=verb,
                claim_id=claim.pk if claim else None,
                size=claim.size if claim else 0,
                capacity=self.pool.capacity,
                taken=self.pool.taken,
                waiting=self.pool.waiting,
            )
        )

    @property
    def _last(self) -> dt.datetime | None:
        """Until when anybody can make use of a place: it begins, or its last day is over (a voucher)."""
        return self.pool.starts_at or self.pool.valid_until

    def _may_offer(self) -> bool:
        # While a draw is being written down, not all who wait stand in its order yet.
        is_early = self.pool.terms.is_drawn
        return not is_early and (self._last is None or self.now < self._last)

    def _until(self) -> dt.datetime:
        return offer_until(self.now, self.pool.offer_minutes, self._last)

    def _in_line(self) -> Iterator[Claim]:
        """Walk those who wait in their order, as they stand in this book."""
        rows = self.pool.claims.filter(state=State.WAITING).order_by("stratum", "position")
        met = 0
        while part := list(rows[met : met + _SLICE]):
            met += len(part)
            for row in part:
                if (own := self._changed.get(row.pk, row)).state == State.WAITING:
                    yield own
        fresh = [claim for claim in self._new if claim.state == State.WAITING]
        yield from sorted(fresh, key=lambda one: (one.stratum, one.position))

    def _seat(
        self, claim: Claim, before: State | None, state: State, wished: tuple[str, ...]
    ) -> None:
        if state in HOLDING and before not in HOLDING:
            self._seated[claim.pk] = (claim, wished)
        elif before in HOLDING and state not in HOLDING:
            self._freed.append(claim.pk)

    def _seats_settle(self) -> None:
        seats = Seat.objects.filter(pool=self.pool)
        if self._freed:
            seats.filter(claim_id__in=self._freed).update(claim=None)
        wanting = [(one, wished) for one, wished in self._seated.values() if one.holds]
        if not wanting:
            return
        free = list(seats.filter(claim=None).order_by("number"))
        given = []
        for claim, wished in wanting:
            for seat in _side_by_side(free, claim.size, wished):
                free.remove(seat)
                seat.claim = claim
                given.append(seat)
        Seat.objects.bulk_update(given, ["claim"])


def _rewrite(claims: Iterable[Claim]) -> None:
    """Write changed claims: those alike by one statement, for a draw leaves thousands alike."""
    alike: dict[tuple[object, ...], list[Claim]] = {}
    for claim in claims:
        alike.setdefault(tuple(getattr(claim, name) for name in _CHANGING), []).append(claim)
    for values, group in alike.items():
        Claim.objects.filter(pk__in=[claim.pk for claim in group]).update(
            **dict(zip(_CHANGING, values, strict=True))
        )
    waiting = [claim for group in alike.values() for claim in group if claim.state == State.WAITING]
    if waiting:
        Claim.objects.bulk_update(waiting, ["position"], batch_size=_CASES)


def _side_by_side(free: list[Seat], size: int, wished: Iterable[str]) -> list[Seat]:
    """Choose seats: those wished for, else the first run of neighbours, else the first there are."""
    named = [seat for seat in free if seat.label in set(wished)]
    if len(named) == size:
        return named
    for start in range(len(free) - size + 1):
        run = free[start : start + size]
        if run[-1].number - run[0].number == size - 1:
            return run
    return free[:size]


def _noted(claim: Claim, verb: Verb, actor_id: uuid.UUID | None) -> None:
    audit.record(
        actor_id=actor_id,
        action=f"allocation.{verb}",
        kind="allocation.Claim",
        object_id=claim.pk,
        subject_id=claim.account_id,
        detail={"pool": str(claim.pool_id), "size": claim.size},
    )
