"""The recount: a pool's ledger gone through line by line, and compared with its claims."""

from __future__ import annotations

import uuid

from lianxin.allocation.models import Claim, LedgerLine, Pool
from lianxin.allocation.rules import ledger
from lianxin.allocation.rules.claims import State, Verb
from lianxin.allocation.rules.ledger import Line, Recount


def recount_of(pool_id: uuid.UUID) -> Recount:
    """Recount a pool; its faults are empty as long as everything is right.

    Read inside one transaction that locks the pool where writers may be at work.
    """
    pool = Pool.objects.get(pk=pool_id)
    lines = LedgerLine.objects.filter(pool_id=pool_id).order_by("seq")
    told = ledger.recount(
        Line(row.seq, Verb(row.verb), row.capacity, row.taken, row.waiting, row.claim_id, row.size)
        for row in lines.iterator(chunk_size=5000)
    )
    claims = Claim.objects.filter(pool_id=pool_id).values_list("pk", "state", "size")
    rows = {pk: (State(state), size) for pk, state, size in claims.iterator(chunk_size=5000)}
    ledger.compare(told, rows, capacity=pool.capacity, standing=pool.standing)
    if len(told.states) == len(rows) and pool.seq != _count(pool_id):
        told.faults.append(f"the pool knows {pool.seq} lines, there are {_count(pool_id)}")
    return told


def _count(pool_id: uuid.UUID) -> int:
    return LedgerLine.objects.filter(pool_id=pool_id).count()
