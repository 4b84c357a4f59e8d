"""What is killed: the calling off of a pool with more claims than one transaction drops."""

from __future__ import annotations

import itertools
from collections.abc import Callable, Iterator

from django.db.models import QuerySet

from lianxin.accounts.testing import user_of
from lianxin.allocation.api import LIVE, Claim, Pool, pool_call_off, recount_of
from lianxin.allocation.services import pools
from lianxin.allocation.testing import claim_made, pool_make
from lianxin.members.testing import Federation
from lianxin.orgs.testing import invented_phone
from tests.kills.engine import Say

_serials = itertools.count(5000)


class CallingOff:
    """A pool is called off (名额池取消), its claims dropped some at a time; another one each round."""

    name = "off"
    people = 30

    def __init__(self, made: Federation, work: Callable[[Callable[[], bool]], None]) -> None:
        self.made, self.work = made, work
        self.pool: Pool | None = None
        pools.DROPPED_AT_ONCE = 4

    def prepare(self) -> None:
        """Fill a pool: most have places, some wait."""
        self.pool = pool_make(self.made.organisation("yangtze"), self.people - 5)
        for serial in itertools.islice(_serials, self.people):
            person = user_of(f"人{serial}", phone=invented_phone(serial))
            claim_made(self.pool, person.pk)

    def act(self, _say: Say) -> None:
        """Call it off, and do what is due until nobody has a place any more."""
        assert self.pool
        pool_call_off(actor=self.made.actor("wang"), pool_id=self.pool.pk)
        self.work(self.is_done)

    def is_done(self) -> bool:
        """Say whether all claims are dropped."""
        assert self.pool
        is_off = Pool.objects.get(pk=self.pool.pk).off_at is not None
        return is_off and not self._claims().filter(state__in=LIVE).exists()

    def faults(self, _said: list[str]) -> Iterator[str]:
        """Compare the ledger with the rows, after every kill."""
        assert self.pool
        yield from recount_of(self.pool.pk).faults
        if self._claims().count() != self.people:
            yield "a claim was lost or doubled"

    def faults_at_end(self) -> Iterator[str]:
        """Look whether nothing is held any more, and nobody was dropped twice."""
        assert self.pool
        pool = Pool.objects.get(pk=self.pool.pk)
        if (pool.taken, pool.waiting) != (0, 0):
            yield f"{pool.taken} held and {pool.waiting} waiting after the end"
        if (lines := pool.lines.filter(verb="dropped").count()) != self.people:
            yield f"{lines} lines for {self.people} claims"

    def _claims(self) -> QuerySet[Claim]:
        return Claim.objects.filter(pool=self.pool)
