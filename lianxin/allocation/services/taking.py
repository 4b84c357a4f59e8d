"""Taking places: one statement of will, answered when it is durable, the same however often it is sent."""

from __future__ import annotations

import time
import uuid
from collections.abc import Sequence
from dataclasses import dataclass, field

from django.db import connections
from django.db.models import Q

from lianxin.allocation.models import Claim, Pool, Seat
from lianxin.allocation.rules.admission import Admission, OnePer
from lianxin.allocation.rules.claims import LIVE, ClaimError, Fault, Verb, is_full, taken_in
from lianxin.allocation.services.book import Book
from lianxin.allocation.services.counter import Counter
from lianxin.kit import clock
from lianxin.kit.transactions import atomic, is_open


@dataclass(frozen=True, slots=True)
class Ask:
    """What somebody wants of a pool. `key` is the form's; `details` what the pool's app asked, JSON."""

    admission: Admission
    key: str
    size: int = 1
    details: str = ""
    seats: tuple[str, ...] = ()
    actor_id: uuid.UUID | None = None


@dataclass(frozen=True, slots=True)
class Taken:
    """The claim she has, whether this ask made it, or why there is none."""

    claim: Claim | None = None
    is_new: bool = False
    fault: Fault | None = None


_counters: dict[tuple[str, uuid.UUID], Counter[Ask, Taken]] = {}
_latest: dict[tuple[str, uuid.UUID], tuple[float, Pool]] = {}
_MOST_COUNTERS = 500
_FRESH_SECONDS = 1.0


def claim_take(ask: Ask, *, seen: Pool | None = None) -> Taken:
    """Take places, or a place in the waiting line, or a ticket in the draw.

    A cheap look first (`seen`: the pool as it was read a moment ago): who comes to one that is full
    or shut is answered without a lock. The claim somebody already has is her answer, however often
    and from however many devices she asks.
    """
    pool_id = ask.admission.pool_id
    pool = seen or pool_at_hand(pool_id)
    fault = _shut_to(pool, ask)
    if fault is not None and pool is not seen:
        # What was at hand may let her through to the line, but never turn her away.
        pool = Pool.objects.get(pk=pool_id)
        fault = _shut_to(pool, ask)
    if fault is not None:
        return _before(pool, ask) or Taken(fault=fault)
    if is_open():
        # Inside somebody's transaction nothing is durable yet: she must not answer for others.
        return take_many(pool_id, [ask])[0]
    return _counter(pool_id).ask(ask)


def take_many(pool_id: uuid.UUID, asks: Sequence[Ask]) -> list[Taken]:
    """Answer a line of asks for one pool in one transaction, in their order."""
    with atomic():
        book = Book.of(pool_id)
        known = _known(book.pool, asks)
        free_seats = _free_seats(book.pool, asks)
        answers = [_answered(book, ask, known, free_seats) for ask in asks]
        book.close()
    if not is_open():
        _latest[_name_of(pool_id)] = (time.monotonic(), book.pool)
    return answers


@dataclass(slots=True)
class _Known:
    """What people who ask already have: by the key of their form, or living, by their unit."""

    by_key: dict[tuple[uuid.UUID | None, str], Claim] = field(default_factory=dict)
    by_unit: dict[str, Claim] = field(default_factory=dict)
    # Where a family counts once. Who is of it may change between two claims, and with it its unit.
    by_account: dict[uuid.UUID | None, Claim] = field(default_factory=dict)

    def answer(self, ask: Ask) -> Taken | None:
        account_id = ask.admission.account_id
        own = self.by_key.get((account_id, ask.key)) or self.by_account.get(account_id)
        kin = (self.by_account[one] for one in ask.admission.kin if one in self.by_account)
        claim = own or self.by_unit.get(ask.admission.unit) or next(kin, None)
        if claim is None:
            return None
        # What another of the family has is not shown to her.
        return Taken(claim) if claim.account_id == account_id else Taken(fault=Fault.FAMILY)

    def add(self, claim: Claim) -> None:
        self.by_key[claim.account_id, claim.key] = claim
        if claim.lives:
            self.by_unit[claim.unit] = claim
            if claim.pool.one_per == OnePer.FAMILY and claim.account_id is not None:
                self.by_account[claim.account_id] = claim


