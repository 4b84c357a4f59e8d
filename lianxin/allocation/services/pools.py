"""Opening a pool, changing its terms, calling it off."""

from __future__ import annotations

import datetime as dt
import uuid
from dataclasses import dataclass, field, fields
from typing import Any

from django.utils.translation import gettext as _

from lianxin.allocation import policies
from lianxin.allocation.events import PoolCalledOff
from lianxin.allocation.models import Pool, Seat
from lianxin.allocation.rules.admission import Audience, OnePer
from lianxin.allocation.rules.claims import LIVE, Verb
from lianxin.allocation.services.book import Book
from lianxin.allocation.services.drawing import terms_are_fixed
from lianxin.allocation.services.drawing_void import draw_of_pool_void
from lianxin.allocation.services.gates import gates_follow
from lianxin.audit import api as audit
from lianxin.eligibility import api as eligibility
from lianxin.jobs import api as jobs
from lianxin.kit.errors import ForbiddenError, RefusedError
from lianxin.kit.transactions import atomic
from lianxin.orgs.api import Actor, Organisation

LARGEST = 1_000_000
LARGEST_GROUP = 50
DROP_CLAIMS = "allocation.drop_claims"
DROPPED_AT_ONCE = 500


@dataclass(frozen=True, kw_only=True, slots=True)
class PoolTerms:
    """What whoever opens a pool says of it; see `models.Pool`. `seats`: labels in their order.

    An empty label ends a row: who sits on either side of it are no neighbours.
    """

    title: str
    capacity: int
    opens_at: dt.datetime
    closes_at: dt.datetime
    place: str = ""
    starts_at: dt.datetime | None = None
    ends_at: dt.datetime | None = None
    method: str = Pool.Method.RUSH
    most: int = 1
    waitlist: int | None = None
    offer_minutes: int = 24 * 60
    audience: str = Audience.MEMBERS
    rule: str = ""
    one_per: str = OnePer.PERSON
    series: str = ""
    strata: list[dict[str, Any]] = field(default_factory=list)


def pool_open(
    *,
    actor: Actor,
    organisation_id: uuid.UUID,
    kind: str,
    object_id: uuid.UUID,
    terms: PoolTerms,
    label: str = "",
    seats: tuple[str, ...] = (),
) -> Pool:
    """Open a pool; of one thing and label there is one, and again changes nothing.

    Raises:
        ForbiddenError: the actor arranges nothing for this organisation.
        RefusedError: terms that make no sense, at their field.
    """
    organisation = Organisation.objects.get(pk=organisation_id)
    if not policies.may_open(actor, organisation):
        raise ForbiddenError(_("You do not arrange places for this organisation."))
    _check(terms, seats)
    with atomic():
        found = Pool.objects.filter(kind=kind, object_id=object_id, label=label).first()
        if found is not None:
            return found
        pool = Pool(
            organisation=organisation,
            kind=kind,
            object_id=object_id,
            label=label,
            has_seats=bool(seats),
            **_plain(terms),
        )
        pool.save(force_insert=True)
        numbered = [pair for pair in enumerate(seats, start=1) if pair[1]]
        Seat.objects.bulk_create(
            Seat(pool=pool, number=number, label=text) for number, text in numbered
        )
        book = Book(pool)
        book.resize(pool.capacity)
        book.close()
        _noted(actor, pool, "opened")
    return pool


def pool_change(*, actor: Actor, pool_id: uuid.UUID, terms: PoolTerms) -> Pool:
    """Change the terms of a pool; places that are added go to those who wait.

    What was published stays: who may come, how places are given, the order of need.

    Raises:
        ForbiddenError: the actor does not arrange this pool.
        RefusedError: fewer places than are held, or terms that make no sense.
    """
    with atomic():
        book = Book.of(pool_id)
        pool = book.pool
        if not policies.may_manage(actor, pool):
            raise ForbiddenError(_("You do not arrange places for this organisation."))
        _check(terms, ())
        if pool.off_at is not None:
            raise RefusedError(_("This was called off and stays so."))
        if terms.capacity < pool.taken:
            raise RefusedError(
                _("%(count)d places are held already; fewer there cannot be.") % {"count": pool.taken},
                field="capacity",
            )  # fmt: skip
        if pool.has_seats and terms.capacity != pool.capacity:
            raise RefusedError(_("Numbered seats cannot be added or taken away."), field="capacity")
        if terms_are_fixed(
            pool, capacity=terms.capacity, opens_at=terms.opens_at, closes_at=terms.closes_at
        ):
            raise RefusedError(_("The rule of the draw is published: places and times stay until it is over."))  # fmt: skip
        was = pool.capacity
        for name in _CHANGEABLE:
            setattr(pool, name, getattr(terms, name))
        pool.save(update_fields=list(_CHANGEABLE))
        gates_follow(pool)
        if terms.capacity != was:
            book.resize(terms.capacity)
        book.offer()
        book.close()
        _noted(actor, pool, "changed")
    return pool


