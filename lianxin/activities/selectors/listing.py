"""The list and the month: which sessions somebody may see, narrowed to what she looks for.

A series would fill the list with itself; therefore each activity stands in it once, by its next
session within the days asked for.
"""

from __future__ import annotations

import datetime as dt
import uuid
from collections import defaultdict
from dataclasses import dataclass
from urllib.parse import urlencode

from django.db.models import F, OuterRef, Q, QuerySet, Subquery

from lianxin.activities import policies
from lianxin.activities.models import Session
from lianxin.activities.policies import Reader
from lianxin.activities.rules.month import Month, When, span_of
from lianxin.activities.rules.states import State
from lianxin.activities.selectors.kinds import kinds
from lianxin.activities.selectors.searching import keys_of
from lianxin.allocation.api import unruled
from lianxin.kit import clock
from lianxin.kit.paging import Page, page_of
from lianxin.kit.text import clean
from lianxin.kit.workdays import SHANGHAI
from lianxin.members.api import Member, member_of
from lianxin.orgs.api import Actor, Level, Organisation, paths_above

A_PAGE = 20
MOST_IN_MONTH = 1500
EVERYWHERE = "all"
FIRST_YEAR, LAST_YEAR = 2000, 2100


@dataclass(frozen=True, kw_only=True, slots=True)
class Wanted:
    """What somebody looks for; as it stands in the address of the page."""

    near: str = ""  # code of a district; "all": everywhere; "": where she belongs
    mine: bool = False  # of a union of her line
    free: bool = False  # places one may still take
    when: When = When.ALL
    day: dt.date | None = None
    kind: str = ""
    typed: str = ""

    @property
    def is_narrow(self) -> bool:
        """Say whether anything beside the place is asked for."""
        return bool(self.mine or self.free or self.when or self.day or self.kind or self.typed)

    def query(self, **other: str) -> str:
        """Write it for an address, with some things different; "" leaves one out."""
        own = {
            "near": self.near,
            "mine": "1" if self.mine else "",
            "free": "1" if self.free else "",
            "when": str(self.when),
            "day": self.day.isoformat() if self.day else "",
            "kind": self.kind,
            "q": self.typed,
        }
        return urlencode({name: value for name, value in (own | other).items() if value})


@dataclass(frozen=True, slots=True)
class Sheet:
    """A month: its weeks, and what takes place on each day."""

    month: Month
    days: dict[dt.date, list[Session]]
    is_cut: bool = False


def reader_of(actor: Actor) -> Reader:
    """Say who looks: the unions of her line and her district. One query, none for a visitor."""
    return reader_as(actor, member_of(actor.account_id))


def reader_as(actor: Actor, member: Member | None) -> Reader:
    """Say who looks, where her entry on the roll is known already."""
    if member is None:
        return Reader(actor)
    line = tuple(paths_above(member.organisation.path))
    return Reader(actor, line, member.district_code)


def districts() -> list[Organisation]:
    """List the districts one may choose from. One query."""
    rows = Organisation.objects.filter(level=Level.DISTRICT, state=Organisation.State.IN_FORCE)
    return list(rows.only("code", "name", "path").order_by("path"))


def session_page(reader: Reader, wanted: Wanted, after: str | None) -> Page[Session]:
    """List activities by their next session within what is asked for, a page at a time. One query."""
    found = sessions_wanted(reader, wanted)
    first = found.filter(activity=OuterRef("activity")).order_by("starts_at", "pk")
    once = found.filter(pk=Subquery(first.values("pk")[:1]))
    return page_of(_with_all(once), after, size=A_PAGE, order=("starts_at", "id"))


def sessions_wanted(reader: Reader, wanted: Wanted) -> QuerySet[Session]:
    """Return the sessions ahead that somebody may see and looks for, in no order yet."""
    rows = policies.sessions_visible_to(reader, Session.objects.ahead())
    rows = rows.filter(_place_q(reader, wanted), _days_q(wanted))
    if wanted.mine:
        rows = rows.filter(organisation__path__in=reader.line)
    if wanted.free:
        rows = rows.filter(_free_q())
    if wanted.kind:
        rows = rows.filter(activity__kind=wanted.kind)
    for key in keys_of(wanted.typed):
        rows = rows.filter(activity__find_key__contains=key)
    return rows


