"""Changing what a claim says: who comes along, what was answered, for how many."""

from __future__ import annotations

import uuid

from django.utils.translation import gettext as _

from lianxin.allocation.models import Claim, Seat
from lianxin.allocation.rules.claims import ClaimError, Fault, Standing, Terms, amended
from lianxin.allocation.rules.seats import added_to, kept_of
from lianxin.allocation.services.settling import keep_at_door, opened
from lianxin.audit import api as audit
from lianxin.kit import clock
from lianxin.kit.errors import RefusedError, StaleError
from lianxin.kit.transactions import atomic
from lianxin.orgs.api import Actor


def claim_amend(*, actor: Actor, claim_id: uuid.UUID, size: int, details: str) -> Claim:
    """Change what was told for a claim, and for how many it is; places set free go to who waits.

    Of numbered seats a smaller group keeps what lies side by side, a larger one gets the nearest.

    The same again leaves it as it is, though it is sealed and noted once more.

    Raises:
        ForbiddenError: somebody else's.
        RefusedError: more than there is, or fewer than have come in, or may have: the doors are open.
        StaleError: given back, called off, or begun.
    """
    with atomic():
        book, claim = opened(actor, claim_id)
        begins = book.pool.starts_at
        if not claim.lives or (begins is not None and begins <= clock.now()):
            raise StaleError(_("This can no longer be changed."))
        if size < claim.used:
            raise RefusedError(_("These places were used already, so they cannot be given back."))
        if size < claim.size:
            keep_at_door(actor, claim)
        if size != claim.size:
            _may(book.pool.terms, book.pool.standing, claim, size)
            book.amend(claim, size, actor_id=actor.account_id)
            if book.pool.has_seats and claim.holds:
                _seats_follow(claim)
            book.offer()
        claim.details = details or None
        claim.save(update_fields=["details"])
        audit.record(
            actor_id=actor.account_id,
            action="allocation.claim_told",
            kind="allocation.Claim",
            object_id=claim.pk,
            subject_id=claim.account_id,
        )
        book.close()
    return claim


def _seats_follow(claim: Claim) -> None:
    """Let go the seats a smaller group needs no longer, or add the nearest free ones for a larger."""
    seats = Seat.objects.filter(pool_id=claim.pool_id)
    own = list(seats.filter(claim=claim).values_list("number", flat=True))
    if len(own) > claim.size:
        kept = kept_of(own, claim.size)
        seats.filter(claim=claim).exclude(number__in=kept).update(claim=None)
    elif len(own) < claim.size:
        free = seats.filter(claim=None).values_list("number", flat=True)
        added = added_to(own, list(free), claim.size - len(own))
        seats.filter(number__in=added).update(claim=claim)


def _may(terms: Terms, standing: Standing, claim: Claim, size: int) -> None:
    try:
        amended(terms, standing, claim.standing, (claim.size, size), clock.now())
    except ClaimError as error:
        words = {
            Fault.SIZE: _("A group cannot be larger than that."),
            Fault.FULL: _("There are not enough places left for all of you. What you have stays yours."),
            Fault.LATE: _("Applying has ended; the list for the draw stays as it is."),
        }  # fmt: skip
        raise RefusedError(words.get(error.fault, _("This can no longer be changed."))) from None