def pool_call_off(*, actor: Actor, pool_id: uuid.UUID) -> Pool:
    """Call a pool off: every living claim is dropped and its holder told. Publishes PoolCalledOff.

    It is off at once, for everybody; of many claims the first are dropped at once, too, and the rest
    by a job, some hundred in a transaction, so that nothing else waits for the lock.
    """
    with atomic():
        book = Book.of(pool_id)
        pool = book.pool
        if not policies.may_manage(actor, pool):
            raise ForbiddenError(_("You do not arrange places for this organisation."))
        if pool.off_at is not None:
            return pool
        pool.off_at = book.now
        pool.save(update_fields=["off_at"])
        draw_of_pool_void(pool)
        _drop(book, actor.account_id)
        _noted(actor, pool, "called_off")
        jobs.publish(
            PoolCalledOff(
                pool_id=pool.pk, kind=pool.kind, object_id=pool.object_id, off_at=book.now
            )
        )
    return pool


def claims_drop(*, pool_id: uuid.UUID, actor_id: uuid.UUID | None) -> int:
    """Drop the next claims of a pool that was called off, and have the rest dropped; return how many.

    Again drops nobody twice.
    """
    with atomic():
        book = Book.of(pool_id)
        return _drop(book, actor_id) if book.pool.off_at is not None else 0


def _drop(book: Book, actor_id: uuid.UUID | None) -> int:
    pool = book.pool
    rows = list(pool.claims.filter(state__in=LIVE, used=0).order_by("pk")[: DROPPED_AT_ONCE + 1])
    for claim in rows[:DROPPED_AT_ONCE]:
        claim.pool = pool
        book.move(claim, Verb.DROPPED, actor_id=actor_id)
    book.close()
    if len(rows) > DROPPED_AT_ONCE:
        jobs.enqueue(
            DROP_CLAIMS,
            payload={"pool_id": str(pool.pk), "actor_id": str(actor_id) if actor_id else ""},
            key=f"{DROP_CLAIMS}:{pool.pk}:{pool.seq}",
        )
    return min(len(rows), DROPPED_AT_ONCE)


_CHANGEABLE = (
    "title", "place", "starts_at", "ends_at", "opens_at", "closes_at", "waitlist", "offer_minutes",
)  # fmt: skip


def _plain(terms: PoolTerms) -> dict[str, Any]:
    return {one.name: getattr(terms, one.name) for one in fields(terms)}


def _check(terms: PoolTerms, seats: tuple[str, ...]) -> None:
    begins, ends = terms.starts_at, terms.ends_at
    labels = [label for label in seats if label]
    asked = (
        (1 <= terms.capacity <= LARGEST, "capacity", _("How many places are there? At least one.")),
        (terms.opens_at < terms.closes_at, "closes_at", _("It must open before it closes.")),
        (
            not begins or terms.closes_at <= begins,
            "closes_at",
            _("It must close before it begins."),
        ),
        (not (begins and ends) or begins < ends, "ends_at", _("It must end after it begins.")),
        (
            1 <= terms.most <= min(LARGEST_GROUP, terms.capacity),
            "most",
            _("A group cannot be larger than that."),
        ),
        (
            not seats or len(set(labels)) == len(labels) == terms.capacity,
            "seats",
            _("Each seat needs a number of its own."),
        ),
    )
    for holds, field_name, words in asked:
        if not holds:
            raise RefusedError(words, field=field_name)
    if not terms.series and any("days" in stratum for stratum in terms.strata):
        raise RefusedError(
            _("Who had none of these before comes first: say of which series. Without one it would be of anything."),
            field="strata",
        )  # fmt: skip
    for rule in [terms.rule, *(stratum.get("rule", "") for stratum in terms.strata)]:
        if rule and (faults := eligibility.rule_faults(rule)):
            raise RefusedError(faults[0], field="rule")


def _noted(actor: Actor, pool: Pool, deed: str) -> None:
    audit.record(
        actor_id=actor.account_id,
        action=f"allocation.pool_{deed}",
        kind="allocation.Pool",
        object_id=pool.pk,
        detail={"capacity": pool.capacity},
    )
