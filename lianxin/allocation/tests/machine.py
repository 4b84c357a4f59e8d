"""A random walk over a pool beside a naive model of it: whatever is done, both come to the same.

The model is a plain list and knows nothing of ledgers, counts, locks or databases. Where they
differ, the walk says after how many steps and by which.
"""

from __future__ import annotations

import random
import uuid
from collections import Counter
from dataclasses import dataclass, field

from lianxin.allocation.models import Claim, Pool
from lianxin.allocation.rules.claims import HOLDING, LIVE, Fault, State
from lianxin.allocation.selectors.recounting import recount_of
from lianxin.allocation.services import (
    claim_amend,
    claim_cancel,
    claim_take,
    offer_accept,
    offers_lapse,
    pool_change,
)
from lianxin.allocation.testing import ask_of, terms_of
from lianxin.kit.errors import RefusedError, StaleError
from lianxin.kit.testing import StoppedClock
from lianxin.orgs.api import Actor

OFFER_MINUTES = 30


@dataclass
class Asked:
    """A claim as the model knows it."""

    person: uuid.UUID
    size: int
    state: State
    until: int = 0  # minute at which an offer ends
    pk: uuid.UUID = field(default_factory=uuid.uuid4)


@dataclass
class Model:
    """The pool as a child would play it: a list of people in the order they came."""

    capacity: int
    waitlist: int | None
    claims: list[Asked] = field(default_factory=list)
    minute: int = 0

    def held(self) -> int:
        return sum(one.size for one in self.claims if one.state in HOLDING)

    def waiting(self) -> int:
        return sum(one.size for one in self.claims if one.state is State.WAITING)

    def of(self, person: uuid.UUID) -> Asked | None:
        return next(
            (one for one in self.claims if one.person == person and one.state in LIVE), None
        )

    def take(self, person: uuid.UUID, size: int) -> Asked | Fault:
        if own := self.of(person):
            return own
        if self.held() + size <= self.capacity:
            state = State.CONFIRMED
        elif self.waitlist is not None and self.waiting() + size > self.waitlist:
            return Fault.FULL
        else:
            state = State.WAITING
        self.claims.append(Asked(person, size, state))
        return self.claims[-1]

    def serve(self) -> None:
        for one in self.claims:
            if one.state is State.WAITING and self.held() + one.size <= self.capacity:
                one.state, one.until = State.OFFERED, self.minute + OFFER_MINUTES

    def lapse(self) -> None:
        for one in self.claims:
            if one.state is State.OFFERED and one.until <= self.minute:
                one.state = State.LAPSED
        self.serve()


class Walk:
    """Steps at random, the same in the database and in the model, compared after each."""

    def __init__(self, pool: Pool, people: list[uuid.UUID], clock: StoppedClock, seed: int) -> None:
        self.pool, self.people, self.clock = pool, people, clock
        self.chance = random.Random(seed)  # noqa: S311  (a walk that can be walked again)
        self.model = Model(pool.capacity, pool.waitlist)
        self.done: Counter[str] = Counter()

    def run(self, steps: int, *, recount_every: int = 25) -> None:
        """Take so many steps; the ledger is recounted now and then, and at the end."""
        deeds = [self.take, self.take, self.take, self.cancel, self.cancel, self.accept, self.accept,
                 self.amend, self.pass_time, self.resize, self.repeat]  # fmt: skip
        for number in range(1, steps + 1):
            deed = self.chance.choice(deeds)
            deed()
            self.done[deed.__name__] += 1
            self.compare(
                number, deed.__name__, recounts=number % recount_every == 0 or number == steps
            )

    def take(self) -> None:
        person, size = self.chance.choice(self.people), self.chance.choice([1, 1, 1, 2, 3, 4])
        expected = self.model.take(person, size)
        found = claim_take(ask_of(self.pool, person, size=size))
        if isinstance(expected, Fault):
            assert found.fault is expected
            return
        assert found.claim is not None, found
        expected.pk = found.claim.pk

    def repeat(self) -> None:
        ask = ask_of(self.pool, self.chance.choice(self.people))
        expected = self.model.take(ask.admission.account_id, 1)
        answers = [claim_take(ask) for _ in range(3)]
        assert len({answer.claim and answer.claim.pk for answer in answers}) == 1
        if isinstance(expected, Asked):
            expected.pk = answers[0].claim.pk

    def cancel(self) -> None:
        own = self._one_of(LIVE)
        if own is None:
            return
        own.state = State.CANCELLED
        self.model.serve()
        claim_cancel(actor=Actor(account_id=own.person), claim_id=own.pk)

    def accept(self) -> None:
        own = self._one_of({State.OFFERED})
        if own is None:
            return
        if own.until <= self.model.minute:
            try:
                offer_accept(actor=Actor(account_id=own.person), claim_id=own.pk)
            except StaleError:
                return
            raise AssertionError("an offer that was over was accepted")
        own.state = State.CONFIRMED
        offer_accept(actor=Actor(account_id=own.person), claim_id=own.pk)

    def amend(self) -> None:
        own = self._one_of(LIVE)
        if own is None:
            return
        wanted = self.chance.choice([1, 2, 3, 4])
        by = wanted - own.size
        holds, waits = own.state in HOLDING, own.state is State.WAITING
        over = holds and self.model.held() + by > self.model.capacity
        limit = self.model.waitlist
        over |= waits and limit is not None and self.model.waiting() + by > limit
        try:
            claim_amend(
                actor=Actor(account_id=own.person), claim_id=own.pk, size=wanted, details=""
            )
        except RefusedError:
            assert by > 0, "whoever wants less gets it"
            assert over, "there was room"
            return
        assert by <= 0 or not over
        own.size = wanted
        self.model.serve()

    def pass_time(self) -> None:
        minutes = self.chance.choice([1, 10, 31])
        self.clock.move(minutes=minutes)
        self.model.minute += minutes
        self.model.lapse()
        offers_lapse(self.pool.pk)

    def resize(self) -> None:
        wanted = max(self.model.held(), self.model.capacity + self.chance.choice([-2, -1, 1, 2]), 4)
        if wanted > 40:
            return
        self.model.capacity = wanted
        self.model.serve()
        now = self.pool
        terms = terms_of(
            wanted, most=4, waitlist=now.waitlist, offer_minutes=OFFER_MINUTES,
            opens_at=now.opens_at, closes_at=now.closes_at, starts_at=now.starts_at, ends_at=now.ends_at,
        )  # fmt: skip
        pool_change(actor=Actor.system(), pool_id=now.pk, terms=terms)

    def compare(self, number: int, deed: str, *, recounts: bool) -> None:
        where = f"after step {number} ({deed})"
        pool = Pool.objects.get(pk=self.pool.pk)
        assert (pool.taken, pool.waiting) == (self.model.held(), self.model.waiting()), where
        assert pool.taken <= pool.capacity, where
        waits = [one.size for one in self.model.claims if one.state is State.WAITING]
        assert all(size > pool.capacity - pool.taken for size in waits), (
            f"{where}: a place is empty"
        )
        if not recounts:
            return
        rows = dict(Claim.objects.filter(pool=pool).values_list("pk", "state"))
        assert rows == {one.pk: one.state for one in self.model.claims}, where
        assert recount_of(pool.pk).faults == [], where

    def _one_of(self, states: frozenset[State] | set[State]) -> Asked | None:
        found = [one for one in self.model.claims if one.state in states]
        return self.chance.choice(found) if found else None
