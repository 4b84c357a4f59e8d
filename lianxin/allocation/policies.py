"""Who opens pools, who claims, who sees and decides a claim; who books, who answers a booking."""

from __future__ import annotations

import datetime as dt

from django.db.models import Q, QuerySet

from lianxin.allocation.models import Bookable, Booking, Claim, Draw, DrawParty, Gate, Pool
from lianxin.allocation.rules.admission import OnePer
from lianxin.allocation.rules.bookings import Unions
from lianxin.allocation.rules.offering import booking_owners
from lianxin.allocation.rules.opening import pool_cases, pool_owners
from lianxin.kit import clock
from lianxin.members.api import Member
from lianxin.orgs.api import Ability, Actor, Organisation, reach_q

# A list of names is there to run a thing, not to look back at who took part.
LISTED = dt.timedelta(days=14)


def may_open(actor: Actor, organisation: Organisation) -> bool:
    """Whoever arranges activities and places for an organisation."""
    return actor.can(Ability.PLACES_MANAGE, organisation.path)


def may_manage(actor: Actor, pool: Pool) -> bool:
    """Whoever arranges places for the organisation the pool is of."""
    return may_open(actor, pool.organisation)


def pools_visible_to(actor: Actor, pools: QuerySet[Pool]) -> QuerySet[Pool]:
    """Keep the pools in the reach of whoever arranges places.

    What a partner gives out (vouchers) is not among them: who took one is for no desk to read.
    """
    return pools.filter(reach_q(actor, Ability.PLACES_MANAGE)).exclude(kind__in=pool_owners.keys())


def pools_drawn_by(actor: Actor, pools: QuerySet[Pool]) -> QuerySet[Pool]:
    """Keep the pools whose draw an officer plans; of a partner's vouchers too: a draw names nobody."""
    return pools.filter(reach_q(actor, Ability.PLACES_MANAGE))


def visible_to(actor: Actor, claims: QuerySet[Claim]) -> QuerySet[Claim]:
    """One's own, and those of the pools one arranges; of a partner's vouchers only one's own."""
    own = Q(account_id=actor.account_id) if actor.account_id else Q(pk__in=[])
    arranged = reach_q(actor, Ability.PLACES_MANAGE, prefix="pool__organisation")
    return claims.filter(own | (arranged & ~Q(pool__kind__in=pool_owners.keys())))


def may_view(actor: Actor, claim: Claim) -> bool:
    """The condition of the list, asked of one."""
    return visible_to(actor, Claim.objects.all()).filter(pk=claim.pk).exists()


def may_decide(actor: Actor, claim: Claim) -> bool:
    """Her own claim, or one in a pool one arranges: a person at the telephone gives hers back too."""
    if actor.is_system or (actor.account_id is not None and claim.account_id == actor.account_id):
        return True
    return may_manage(actor, claim.pool)


def may_list(actor: Actor, pool: Pool) -> bool:
    """See who comes, to run it: officers at the union itself, until two weeks after its end. Then nobody."""
    is_over = pool.ends_at is not None and pool.ends_at + LISTED < clock.now()
    return runs(actor, pool) and not is_over


def runs(actor: Actor, pool: Pool) -> bool:
    """Hold a post at the union the pool is of; whoever only reaches it from above sees numbers."""
    posts = actor.with_ability(Ability.PLACES_MANAGE)
    return pool.organisation_id in {post.organisation_id for post in posts}


def may_claim_for(actor: Actor, pool: Pool) -> bool:
    """Sign somebody up who asks by telephone or in person: whoever arranges the pool.

    Not where cases claim, nor what a partner gives out, nor where a union or a child is counted:
    there whoever books does so herself.
    """
    is_other_way = pool_cases.get(pool.kind) or pool_owners.get(pool.kind)
    return not is_other_way and pool.one_per != OnePer.SUBJECT and may_manage(actor, pool)


