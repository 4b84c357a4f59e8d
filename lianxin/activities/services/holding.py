"""An activity held for writing, and the line in the trail each writing leaves."""

from __future__ import annotations

import uuid
from typing import Any

from django.utils.translation import gettext as _

from lianxin.activities import policies
from lianxin.activities.models import Activity, Session
from lianxin.activities.rules.states import State
from lianxin.activities.selectors.searching import find_key_of
from lianxin.audit import api as audit
from lianxin.kit import clock
from lianxin.kit.errors import ForbiddenError, StaleError
from lianxin.orgs.api import Ability, Actor


def held(actor: Actor, activity_id: uuid.UUID) -> Activity:
    """Lock an activity one arranges; use it inside `atomic`. Always before its sessions and pools.

    Raises:
        ForbiddenError: there is no such activity of hers.
    """
    rows = Activity.objects.select_for_update(of=("self",)).select_related("organisation")
    found = rows.filter(pk=activity_id).first()
    if found is None or not policies.may_arrange(actor, found.organisation):
        raise ForbiddenError(_("You do not arrange activities for this organisation."))
    return found


def held_to_change(actor: Actor, activity_id: uuid.UUID) -> Activity:
    """Lock an activity one arranges and may change now; use it inside `atomic`.

    Raises:
        ForbiddenError: there is no such activity of hers.
        StaleError: a colleague looks at it, so whoever made it leaves it as it stands.
    """
    found = held(actor, activity_id)
    left_alone(actor, found)
    return found


def left_alone(actor: Actor, activity: Activity) -> None:
    """Refuse a change under a colleague's eyes: what she publishes is what she has read.

    Raises:
        StaleError: a colleague looks at what the actor made.
    """
    is_maker = actor.account_id is not None and actor.account_id == activity.made_by_id
    if is_maker and activity.standing is State.ASKED:
        raise StaleError(_("A colleague is just looking at it. Take it back first, then change it."))  # fmt: skip


def held_session(actor: Actor, session_id: uuid.UUID) -> Session:
    """Lock a session one arranges, its activity first.

    Raises:
        ForbiddenError: there is no such session of hers.
    """
    activity_id = (
        Session.objects.filter(pk=session_id).values_list("activity_id", flat=True).first()
    )
    activity = held(actor, activity_id) if activity_id else None
    if activity is None:
        raise ForbiddenError(_("You do not arrange activities for this organisation."))
    session = Session.objects.select_for_update(of=("self",)).select_related("pool").get(pk=session_id)  # fmt: skip
    session.activity = activity
    return session


def put(activity: Activity, values: dict[str, Any]) -> None:
    """Write columns of an activity, and what search reads of it."""
    for name, value in values.items():
        setattr(activity, name, value)
    activity.changed_at = clock.now()
    activity.find_key = find_key_of(activity, activity.organisation.name)
    activity.save()


def noted(actor: Actor, activity: Activity, deed: str, **detail: Any) -> None:
    """Leave a line in the trail; nobody's words stand in it."""
    stands_in = actor.stands_in(Ability.PLACES_MANAGE, activity.organisation.path)
    audit.record(
        actor_id=actor.account_id,
        action=f"activity.{deed}",
        kind="activities.Activity",
        object_id=activity.pk,
        detail={**stands_in, **detail},
    )
