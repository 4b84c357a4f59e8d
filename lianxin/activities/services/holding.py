"""An activity held for writing, and the line in the trail each writing leaves."""

from __future__ import annotations

import uuid
from typing import Any

from django.utils.translation import gettext as _

from lianxin.activities import policies
from lianxin.activities.models import Activity, Session
from lianxin.activities.selectors.searching import find_key_of
from lianxin.audit import api as audit
from lianxin.kit import clock
from lianxin.kit.errors import ForbiddenError
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
