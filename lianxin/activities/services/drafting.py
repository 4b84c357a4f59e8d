"""Writing an activity before it is seen: a draft, a copy of the last time, its times, its stops."""

from __future__ import annotations

import datetime as dt
import uuid
from collections.abc import Sequence
from dataclasses import replace

from django.utils.translation import gettext as _

from lianxin.activities import policies
from lianxin.activities.models import Activity, Session, Stop
from lianxin.activities.rules.states import State
from lianxin.activities.selectors.searching import find_key_of
from lianxin.activities.services.borrowing import lenders_of
from lianxin.activities.services.holding import held, held_to_change, noted, put
from lianxin.activities.services.sessions import pool_for, sessions_follow
from lianxin.activities.services.terms import (
    FIXED,
    ActivityTerms,
    SessionTerms,
    StopTerms,
    check_activity,
    check_session,
    needs_end,
    plain,
    terms_of,
)
from lianxin.files import api as files
from lianxin.kit import clock
from lianxin.kit.errors import ForbiddenError, RefusedError, StaleError
from lianxin.kit.ids import new_id
from lianxin.kit.transactions import atomic
from lianxin.kit.workdays import SHANGHAI
from lianxin.orgs.api import Actor, Organisation

MOST_SESSIONS = 200  # of one activity
MOST_STOPS = 20


def activity_draft(
    *,
    actor: Actor,
    organisation_id: uuid.UUID,
    terms: ActivityTerms,
    times: Sequence[SessionTerms] = (),
    key: str,
) -> Activity:
    """Begin an activity; nobody else sees it yet. Of one key there is one.

    Raises:
        ForbiddenError: the actor arranges nothing for this organisation.
        RefusedError: something makes no sense, at its field.
    """
    organisation = Organisation.objects.get(pk=organisation_id)
    if not policies.may_arrange(actor, organisation):
        raise ForbiddenError(_("You do not arrange activities for this organisation."))
    check_activity(terms)
    with atomic():
        found = Activity.objects.filter(organisation=organisation, key=key).first()
        if found is not None:
            return found
        activity = Activity(
            organisation=organisation, key=key, made_by_id=actor.account_id, **plain(terms)
        )
        activity.find_key = find_key_of(activity, organisation.name)
        activity.series = str(
            activity.pk
        )  # what "never had one" looks back at; a copy goes on with it
        activity.save(force_insert=True)
        _add(activity, times)
        noted(actor, activity, "drafted")
    return activity


def activity_edit(*, actor: Actor, activity_id: uuid.UUID, terms: ActivityTerms) -> Activity:
    """Change a draft, or the words of what is published.

    Of what is published, everybody who signed up is told where it is now, what it costs, what to
    bring and whom to call; what people relied on when they signed up stays as it is. Publishes
    SessionChanged.

    Raises:
        ForbiddenError: not for this organisation.
        RefusedError: something makes no sense, at its field.
        StaleError: it was called off, or a colleague looks at it.
    """
    check_activity(terms)
    with atomic():
        activity = held_to_change(actor, activity_id)
        if activity.standing is State.OFF:
            raise StaleError(_("This was called off and stays so."))
        before = terms_of(activity)
        is_seen = activity.standing is State.PUBLISHED
        if is_seen:
            terms = replace(terms, **{name: getattr(before, name) for name in FIXED})
        if terms == before:
            return activity
        told_before = sessions_follow(activity) if is_seen else None
        put(activity, plain(terms))
        Session.objects.filter(activity=activity).update(district_code=activity.district_code)
        if told_before is not None:
            told_before(actor)
        noted(actor, activity, "edited")
    return activity


def activity_drop(*, actor: Actor, activity_id: uuid.UUID) -> None:
    """Throw a draft away; one that is gone already stays gone.

    Raises:
        ForbiddenError: not for this organisation.
        RefusedError: it was published; call it off instead.
    """
    if not Activity.objects.filter(pk=activity_id).exists():
        return
    with atomic():
        activity = held(actor, activity_id)
        if activity.standing not in {State.DRAFT, State.ASKED}:
            raise RefusedError(_("People have seen this. It can be called off, not thrown away."))
        cover = activity.cover
        noted(actor, activity, "dropped")
        activity.delete()
        if cover is not None:
            files.picture_drop(cover, actor_id=actor.account_id)