def may_sign_up(actor: Actor, member: Member) -> bool:
    """Act for a person: an officer who helps the people of her union, never for herself."""
    is_self = actor.account_id is not None and member.account_id == actor.account_id
    return not is_self and actor.can(Ability.MEMBER_HELP, member.organisation.path)


def may_open_gate(actor: Actor, pool: Pool) -> bool:
    """Open a gate: whoever arranges the pool, or answers for its thing from outside the tree."""
    owners = pool_owners.get(pool.kind)
    if owners and actor.account_id in owners(pool.object_id):
        return True
    return may_manage(actor, pool)


def may_scan(actor: Actor, gate: Gate) -> bool:
    """Whoever opened the gate, or may open one for the pool."""
    is_own = actor.account_id is not None and gate.opened_by_id == actor.account_id
    return is_own or may_open_gate(actor, gate.pool)


def may_arrange(actor: Actor, bookable: Bookable) -> bool:
    """Offer a thing for booking and change its terms: whoever arranges places for its organisation."""
    return may_open(actor, bookable.organisation)


def bookables_visible_to(actor: Actor, bookables: QuerySet[Bookable]) -> QuerySet[Bookable]:
    """Keep the things in the reach of whoever arranges places."""
    return bookables.filter(reach_q(actor, Ability.PLACES_MANAGE))


def may_book_for(actor: Actor, bookable: Bookable, union: Organisation) -> bool:
    """Book for a union: an officer who arranges places there, where the thing is for unions like it."""
    if not actor.can(Ability.PLACES_MANAGE, union.path):
        return False
    if bookable.unions == Unions.BELOW:
        return bool(union.path.startswith(bookable.organisation.path))
    return bookable.unions == Unions.ALL


def bookings_at_desk(actor: Actor, bookings: QuerySet[Booking]) -> QuerySet[Booking]:
    """Keep those of the things one arranges and of one's unions: what is shown at the desk."""
    arranged = reach_q(actor, Ability.PLACES_MANAGE, prefix="bookable__organisation")
    return bookings.filter(arranged | reach_q(actor, Ability.PLACES_MANAGE, prefix="union"))


def may_change_booking(actor: Actor, booking: Booking) -> bool:
    """Fill it in or give it back: who asked for it, and officers of the union it is for."""
    if actor.is_system or (actor.account_id and booking.account_id == actor.account_id):
        return True
    return booking.union is not None and actor.can(Ability.PLACES_MANAGE, booking.union.path)


def may_answer(actor: Actor, booking: Booking) -> bool:
    """Say yes or no: who owns or arranges the thing, never who asked; a dossier's is decided there."""
    if actor.is_system:
        return True
    if booking.case_id is not None or booking.account_id == actor.account_id:
        return False
    return may_drop(actor, booking)


def may_drop(actor: Actor, booking: Booking) -> bool:
    """Move a booking or take it back, with a reason: who owns or arranges the thing."""
    if actor.is_system or may_arrange(actor, booking.bookable):
        return True
    owners = booking_owners.get(booking.bookable.kind)
    return bool(owners and actor.account_id in owners.accounts(booking.bookable.object_id))


def may_be_party(person: Actor, pool: Pool) -> bool:
    """Lock a secret away for a draw: anybody who does not arrange places where the pool is."""
    return not person.can(Ability.PLACES_MANAGE, pool.organisation.path)


def may_read_value(actor: Actor, draw: Draw) -> bool:
    """Enter the public value of a draw: whoever arranges the pool, and its parties."""
    if may_manage(actor, draw.pool):
        return True
    own = DrawParty.objects.filter(draw=draw, account_id=actor.account_id)
    return actor.account_id is not None and own.exists()


def draws_visible_to(actor: Actor, draws: QuerySet[Draw]) -> QuerySet[Draw]:
    """Keep the draws of the pools one arranges, those not published yet among them."""
    return draws.filter(reach_q(actor, Ability.PLACES_MANAGE, prefix="pool__organisation"))