def _before(pool: Pool, ask: Ask) -> Taken | None:
    return _known(pool, [ask]).answer(ask)


def _known_rows(pool: Pool, asks: Sequence[Ask]) -> list[Claim]:
    units = {ask.admission.unit for ask in asks}
    keys = {ask.key for ask in asks}
    accounts = {ask.admission.account_id for ask in asks}
    wanted = Q(unit__in=units, state__in=LIVE) | Q(account_id__in=accounts, key__in=keys)
    if pool.one_per == OnePer.FAMILY:
        families = accounts.union(*(ask.admission.kin for ask in asks))
        wanted |= Q(account_id__in=families, state__in=LIVE)
    return list(Claim.objects.filter(wanted, pool_id=pool.pk))


def _known(pool: Pool, asks: Sequence[Ask]) -> _Known:
    known = _Known()
    for claim in _known_rows(pool, asks):
        claim.pool = pool
        known.add(claim)
    return known


def _answered(book: Book, ask: Ask, known: _Known, free_seats: set[str]) -> Taken:
    if before := known.answer(ask):
        return before
    if not set(ask.seats) <= free_seats:
        return Taken(fault=Fault.SEAT)
    try:
        verb = taken_in(book.pool.terms, book.pool.standing, ask.size, book.now)
    except ClaimError as error:
        return Taken(fault=error.fault)
    claim = Claim(
        pool=book.pool,
        account_id=ask.admission.account_id,
        unit=ask.admission.unit,
        key=ask.key,
        size=ask.size,
        stratum=ask.admission.stratum,
        details=ask.details or None,
    )
    actor_id = ask.actor_id or ask.admission.account_id
    book.move(claim, verb, actor_id=actor_id, wished=ask.seats)
    if verb is Verb.TOOK:
        free_seats -= set(ask.seats)
    known.add(claim)
    return Taken(claim, is_new=True)


def _free_seats(pool: Pool, asks: Sequence[Ask]) -> set[str]:
    wished = {label for ask in asks for label in ask.seats}
    if not (pool.has_seats and wished):
        return set()
    rows = Seat.objects.filter(pool=pool, label__in=wished, claim=None)
    return set(rows.values_list("label", flat=True))


def pool_at_hand(pool_id: uuid.UUID) -> Pool:
    """Return a pool as it stood within the last second: as a line left it, or somebody read it.

    Good for letting somebody into the line, and never for turning her away. To be read only: others
    of this process hold the same.

    Raises:
        Pool.DoesNotExist: there is none.
    """
    name = _name_of(pool_id)
    at, pool = _latest.get(name, (0.0, None))
    if pool is None or time.monotonic() - at > _FRESH_SECONDS:
        pool = Pool.objects.get(pk=pool_id)
        if not is_open():
            if len(_latest) >= _MOST_COUNTERS:
                _latest.clear()
            _latest[name] = (time.monotonic(), pool)
    return pool


def _shut_to(pool: Pool, ask: Ask) -> Fault | None:
    """Return why a pool, as it was seen, is not for this ask; a group that does not fit may still wait."""
    try:
        taken_in(pool.terms, pool.standing, ask.size, clock.now())
    except ClaimError as error:
        if error.fault is not Fault.FULL or is_full(pool.terms, pool.standing):
            return error.fault
    return None


def _name_of(pool_id: uuid.UUID) -> tuple[str, uuid.UUID]:
    # By database as well: tests of one process speak to several, one after the other.
    return str(connections["default"].settings_dict["NAME"]), pool_id


def _counter(pool_id: uuid.UUID) -> Counter[Ask, Taken]:
    name = _name_of(pool_id)
    found = _counters.get(name)
    if found is None:
        if len(_counters) >= _MOST_COUNTERS:
            _counters.clear()
            _latest.clear()
        found = _counters.setdefault(name, Counter(lambda asks: take_many(pool_id, asks)))
    return found
