"""What allocation keeps of an offer: a batch of vouchers, or what is booked by time."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass, fields, replace
from typing import Any

from django.utils.translation import gettext as _

from lianxin.allocation import api as allocation
from lianxin.exchange.models import Resource
from lianxin.exchange.rules import Way, halves
from lianxin.exchange.selectors import BOOKED, VOUCHER, bookable_of, pool_of
from lianxin.kit import clock
from lianxin.kit.errors import RefusedError
from lianxin.kit.transactions import atomic
from lianxin.kit.workdays import SHANGHAI
from lianxin.orgs.api import Actor

RUSH, DRAW = allocation.Pool.Method.RUSH, allocation.Pool.Method.DRAW


@dataclass(frozen=True, kw_only=True, slots=True)
class Giving:
    """How vouchers are given, as the officer says who publishes them.

    `closes_on`: of a draw, the last day on which one applies. `rule`: who fits, beyond the union.
    """

    method: str = RUSH
    closes_on: dt.date | None = None
    audience: str = allocation.Audience.UNION
    rule: str = ""


def opened(actor: Actor, resource: Resource, giving: Giving) -> None:
    """Open what allocation keeps of an offer. The union that checked it answers for it.

    Raises:
        RefusedError: the draw or the rule cannot be, at its field.
    """
    union_id = resource.partner.organisation_id
    if resource.way == Way.VOUCHER:
        allocation.pool_open(
            actor=actor, organisation_id=union_id, kind=VOUCHER, object_id=resource.pk,
            terms=_batch_terms(resource, giving),
        )  # fmt: skip
    if resource.way == Way.BOOKED:
        allocation.bookable_open(
            actor=actor, organisation_id=union_id, kind=BOOKED, object_id=resource.pk,
            terms=booked_terms(resource),
        )  # fmt: skip


def followed(actor: Actor, resource: Resource, *, reason: str, calls_off: bool) -> None:
    """Let what allocation keeps follow a changed offer.

    Raises:
        RefusedError: bookings would be left without a place and are not to be called off, or a draw
            would end after the vouchers.
    """
    if (pool := pool_of(resource)) and pool.off_at is None:
        _batch_follow(actor, resource, pool)
    if bookable := bookable_of(resource):
        change: dict[str, Any] = {
            "actor": actor,
            "bookable_id": bookable.pk,
            "terms": booked_terms(resource),
        }
        try:
            with atomic():
                allocation.bookable_change(**change)
        except allocation.ConflictsError as conflicts:
            if not calls_off:
                raise
            plan = dict.fromkeys(one.pk for one in conflicts.bookings)
            allocation.bookable_change(**change, plan=plan, reason=reason)


def _batch_follow(actor: Actor, resource: Resource, pool: allocation.Pool) -> None:
    ends, is_draw = end_of(resource.ends_on), pool.method == DRAW
    if is_draw and pool.closes_at >= ends:
        raise RefusedError(_("Applying goes on until then; the vouchers must be good for longer."))
    terms = replace(
        batch_terms_of(pool), title=resource.title, place=resource.place, ends_at=ends,
        closes_at=pool.closes_at if is_draw else ends,
    )  # fmt: skip
    allocation.pool_change(actor=actor, pool_id=pool.pk, terms=terms)


def booked_terms(resource: Resource) -> allocation.BookableTerms:
    """Say of what is booked by time what allocation must know; a union may have all of it at once."""
    is_day = resource.grain == Resource.Grain.DAY
    span = (0, 48) if is_day else halves(resource.opens, resource.closes)
    return allocation.BookableTerms(
        title=resource.title, place=resource.place, words=resource.words,
        grain=resource.grain, unit=_unit(resource), units=resource.quantity,
        most_units=resource.quantity, most=14 if is_day else 24,
        ahead_days=120, guests=allocation.Guests.NOBODY, unions=allocation.Unions.BELOW,
        answer=allocation.Answer.ASKED, answer_days=2,
        openings=allocation.Openings(
            weekly=tuple((span,) if resource.is_open_on(day) else () for day in range(7)),
            starts_on=resource.starts_on, ends_on=resource.ends_on,
            closed=frozenset(resource.closed_days), skips_holidays=resource.skips_holidays,
        ),
    )  # fmt: skip


def _batch_terms(resource: Resource, giving: Giving) -> allocation.PoolTerms:
    ends = end_of(resource.ends_on)
    terms = allocation.PoolTerms(
        title=resource.title, capacity=resource.quantity, place=resource.place, ends_at=ends,
        opens_at=max(clock.now(), _midnight(resource.starts_on)), closes_at=ends,
        audience=giving.audience, rule=giving.rule.strip(),
    )  # fmt: skip
    if giving.method != DRAW:
        return terms
    # One applies before they are good; whoever is drawn still has days to use hers.
    if giving.closes_on is None:
        raise RefusedError(_("A draw needs a day on which applying ends."), field="closes_on")
    if not clock.today() <= giving.closes_on < resource.ends_on:
        raise RefusedError(_("Applying ends today or later, and before the last day of the vouchers."), field="closes_on")  # fmt: skip
    return replace(terms, method=DRAW, opens_at=clock.now(), closes_at=end_of(giving.closes_on))


def batch_terms_of(pool: allocation.Pool) -> allocation.PoolTerms:
    """Return the terms a batch has now."""
    given = {one.name: getattr(pool, one.name) for one in fields(allocation.PoolTerms)}
    return allocation.PoolTerms(**given)


def end_of(day: dt.date) -> dt.datetime:
    """Return the last minute of a day."""
    return dt.datetime.combine(day, dt.time(23, 59), SHANGHAI)


def _midnight(day: dt.date) -> dt.datetime:
    return dt.datetime.combine(day, dt.time(), SHANGHAI)


def _unit(resource: Resource) -> str:
    units = allocation.Bookable.Unit
    found = {
        "venue": units.HALL, "base": units.DESK, "lecturer": units.PERSON, "course": units.PERSON,
        "apprentice": units.PERSON,
    }  # fmt: skip
    return found.get(resource.kind, units.THING)
