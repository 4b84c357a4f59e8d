"""The year of a union: what was planned, what was held, how many came; sums, and what everybody reads."""

from __future__ import annotations

import datetime as dt
import uuid
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field

from django.db.models import Q, QuerySet, Sum
from django.utils.translation import gettext as _

from lianxin.activities import policies
from lianxin.activities.models import Activity, PlanLine, Session, YearPlan
from lianxin.activities.policies import Reader
from lianxin.activities.rules.kinds import Kind
from lianxin.activities.rules.states import State
from lianxin.activities.selectors.kinds import kind_of
from lianxin.activities.selectors.saying import month_name
from lianxin.allocation.api import Claim
from lianxin.allocation.api import State as ClaimState
from lianxin.kit import clock
from lianxin.kit.workdays import SHANGHAI
from lianxin.orgs.api import Organisation

FIRST_YEAR, LAST_YEAR = 2000, 2100
MOST_LINES = 200


@dataclass(kw_only=True, slots=True)
class Held:
    """What was held of an activity in the year: how many times, how many people; times still ahead."""

    times: int = 0
    came: int = 0
    ahead: int = 0


@dataclass(frozen=True, kw_only=True, slots=True)
class PlanRow:
    """One line of the page: planned, or held without having been planned (`line` is None)."""

    line: PlanLine | None
    title: str
    kind: Kind
    activity: Activity | None
    budget_fen: int
    people: int
    held: Held
    state: str
    tone: str


@dataclass(frozen=True, slots=True)
class PlanMonth:
    """A month and its lines."""

    number: int
    name: str
    rows: list[PlanRow]


@dataclass(frozen=True, kw_only=True, slots=True)
class PlanPage:
    """The year: its months, its sums; `plan` is None while nothing was written."""

    organisation: Organisation
    year: int
    plan: YearPlan | None
    months: list[PlanMonth]
    budget_fen: int
    people: int
    planned: int
    times: int
    came: int
    has_before: bool = False
    years: list[int] = field(default_factory=list)


def year_now() -> int:
    """Return this year in the city."""
    return clock.today().year


def year_read(typed: str) -> int:
    """Read a year as typed; this one where it makes no sense."""
    year = int(typed) if typed.isascii() and typed.isdigit() and len(typed) == 4 else 0
    return year if FIRST_YEAR <= year <= LAST_YEAR else year_now()


def plan_page(organisation: Organisation, year: int) -> PlanPage:
    """Gather the year of a union for its desk. Six queries, whatever its length."""
    plan = YearPlan.objects.filter(organisation=organisation, year=year).first()
    lines = list(plan.lines.select_related("activity", "before").order_by("month", "changed_at", "pk")) if plan else []  # fmt: skip
    sessions = list(_sessions(organisation, year))
    held = _held(sessions)
    by_month: dict[int, list[PlanRow]] = defaultdict(list)
    for line in lines:
        by_month[line.month].append(_row(line, line.activity, held))
    told = {line.activity_id for line in lines}
    for activity, month in _besides(sessions, told):
        by_month[month].append(_row(activity, activity, held))
    everything = [row for rows in by_month.values() for row in rows]
    return PlanPage(
        organisation=organisation,
        year=year,
        plan=plan,
        months=[_month(year, number, by_month[number]) for number in range(1, 13) if by_month[number]],
        budget_fen=sum(row.budget_fen for row in everything),
        people=sum(row.people for row in everything),
        planned=len(lines),
        times=sum(one.times for one in held.values()),
        came=sum(one.came for one in held.values()),
        has_before=PlanLine.objects.filter(plan__organisation=organisation, plan__year=year - 1).exists(),
        years=[year - 1, year, year + 1],
    )  # fmt: skip


def public_plan(reader: Reader, organisation: Organisation, year: int) -> list[PlanMonth] | None:
    """Return what everybody may read of a year: what is planned when, never sums; None where it is not published.

    An activity is led to only where whoever reads may see it. Three queries.
    """
    plan = YearPlan.objects.filter(organisation=organisation, year=year, published_at__isnull=False).first()  # fmt: skip
    if plan is None:
        return None
    lines = list(plan.lines.select_related("activity").order_by("month", "changed_at", "pk"))
    ids = [line.activity_id for line in lines if line.activity_id]
    seen = set(policies.visible_to(reader, Activity.objects.filter(pk__in=ids, state=State.PUBLISHED)).values_list("pk", flat=True))  # fmt: skip
    by_month: dict[int, list[PlanRow]] = defaultdict(list)
    for line in lines:
        by_month[line.month].append(
            _row(line, line.activity if line.activity_id in seen else None, {})
        )
    return [_month(year, number, rows) for number, rows in sorted(by_month.items())]


