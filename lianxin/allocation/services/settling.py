"""What becomes of a claim: given back, offered, accepted, lapsed; and the draw's answer for all."""

from __future__ import annotations

import uuid
from collections.abc import Collection, Mapping, Sequence

from django.utils.translation import gettext as _

from lianxin.allocation import policies
from lianxin.allocation.models import Claim, Pool
from lianxin.allocation.rules.claims import State, Verb
from lianxin.allocation.selectors.entering import is_door_open
from lianxin.allocation.services.book import Book
from lianxin.kit import clock
from lianxin.kit.errors import ForbiddenError, RefusedError, StaleError
from lianxin.kit.transactions import atomic
from lianxin.orgs.api import Actor

LAPSED_AT_ONCE = 200
DRAWN_AT_ONCE = 500


def claim_cancel(*, actor: Actor, claim_id: uuid.UUID) -> Claim:
    """Give a claim back; its places are offered to those who wait, in the same breath.

    A claim that is over already stays as it is.

    Raises:
        ForbiddenError: somebody else's.
        RefusedError: its people have come in already, or may have: the doors are open.
    """
    with atomic():
        book, claim = opened(actor, claim_id)
        if claim.used:
            raise RefusedError(_("These places were used already, so they cannot be given back."))
        if claim.lives:
            keep_at_door(actor, claim)
            book.move(claim, Verb.CANCELLED, actor_id=actor.account_id)
            book.offer()
            book.close()
    return claim


def offer_accept(*, actor: Actor, claim_id: uuid.UUID) -> Claim:
    """Say yes to an offered place; again changes nothing.

    Raises:
        ForbiddenError: somebody else's.
        StaleError: the offer has lapsed, or there is none.
    """
    with atomic():
        book, claim = opened(actor, claim_id)
        if claim.standing is State.CONFIRMED:
            return claim
        if claim.standing is not State.OFFERED or _is_past(claim) or book.pool.off_at is not None:
            raise StaleError(_("This offer has ended; the place went on to the next in line."))
        book.move(claim, Verb.ACCEPTED, actor_id=actor.account_id)
        book.close()
    return claim


def offers_lapse(pool_id: uuid.UUID) -> int:
    """Let the offers of a pool go whose time is over, and offer the places on; return how many went."""
    with atomic():
        book = Book.of(pool_id)
        if book.pool.off_at is not None:  # it is being called off: dropped, and told so
            return 0
        past = book.pool.claims.filter(state=State.OFFERED, offered_until__lte=book.now)
        lapsed = list(past.order_by("offered_until")[:LAPSED_AT_ONCE])
        for claim in lapsed:
            claim.pool = book.pool
            book.move(claim, Verb.LAPSED, actor_id=None)
        book.offer()
        book.close()
    return len(lapsed)


def pools_with_past_offers() -> list[uuid.UUID]:
    """List the pools in which an offer has run out. One query."""
    past = Claim.objects.filter(state=State.OFFERED, offered_until__lte=clock.now())
    return list(past.values_list("pool_id", flat=True).distinct())


def draw_settle(
    *, pool_id: uuid.UUID, order: Sequence[uuid.UUID], won: Collection[uuid.UUID] | None = None
) -> None:
    """Give the places of a pool in the order a draw came to; the rest waits in the same order.

    `order` names every claim that applied. `won`: who gets places, as the draw published it (None:
    each who still fits). Whoever gave hers back meanwhile is passed over. Some hundred go in one
    transaction, so that nobody else waits for the lock of fifty thousand; until `draw_close` nothing
    is offered on and no claim is changed. Cut off, it goes on with those who are left.

    Raises:
        RefusedError: somebody who applied is missing in the order.
    """
    applied = Claim.objects.filter(pool_id=pool_id, state=State.APPLIED)
    if missing := set(applied.values_list("pk", flat=True)) - set(order):
        raise RefusedError(_("The draw knows nothing of %(count)d applications.") % {"count": len(missing)})  # fmt: skip
    for start in range(0, len(order), DRAWN_AT_ONCE):
        with atomic():
            book = Book.of(pool_id)
            if not book.pool.terms.is_drawn or book.pool.off_at is not None:
                return
            part = order[start : start + DRAWN_AT_ONCE]
            _place(book, dict(enumerate(part, start=start + 1)), won)
            book.close()


def _place(book: Book, ranks: Mapping[int, uuid.UUID], won: Collection[uuid.UUID] | None) -> None:
    rows = book.pool.claims.filter(pk__in=ranks.values(), state=State.APPLIED)
    applied = {claim.pk: claim for claim in rows}
    for rank, pk in ranks.items():
        claim = applied.get(pk)
        if claim is None:
            continue
        claim.pool = book.pool
        fits = claim.size <= book.pool.free if won is None else pk in won
        book.move(claim, Verb.DREW if fits else Verb.MISSED, actor_id=None, rank=rank)


def draw_close(pool_id: uuid.UUID) -> Pool:
    """Say that a pool is drawn once all are settled; what was given back meanwhile is offered on.

    Again, or of a pool that was called off, changes nothing.
    """
    with atomic():
        book = Book.of(pool_id)
        if book.pool.terms.is_drawn and book.pool.off_at is None:
            book.pool.drawn_at = book.now
            book.pool.save(update_fields=["drawn_at"])
            book.offer()
            book.close()
    return book.pool


def opened(actor: Actor, claim_id: uuid.UUID) -> tuple[Book, Claim]:
    """Open the book of a claim's pool and read the claim under its lock."""
    found = Claim.objects.filter(pk=claim_id).values_list("pool_id", flat=True).first()
    if found is None:
        raise ForbiddenError(_("There is no such place of yours."))
    book = Book.of(found)
    claim = Claim.objects.get(pk=claim_id)
    claim.pool = book.pool
    if not policies.may_decide(actor, claim):
        raise ForbiddenError(_("There is no such place of yours."))
    return book, claim


def keep_at_door(actor: Actor, claim: Claim) -> None:
    """Refuse to let a place go while people are let in: who holds a ticket may be inside already.

    A door without a network cannot say so yet, and on the place given back a friend would come in.
    An officer gives it back for whoever telephones.

    Raises:
        RefusedError: the holder herself, at a time like that.
    """
    is_own = actor.account_id is not None and actor.account_id == claim.account_id
    if is_own and claim.standing is State.CONFIRMED and is_door_open(claim.pool):
        raise RefusedError(_("People are being let in by now, so places can no longer be given back here. If you cannot come, simply stay away: nothing is held against you. Or call your union, a colleague there gives them back for you."))  # fmt: skip


def _is_past(claim: Claim) -> bool:
    return claim.offered_until is not None and claim.offered_until <= clock.now()
