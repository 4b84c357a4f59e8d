"""Shifts of helpers: which would overlap, which somebody has and did."""

from __future__ import annotations

import datetime as dt
import uuid
from dataclasses import dataclass
from typing import Any

from django.db.models import QuerySet
from django.utils.translation import gettext as _

from lianxin.activities.constants import POOL_KIND, SHIFTS
from lianxin.activities.models import Helped, Session
from lianxin.activities.selectors.opinions import came_to, has_come, pools_looked
from lianxin.activities.selectors.showing import when_words
from lianxin.allocation.api import LIVE, Claim
from lianxin.kit import clock
from lianxin.kit.paging import Page, page_of
from lianxin.kit.workdays import SHANGHAI

A_PAGE = 30
MOST_AHEAD = 40


@dataclass(frozen=True, kw_only=True, slots=True)
class Shift:
    """One shift on her page; `helped_id` once it is written down for good."""

    session: Session
    when: str
    time: str
    helped_id: int | None = None
    claim_id: uuid.UUID | None = None


@dataclass(frozen=True, kw_only=True)
class ShiftsPage:
    """Her shifts: those ahead, those just done, those written down, and how much it was this year."""

    ahead: list[Shift]
    recent: list[Shift]
    page: Page[Helped]
    done: list[Shift]
    this_year: str
    year: int


def overlapping(session: Session, account_id: uuid.UUID) -> Session | None:
    """Return a shift of hers at the time of this one. One query, none where it is no shift."""
    if session.activity.kind != SHIFTS:
        return None
    hers = Claim.objects.filter(account_id=account_id, state__in=LIVE, pool__kind=POOL_KIND)
    return _shifts(
        pool__in=hers.values("pool"),
        off_at=None,
        starts_at__lt=session.ends_at,
        ends_at__gt=session.starts_at,
    ).exclude(pk=session.pk).first()  # fmt: skip


def has_shifts(account_id: uuid.UUID) -> bool:
    """Say whether there is anything on her page of shifts. Two queries at most."""
    held = Claim.objects.filter(account_id=account_id, state__in=LIVE, pool__kind=POOL_KIND)
    return (
        _shifts(pool__in=held.values("pool"), forgotten_at=None).exists()
        or Helped.objects.filter(account_id=account_id).exists()
    )


def shifts_page(account_id: uuid.UUID, after: str | None) -> ShiftsPage:
    """Gather her page. Six queries, however many shifts."""
    now = clock.now()
    claims = Claim.objects.filter(account_id=account_id, state__in=LIVE, pool__kind=POOL_KIND)
    by_pool = {one.pool_id: one for one in claims.filter(pool__ends_at__gte=now - dt.timedelta(days=30))}  # fmt: skip
    listed = list(_shifts(pool__in=by_pool, forgotten_at=None, off_at=None).order_by("starts_at", "pk")[:MOST_AHEAD])  # fmt: skip
    ahead = [one for one in listed if not one.is_over]
    over = [one for one in listed if one.is_over and one.pool_id]
    looked = pools_looked(one.pool_id for one in over if one.pool_id)
    recent = [one for one in over if one.pool_id and has_come(by_pool[one.pool_id], looked)]
    rows = Helped.objects.filter(account_id=account_id).select_related("session__activity", "session__organisation")  # fmt: skip
    page = page_of(rows, after, size=A_PAGE, order=("-id",))
    year = now.astimezone(SHANGHAI).year
    return ShiftsPage(
        ahead=[_shift(one, claim_id=by_pool[one.pool_id].pk) for one in ahead if one.pool_id],
        recent=[_shift(one) for one in recent],
        page=page,
        done=[_shift(one.session, helped_id=one.pk, minutes=one.minutes) for one in page.rows],
        this_year=hours_words(_minutes_of(rows, year) + sum(minutes_of(one) for one in recent if _year(one) == year)),
        year=year,
    )  # fmt: skip


def helpers_of(session: Session) -> list[uuid.UUID]:
    """List who did a shift. Two queries, none where it is no shift or did not take place."""
    if session.pool_id is None or session.is_off or session.activity.kind != SHIFTS:
        return []
    return list(came_to(session.pool_id).values_list("account_id", flat=True))


def hours_words(minutes: int) -> str:
    """Say how long: 6 h 30 min."""
    hours, rest = divmod(minutes, 60)
    if not rest:
        return _("%(hours)d h") % {"hours": hours}
    if not hours:
        return _("%(minutes)d min") % {"minutes": rest}
    return _("%(hours)d h %(minutes)d min") % {"hours": hours, "minutes": rest}


def minutes_of(session: Session) -> int:
    """Return how long a session is, in whole minutes."""
    return int((session.ends_at - session.starts_at).total_seconds()) // 60


def _shifts(**narrow: Any) -> QuerySet[Session]:
    rows = Session.objects.filter(activity__kind=SHIFTS, **narrow)
    return rows.select_related("activity", "organisation")


def _shift(
    session: Session,
    *,
    helped_id: int | None = None,
    claim_id: uuid.UUID | None = None,
    minutes: int | None = None,
) -> Shift:
    length = minutes_of(session) if minutes is None else minutes
    return Shift(
        session=session,
        when=when_words(session),
        time=hours_words(length),
        helped_id=helped_id,
        claim_id=claim_id,
    )


def _minutes_of(rows: QuerySet[Helped], year: int) -> int:
    first, last = (dt.datetime(one, 1, 1, tzinfo=SHANGHAI) for one in (year, year + 1))
    within = rows.filter(session__starts_at__gte=first, session__starts_at__lt=last)
    return sum(within.values_list("minutes", flat=True))


def _year(session: Session) -> int:
    return session.starts_at.astimezone(SHANGHAI).year