def sheet_of(reader: Reader, wanted: Wanted, month: Month) -> Sheet:
    """Lay out a month: every session of it that somebody looks for. One query."""
    first, last = month.first_on, month.last_on
    rows = policies.sessions_visible_to(
        reader, Session.objects.filter(activity__state=State.PUBLISHED, off_at=None)
    )
    rows = rows.filter(_place_q(reader, wanted), _between(first, last))
    if wanted.mine:
        rows = rows.filter(organisation__path__in=reader.line)
    if wanted.kind:
        rows = rows.filter(activity__kind=wanted.kind)
    listed = list(_with_all(rows).order_by("starts_at", "pk")[: MOST_IN_MONTH + 1])
    days: dict[dt.date, list[Session]] = defaultdict(list)
    for session in listed[:MOST_IN_MONTH]:
        days[session.starts_at.astimezone(SHANGHAI).date()].append(session)
    return Sheet(month, dict(days), is_cut=len(listed) > MOST_IN_MONTH)


def wanted_of(typed: dict[str, str]) -> Wanted:
    """Read what an address asks for; what makes no sense is left out."""
    when = typed.get("when", "")
    return Wanted(
        near=clean(typed.get("near", ""))[:32],
        mine=typed.get("mine") == "1",
        free=typed.get("free") == "1",
        when=When(when) if when in set(When) else When.ALL,
        day=_day(typed.get("day", "")),
        kind=kind if (kind := typed.get("kind", "")) in kinds() else "",
        typed=typed.get("q", "").strip()[:40],
    )


def sessions_of(activity_id: uuid.UUID) -> list[Session]:
    """List the sessions of an activity that are not over, by time. One query."""
    rows = Session.objects.filter(activity_id=activity_id, ends_at__gt=clock.now())
    return list(_with_all(rows).order_by("starts_at", "pk")[:60])


def midnight(day: dt.date) -> dt.datetime:
    """Return when a day begins in the city, as an aware time in UTC."""
    return dt.datetime.combine(day, dt.time(), tzinfo=SHANGHAI).astimezone(dt.UTC)


def _with_all(rows: QuerySet[Session]) -> QuerySet[Session]:
    return rows.select_related("activity__cover", "organisation", "pool")


def _place_q(reader: Reader, wanted: Wanted) -> Q:
    """What takes place in the district asked for; of her own unions wherever it is."""
    code = wanted.near or reader.district_code
    if not code or code == EVERYWHERE or wanted.mine:
        return Q()
    there = Q(district_code=code) | Q(district_code="")
    return there if wanted.near else there | Q(organisation__path__in=reader.line)


def _days_q(wanted: Wanted) -> Q:
    today = clock.today()
    if wanted.day:
        return _between(wanted.day, wanted.day)
    if not wanted.when:
        return Q()
    first, last = span_of(wanted.when, today)
    return _between(first, last) if last else Q(starts_at__gte=midnight(first))


def _between(first: dt.date, last: dt.date) -> Q:
    end = midnight(last + dt.timedelta(days=1))
    return Q(starts_at__lt=end, ends_at__gt=midnight(first))


def _free_q() -> Q:
    """One just comes; or sign-up is open or will be, and a place is free, or chance decides."""
    is_open = Q(pool__closes_at__gt=clock.now(), pool__off_at=None)
    is_left = Q(pool__taken__lt=F("pool__capacity")) | Q(pool__method="draw", pool__drawn_at=None)
    return Q(pool=None) | (is_open & is_left & ~unruled("pool__"))


def _day(typed: str) -> dt.date | None:
    try:
        day = dt.date.fromisoformat(typed) if len(typed) == 10 else None
    except ValueError:
        return None
    return day if day and FIRST_YEAR <= day.year <= LAST_YEAR else None