def year_of_public_plan(organisation: Organisation) -> int | None:
    """Return this year where everybody may read the plan of it, else None. One query."""
    year = year_now()
    rows = YearPlan.objects.filter(organisation=organisation, year=year, published_at__isnull=False)
    return year if rows.exists() else None


def line_of(line_id: uuid.UUID) -> PlanLine | None:
    """Return a line with its plan. One query."""
    return PlanLine.objects.select_related("plan__organisation").filter(pk=line_id).first()


def activities_for(organisation: Organisation, year: int, line: PlanLine | None) -> list[Activity]:
    """List what of the union a line could have become: not taken by another line. One query."""
    taken = PlanLine.objects.filter(activity__isnull=False)
    if line is not None:
        taken = taken.exclude(pk=line.pk)
    rows = Activity.objects.filter(organisation=organisation).exclude(
        pk__in=taken.values("activity")
    )
    first, last = _span(year)
    within = Q(sessions__starts_at__gte=first, sessions__starts_at__lt=last) | Q(sessions=None)
    return list(rows.filter(within).distinct().order_by("-made_at")[:100])


def came_in(pool_ids: Iterable[uuid.UUID]) -> dict[uuid.UUID, int]:
    """Count who came to each: places seen at the door; where nobody was, those held. One query."""
    listed = list(pool_ids)
    rows = Claim.objects.filter(pool_id__in=listed).values("pool_id")
    had = Sum("size", filter=Q(state=ClaimState.CONFIRMED))
    sums = rows.annotate(seen=Sum("used"), had=had)
    counted = {row["pool_id"]: row["seen"] or row["had"] or 0 for row in sums}
    return {pool_id: counted.get(pool_id, 0) for pool_id in listed}


def _sessions(organisation: Organisation, year: int) -> QuerySet[Session]:
    first, last = _span(year)
    rows = Session.objects.filter(
        organisation=organisation, starts_at__gte=first, starts_at__lt=last
    )
    return rows.select_related("activity").order_by("starts_at", "pk")


def _held(sessions: list[Session]) -> dict[uuid.UUID, Held]:
    over = [one for one in sessions if one.is_over and not one.is_off and one.activity.standing is State.PUBLISHED]  # fmt: skip
    open_still = [one.pool_id for one in over if one.came is None and one.pool_id is not None]
    counted = came_in(open_still)
    found: dict[uuid.UUID, Held] = defaultdict(Held)
    for one in over:
        entry = found[one.activity_id]
        entry.times += 1
        entry.came += one.came if one.came is not None else counted.get(one.pool_id, 0) if one.pool_id else 0  # fmt: skip
    for one in sessions:
        if not one.is_over and not one.is_off and one.activity.standing is State.PUBLISHED:
            found[one.activity_id].ahead += 1
    return found


def _row(
    said: PlanLine | Activity, activity: Activity | None, held: dict[uuid.UUID, Held]
) -> PlanRow:
    """Make a row of a line, or of an activity that stands in none; `activity` is what is led to."""
    line = said if isinstance(said, PlanLine) else None
    entry = held.get(activity.pk, Held()) if activity else Held()
    state, tone = _standing(activity, entry)
    return PlanRow(
        line=line, title=said.title, kind=kind_of(said.kind), activity=activity,
        budget_fen=line.budget_fen if line else 0, people=line.people if line else 0,
        held=entry, state=state, tone=tone,
    )  # fmt: skip


def _standing(activity: Activity | None, held: Held) -> tuple[str, str]:
    if activity is None:
        return _("in the plan"), ""
    match activity.standing:
        case State.DRAFT | State.ASKED:
            return _("draft"), ""
        case State.OFF:
            return _("called off"), "late"
    if held.times and not held.ahead:
        return _("held"), "yes"
    return _("published"), "ask"


def _besides(sessions: list[Session], told: set[uuid.UUID | None]) -> list[tuple[Activity, int]]:
    """Return what takes place without standing in a line, by the month of its first time."""
    found: dict[uuid.UUID, tuple[Activity, int]] = {}
    for one in sessions:
        if one.activity_id not in told and one.activity_id not in found:
            found[one.activity_id] = (one.activity, one.starts_at.astimezone(SHANGHAI).month)
    return list(found.values())


def _month(year: int, number: int, rows: list[PlanRow]) -> PlanMonth:
    return PlanMonth(number, month_name(dt.date(year, number, 1)), rows)


def _span(year: int) -> tuple[dt.datetime, dt.datetime]:
    first, last = (dt.datetime(one, 1, 1, tzinfo=SHANGHAI) for one in (year, year + 1))
    return first.astimezone(dt.UTC), last.astimezone(dt.UTC)
