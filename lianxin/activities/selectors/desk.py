"""What organisers stand before: what they arrange, what waits, what is planned below."""

from __future__ import annotations

import uuid
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django.db.models import Q, QuerySet

from lianxin.activities import policies
from lianxin.activities.models import Activity, Habit, Session
from lianxin.activities.rules.states import State
from lianxin.activities.selectors.checking import Missing, faults_of, wants_second_look
from lianxin.activities.selectors.kinds import kind_of
from lianxin.activities.selectors.showing import free_of, when_words
from lianxin.allocation.api import Pool, draws_of_pools
from lianxin.kit import clock
from lianxin.kit.paging import Page, page_of
from lianxin.orgs.api import Ability, Actor, Level, Organisation, ancestor_at

A_PAGE = 30
MOST_DRAFTS = 40
MOST_TO_COPY = 12
MOST_TIMES = 80


@dataclass(frozen=True, kw_only=True)
class DeskActivity:
    """An activity as its organiser sees it."""

    activity: Activity
    rows: list[dict[str, Any]]
    missing: list[Missing]
    wants_second_look: bool
    may_publish: bool
    may_take_back: bool
    is_editable: bool


def own_unions(actor: Actor) -> list[Organisation]:
    """List the unions whose activities an officer arranges by a post at them. One query."""
    ids = {post.organisation_id for post in actor.with_ability(Ability.PLACES_MANAGE)}
    return list(Organisation.objects.filter(pk__in=ids).order_by("path"))


def habits_of(actor: Actor) -> list[tuple[Organisation, bool]]:
    """List her own unions, and whether each wants a second look. Two queries."""
    unions = own_unions(actor)
    wanting = Habit.objects.filter(organisation__in=unions, wants_second_look=True)
    codes = set(wanting.values_list("organisation_id", flat=True))
    return [(union, union.pk in codes) for union in unions]


def union_for(actor: Actor, code: str) -> Organisation | None:
    """Return the union an officer chose, if she arranges there; the first of her own for none."""
    if not code:
        return next(iter(own_unions(actor)), None)
    found = Organisation.objects.filter(code=code).first()
    return found if found is not None and policies.may_arrange(actor, found) else None


def session_rows(actor: Actor, *, view: str, after: str | None) -> Page[Session]:
    """List the sessions of an officer's own unions, of those below, or past ones, a page at a time."""
    rows = policies.sessions_arranged_by(actor, Session.objects.seen())
    own = Q(
        organisation__in=[one.organisation_id for one in actor.with_ability(Ability.PLACES_MANAGE)]
    )
    rows = rows.select_related("activity", "organisation", "pool")
    now = clock.now()
    if view == "past":
        return page_of(
            rows.filter(own, ends_at__lte=now), after, size=A_PAGE, order=("-starts_at", "-id")
        )
    rows = rows.filter(ends_at__gt=now)
    rows = rows.exclude(own) if view == "below" else rows.filter(own)
    return page_of(rows, after, size=A_PAGE, order=("starts_at", "id"))


def drafts_of(actor: Actor) -> list[Activity]:
    """List what is being written at her own unions, and what waits for a second look in her reach. One query."""
    own = [one.organisation_id for one in actor.with_ability(Ability.PLACES_MANAGE)]
    waiting = Q(state=State.ASKED) | Q(state=State.DRAFT, organisation__in=own)
    rows = policies.arranged_by(actor, Activity.objects.filter(waiting))
    return list(rows.select_related("organisation").order_by("-changed_at")[:MOST_DRAFTS])


def to_look_at(actor: Actor) -> QuerySet[Activity]:
    """Return what waits for her second look."""
    rows = policies.arranged_by(actor, Activity.objects.filter(state=State.ASKED))
    return rows.exclude(made_by_id=actor.account_id)


def to_copy(organisation: Organisation) -> list[Activity]:
    """List what a union did before, the newest first. One query."""
    rows = Activity.objects.filter(organisation=organisation).exclude(state=State.DRAFT)
    return list(rows.order_by("-made_at")[:MOST_TO_COPY])


def activity_arranged(actor: Actor, activity_id: uuid.UUID) -> Activity | None:
    """Return an activity one arranges. One query."""
    return _arranged(actor).filter(pk=activity_id).first()


def session_arranged(actor: Actor, session_id: uuid.UUID) -> Session | None:
    """Return a session one arranges. One query."""
    rows = policies.sessions_arranged_by(actor, Session.objects.all())
    return rows.select_related("activity__organisation", "organisation", "pool").filter(pk=session_id).first()  # fmt: skip


def desk_activity(actor: Actor, activity: Activity) -> DeskActivity:
    """Gather an activity for its organiser. Four queries at most."""
    sessions = list(
        activity.sessions.select_related("pool").order_by("starts_at", "pk")[:MOST_TIMES]
    )
    for session in sessions:
        session.activity = activity
    is_maker = actor.account_id is not None and actor.account_id == activity.made_by_id
    is_waiting = activity.standing in {State.DRAFT, State.ASKED}
    second = wants_second_look(activity.organisation) if is_waiting else False
    return DeskActivity(
        activity=activity,
        rows=desk_rows(sessions),
        missing=faults_of(activity) if is_waiting else [],
        wants_second_look=second,
        may_publish=is_waiting and policies.may_publish(actor, activity, wants_second_look=second),
        may_take_back=activity.standing is State.ASKED and is_maker,
        is_editable=activity.standing is not State.OFF
        and not (activity.standing is State.ASKED and is_maker),
    )


def desk_rows(sessions: Sequence[Session]) -> list[dict[str, Any]]:
    """Say what the desk shows of sessions: when, how many, how far the draw is; no names. One query."""
    drawn = [one.pool.pk for one in sessions if one.pool and one.pool.method == Pool.Method.DRAW]
    draws = draws_of_pools(drawn)
    return [desk_row(one) | {"draw": draws.get(one.pool.pk) if one.pool else None} for one in sessions]  # fmt: skip


def desk_row(session: Session) -> dict[str, Any]:
    """Say what the desk shows of one session."""
    return {
        "session": session,
        "activity": session.activity,
        "kind": kind_of(session.activity.kind),
        "when": when_words(session),
        "free": free_of(session),
    }


def district_of(organisation: Organisation) -> str:
    """Return the code of the district a union lies in; "" above the districts. One query."""
    found = ancestor_at(organisation, Level.DISTRICT)
    return found.code if found else ""


def _arranged(actor: Actor) -> QuerySet[Activity]:
    rows = Activity.objects.select_related("organisation", "cover", "made_by")
    return policies.arranged_by(actor, rows)
