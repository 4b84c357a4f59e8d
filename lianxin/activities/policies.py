"""Who reads an activity, who arranges it, who looks at it before it is published."""

from __future__ import annotations

from dataclasses import dataclass

from django.db.models import Q, QuerySet

from lianxin.activities.models import Activity, Session
from lianxin.activities.rules.states import State
from lianxin.orgs.api import Ability, Actor, Organisation, reach_q


@dataclass(frozen=True, slots=True)
class Reader:
    """Who looks: whoever acts, and the line of unions she belongs to (paths; none off the roll)."""

    actor: Actor
    line: tuple[str, ...] = ()
    district_code: str = ""

    @property
    def is_member(self) -> bool:
        return bool(self.line)


def sessions_visible_to(reader: Reader, sessions: QuerySet[Session]) -> QuerySet[Session]:
    """Keep the sessions of published activities that are public, or of a union of her line."""
    own = Q(organisation__path__in=reader.line) if reader.line else Q(pk__in=[])
    arranged = reach_q(reader.actor, Ability.PLACES_MANAGE)
    seen = Q(activity__state__in=[State.PUBLISHED, State.OFF])
    return sessions.filter(seen, Q(activity__is_public=True) | own | arranged)


def visible_to(reader: Reader, activities: QuerySet[Activity]) -> QuerySet[Activity]:
    """The same of activities; whoever arranges them also sees drafts."""
    own = Q(organisation__path__in=reader.line) if reader.line else Q(pk__in=[])
    arranged = reach_q(reader.actor, Ability.PLACES_MANAGE)
    seen = Q(state__in=[State.PUBLISHED, State.OFF])
    return activities.filter((seen & (Q(is_public=True) | own)) | arranged)


def is_of_union(reader: Reader, session: Session) -> bool:
    """Whoever is on the roll of the very union that arranges it, not of one below."""
    return bool(reader.line) and max(reader.line, key=len) == session.organisation.path


def may_arrange(actor: Actor, organisation: Organisation) -> bool:
    """Whoever arranges activities and places for an organisation."""
    return actor.can(Ability.PLACES_MANAGE, organisation.path)


def may_list(actor: Actor, session: Session) -> bool:
    """Open who comes, to run it: officers at the union itself. Whoever reaches it from above sees numbers."""
    posts = actor.with_ability(Ability.PLACES_MANAGE)
    return session.organisation_id in {post.organisation_id for post in posts}


def arranged_by(actor: Actor, activities: QuerySet[Activity]) -> QuerySet[Activity]:
    """Keep the activities in the reach of whoever arranges them."""
    return activities.filter(reach_q(actor, Ability.PLACES_MANAGE))


def sessions_arranged_by(actor: Actor, sessions: QuerySet[Session]) -> QuerySet[Session]:
    """Keep the sessions in the reach of whoever arranges them."""
    return sessions.filter(reach_q(actor, Ability.PLACES_MANAGE))


def may_publish(actor: Actor, activity: Activity, *, wants_second_look: bool) -> bool:
    """Whoever arranges it; where a second look is wanted, somebody else than who made it."""
    if not may_arrange(actor, activity.organisation):
        return False
    is_maker = actor.account_id is not None and actor.account_id == activity.made_by_id
    return not (wants_second_look and is_maker)