def activity_copy(
    *, actor: Actor, activity_id: uuid.UUID, starts_on: dt.date, key: str
) -> Activity:
    """Begin a draft from what was done before: same words, form and stops, its first time on another day.

    Raises:
        ForbiddenError: not for this organisation.
    """
    source = Activity.objects.select_related("organisation", "cover").get(pk=activity_id)
    first = source.sessions.order_by("starts_at").first()
    times = [_moved(first, starts_on)] if first is not None else []
    with atomic():
        copy = activity_draft(
            actor=actor,
            organisation_id=source.organisation_id,
            terms=terms_of(source),
            times=times,
            key=key,
        )
        if copy.copied_from_id is None and copy.pk != source.pk:
            copy.copied_from = source
            copy.series = source.series
            if source.cover is not None and actor.account_id is not None:
                copy.cover = files.picture_copy(source.cover, actor_id=actor.account_id)
            copy.save(update_fields=["copied_from", "series", "cover"])
            _stops_copy(source, copy)
    return copy


def sessions_add(
    *, actor: Actor, activity_id: uuid.UUID, times: Sequence[SessionTerms]
) -> list[Session]:
    """Add times to an activity; one that begins at the same moment under the same name is there already.

    Of what is published, places can be asked for at once.

    Raises:
        ForbiddenError: not for this organisation.
        RefusedError: a time that makes no sense, is past, or is one too many.
        StaleError: it was called off, or a colleague looks at it.
    """
    with atomic():
        activity = held_to_change(actor, activity_id)
        if activity.standing is State.OFF:
            raise StaleError(_("This was called off and stays so."))
        added = _add(activity, times)
        if activity.standing is State.PUBLISHED:
            for session in added:
                pool_for(actor, session)
        if added:
            activity.changed_at = clock.now()
            activity.save(update_fields=["changed_at"])
            noted(actor, activity, "times_added", count=len(added))
    return added


def stops_set(*, actor: Actor, activity_id: uuid.UUID, stops: Sequence[StopTerms]) -> list[Stop]:
    """Write the stops of a route, in the order in which one comes by.

    Of what is published, everybody who signed up is told which stop is another one now, or at
    another time. Publishes SessionChanged.

    Raises:
        ForbiddenError: not for this organisation.
        RefusedError: too many, one without a name, two at the same minute, or at a place that is not
            booked for the union.
        StaleError: a colleague looks at it.
    """
    ordered = sorted(stops, key=lambda one: one.after_minutes)
    if len(ordered) > MOST_STOPS:
        raise RefusedError(_("Twenty stops are the most one day holds."))
    if any(not one.title.strip() for one in ordered):
        raise RefusedError(_("Each stop needs a name."))
    if len({one.after_minutes for one in ordered}) != len(ordered):
        raise RefusedError(_("Nobody is at two stops at the same minute."))
    with atomic():
        activity = held_to_change(actor, activity_id)
        told_before = sessions_follow(activity) if activity.standing is State.PUBLISHED else None
        lenders = lenders_of(activity, [one.booking_id for one in ordered if one.booking_id])
        Stop.objects.filter(activity=activity).delete()
        made = [
            Stop(
                activity=activity,
                number=number,
                partner=lenders[one.booking_id] if one.booking_id else "",
                **plain(one),
            )
            for number, one in enumerate(ordered, start=1)
        ]
        Stop.objects.bulk_create(made)
        if told_before is not None:
            told_before(actor)
        noted(actor, activity, "stops_set", count=len(made))
    return made


def _add(activity: Activity, times: Sequence[SessionTerms]) -> list[Session]:
    for one in times:
        check_session(one, least=activity.least, is_drawn=needs_end(activity))
        if one.starts_at <= clock.now():
            raise RefusedError(_("This time is past already."), field="starts_at")
    there = set(activity.sessions.values_list("starts_at", "label"))
    fresh = {(one.starts_at, one.label): one for one in times}
    fresh = {key: one for key, one in fresh.items() if key not in there}
    if len(there) + len(fresh) > MOST_SESSIONS:
        raise RefusedError(_("That is more than two hundred times; begin another activity for them."))  # fmt: skip
    made = [
        Session(
            activity=activity,
            organisation=activity.organisation,
            district_code=activity.district_code,
            **plain(one),
        )
        for one in fresh.values()
    ]
    return Session.objects.bulk_create(made)


def _moved(session: Session, to: dt.date) -> SessionTerms:
    """Return the terms of a session on another day, at the same time of day."""
    by = to - session.starts_at.astimezone(SHANGHAI).date()
    return SessionTerms(
        starts_at=session.starts_at + by,
        ends_at=session.ends_at + by,
        label=session.label,
        capacity=session.capacity,
        seats=session.seats,
        own_place=session.own_place,
        own_address=session.own_address,
    )


def _stops_copy(source: Activity, copy: Activity) -> None:
    stops = list(source.stops.order_by("number"))
    for stop in stops:
        stop.pk, stop.activity, stop._state.adding = new_id(), copy, True  # noqa: SLF001  (Django's own way to copy a row)
        stop.booking, stop.partner = None, ""  # it was lent for the day of the source
    Stop.objects.bulk_create(stops)
