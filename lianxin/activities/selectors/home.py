"""The one card on the home: her next activity, or one she may still join. Nothing is kept of what she looks at."""

from __future__ import annotations

import datetime as dt
import uuid

from django.db.models import Exists, OuterRef, Q, QuerySet
from django.db.models.functions import Length
from django.http import HttpRequest

from lianxin.activities.constants import POOL_KIND
from lianxin.activities.models import Session
from lianxin.activities.policies import Reader
from lianxin.activities.rules.groups import Group
from lianxin.activities.selectors.listing import Wanted, reader_as, sessions_wanted
from lianxin.allocation.api import LIVE, Admission, Audience, Claim, admission_of, ahead_for
from lianxin.kit import clock
from lianxin.members.api import Member
from lianxin.orgs.api import Actor

WITHIN = dt.timedelta(days=30)
LOOKED_AT = 3  # so many are tried before the home says nothing


def next_for(request: HttpRequest) -> tuple[Claim, Session] | None:
    """Return the next activity somebody has a place at, with her claim on it. One query beside those of the home."""
    places = (one for one in ahead_for(request).places if one.pool.kind == POOL_KIND)
    claim = next(places, None)
    if claim is None:
        return None
    found = Session.objects.select_related("activity", "organisation").filter(pool=claim.pool_id)
    session = found.first()
    return (claim, session) if session is not None else None


def near_of(actor: Actor, member: Member | None) -> Session | None:
    """Return the next activity of her own unions, else of her district, with a place she may have.

    Only for members in force. One query; where a rule says who may come, the door is asked as well.
    """
    if member is None or member.state != Member.State.IN_FORCE or actor.account_id is None:
        return None
    reader = reader_as(actor, member)
    for session in _candidates(reader, actor.account_id):
        if _is_for(session, actor.account_id):
            return session
    return None


def _candidates(reader: Reader, account_id: uuid.UUID) -> list[Session]:
    """List a few of her own line, the nearest union first, then a few of her district. One query."""
    own = _open(sessions_wanted(reader, Wanted(mine=True, free=True)), account_id)
    own = own.order_by(Length("organisation__path").desc(), "starts_at", "pk")
    rows = _first_of(own)
    if reader.district_code:
        there = Wanted(near=reader.district_code, free=True)
        around = _open(sessions_wanted(reader, there), account_id)
        around = around.exclude(activity__audience=Audience.UNION).order_by("starts_at", "pk")
        rows = rows.union(_first_of(around), all=True)
    line = set(reader.line)
    return sorted(set(rows), key=lambda one: _distance(one, line))


def _first_of(rows: QuerySet[Session]) -> QuerySet[Session]:
    """Keep the first few, as a part of a union: each part goes by its own index, which an `or` would not."""
    found = Session.objects.filter(pk__in=rows.values("pk")[:LOOKED_AT]).order_by()
    return found.select_related("activity", "organisation", "pool")


def _distance(session: Session, line: set[str]) -> tuple[bool, int, dt.datetime, uuid.UUID]:
    path = session.organisation.path
    is_own = path in line
    return not is_own, -len(path) if is_own else 0, session.starts_at, session.pk


def _open(rows: QuerySet[Session], account_id: uuid.UUID) -> QuerySet[Session]:
    """Keep what has not begun, can be signed up for today by one person, and is not hers already."""
    now = clock.now()
    hers = Claim.objects.filter(pool=OuterRef("pool"), account_id=account_id, state__in=LIVE)
    return rows.filter(
        Q(pool=None) | Q(pool__opens_at__lte=now),
        ~Exists(hers),
        starts_at__gt=now,
        starts_at__lte=now + WITHIN,
        activity__group__in=[Group.ALONE, Group.FAMILY],
        activity__least=1,
    )


def _is_for(session: Session, account_id: uuid.UUID) -> bool:
    """Ask the rule as the door will ask it, where there is one."""
    if session.pool is None or not session.pool.rule:
        return True
    return isinstance(admission_of(session.pool, account_id), Admission)
