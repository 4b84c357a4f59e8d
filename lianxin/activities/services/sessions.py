"""One time of an activity: its places, its changes, its end."""

from __future__ import annotations

import datetime as dt
import uuid
from collections.abc import Callable
from typing import Any

from django.utils.translation import gettext as _

from lianxin.activities.constants import POOL_KIND
from lianxin.activities.events import SessionCalledOff, SessionChanged
from lianxin.activities.models import Activity, Session, Stop, Telling
from lianxin.activities.rules.changes import changes
from lianxin.activities.rules.seating import seats_of
from lianxin.activities.rules.states import State
from lianxin.activities.selectors.showing import stop_lines
from lianxin.activities.services.holding import held_session, left_alone, noted
from lianxin.activities.services.telling import reminders_plan, telling_begin
from lianxin.activities.services.terms import (
    SessionTerms,
    check_session,
    needs_end,
    plain,
    pool_terms,
)
from lianxin.allocation import api as allocation
from lianxin.jobs import api as jobs
from lianxin.kit import clock
from lianxin.kit.errors import RefusedError, StaleError
from lianxin.kit.text import clean
from lianxin.kit.transactions import atomic
from lianxin.orgs.api import Actor


def session_change(*, actor: Actor, session_id: uuid.UUID, terms: SessionTerms) -> Session:
    """Change when, where or for how many; of what is published, everybody who signed up is told once.

    Places that are added go to those who wait. Publishes SessionChanged.

    Raises:
        ForbiddenError: not for this organisation.
        RefusedError: fewer places than are held, or times that make no sense.
        StaleError: it is over, was called off, or a colleague looks at it.
    """
    with atomic():
        session = held_session(actor, session_id)
        left_alone(actor, session.activity)
        if session.is_off or session.is_over:
            raise StaleError(_("This is over, so it stays as it is."))
        check_session(terms, least=session.activity.least, is_drawn=needs_end(session.activity))
        if terms.starts_at <= clock.now() and terms.starts_at != session.starts_at:
            raise RefusedError(_("This time is past already."), field="starts_at")
        if (terms.capacity is None) != (session.capacity is None) and session.pool is not None:
            raise RefusedError(_("People have signed up, so there must be a number of places."), field="capacity")  # fmt: skip
        if session.pool is not None and seats_of(terms.seats) != seats_of(session.seats):
            raise RefusedError(_("Sign-up for these seats has been opened, so they stay as they are."), field="seats")  # fmt: skip
        before = facts_of(session)
        values = plain(terms)
        if all(getattr(session, name) == value for name, value in values.items()):
            return session
        for name, value in values.items():
            setattr(session, name, value)
        session.save()
        if session.activity.standing is State.PUBLISHED:
            _published_change(actor, session, before)
        noted(actor, session.activity, "time_changed", session=str(session.pk))
    return session


def session_call_off(*, actor: Actor, session_id: uuid.UUID, words: str) -> Session:
    """Call one time off; everybody who signed up is told. Again changes nothing.

    Publishes SessionCalledOff.

    Raises:
        ForbiddenError: not for this organisation.
        RefusedError: no reason given.
        StaleError: it is over, or nobody has seen it yet.
    """
    said = clean(words)[:200]
    if not said:
        raise RefusedError(_("Say why in one sentence; people have planned for it."), field="words")
    with atomic():
        session = held_session(actor, session_id)
        if session.off_at is not None:
            return session
        if session.is_over or session.activity.standing is not State.PUBLISHED:
            raise StaleError(_("Only what people can see and what is still ahead can be called off."))  # fmt: skip
        call_off(actor, session, said)
        noted(actor, session.activity, "time_called_off", session=str(session.pk))
    return session


def session_drop(*, actor: Actor, session_id: uuid.UUID) -> None:
    """Take a time out of a draft; one that is gone already stays gone.

    Raises:
        ForbiddenError: not for this organisation.
        RefusedError: it was published; call it off instead.
        StaleError: a colleague looks at it.
    """
    if not Session.objects.filter(pk=session_id).exists():
        return
    with atomic():
        session = held_session(actor, session_id)
        left_alone(actor, session.activity)
        if session.activity.standing not in {State.DRAFT, State.ASKED}:
            raise RefusedError(_("People have seen this. It can be called off, not thrown away."))
        session.delete()
        noted(actor, session.activity, "time_dropped")


def pool_for(actor: Actor, session: Session) -> None:
    """Open the places of a session that has a number of them and has not begun."""
    if session.capacity is None or session.pool is not None or session.has_begun:
        return
    session.pool = allocation.pool_open(
        actor=actor,
        organisation_id=session.organisation_id,
        kind=POOL_KIND,
        object_id=session.pk,
        terms=pool_terms(session),
        seats=seats_of(session.seats),
    )
    session.save(update_fields=["pool"])
    reminders_plan(session)


def call_off(actor: Actor, session: Session, words: str) -> None:
    """Call a held session off."""
    session.off_at, session.off_words, session.changed_at = clock.now(), words, clock.now()
    session.revision += 1
    session.save(update_fields=["off_at", "off_words", "changed_at", "revision"])
    if session.pool is not None:
        allocation.pool_call_off(actor=actor, pool_id=session.pool.pk)
    jobs.publish(SessionCalledOff(session_id=session.pk, organisation_id=session.organisation_id))


def sessions_follow(activity: Activity) -> Callable[[Actor], None]:
    """Remember how the sessions ahead stand; called once the activity or its stops changed, it has them follow."""
    rows = activity.sessions.filter(off_at=None, ends_at__gt=clock.now()).select_related("pool")
    sessions = list(rows.order_by("pk"))
    for session in sessions:
        session.activity = activity
    stops = _stops(activity)
    before = {session.pk: facts_of(session) for session in sessions}

    def follow(actor: Actor) -> None:
        stops_now = _stops(activity)
        for session in sessions:
            was, now = stop_lines(session, stops), stop_lines(session, stops_now)
            # Of twenty stops only those are told that are others now, or at another time.
            before[session.pk]["stops"] = "; ".join(one for one in was if one not in now)
            after = {"stops": "; ".join(one for one in now if one not in was)}
            _published_change(actor, session, before[session.pk], after)

    return follow


def facts_of(session: Session) -> dict[str, str]:
    """Return what people who come must know of a session, as plain values."""
    activity = session.activity
    cost = f"{activity.cost_fen} {activity.cost_words}" if activity.cost_fen else ""
    return {
        "starts_at": _iso(session.starts_at),
        "ends_at": _iso(session.ends_at),
        "place": session.place,
        "address": session.address,
        "cost": cost,
        "bring": activity.bring,
        "contact": f"{activity.contact_name} {activity.contact_phone}".strip(),
    }


def _stops(activity: Activity) -> list[Stop]:
    return list(Stop.objects.filter(activity=activity).order_by("number"))


def _published_change(
    actor: Actor, session: Session, before: dict[str, str], after: dict[str, str] | None = None
) -> None:
    """Let the places follow, and have what is different told; `after`: what stands in no session."""
    if session.pool is not None and session.pool.off_at is None:
        session.pool = allocation.pool_change(
            actor=actor, pool_id=session.pool.pk, terms=pool_terms(session)
        )
    elif session.capacity is not None:
        pool_for(actor, session)
    changed = list(changes(before, facts_of(session) | (after or {})))
    if not changed:
        return
    session.revision += 1
    session.changed_at = clock.now()
    session.changed = [_plain(one) for one in changed]
    session.save(update_fields=["revision", "changed", "changed_at"])
    if session.pool is not None:
        telling_begin(
            session,
            Telling.Kind.CHANGED,
            key=f"changed:{session.revision}",
            whom=Telling.Whom.LIVING,
            changed=session.changed,
            made_by_id=actor.account_id,
        )
        reminders_plan(session)
    jobs.publish(SessionChanged(session_id=session.pk, revision=session.revision))


def _plain(change: Any) -> dict[str, str]:
    return {"name": change.name, "before": change.before, "after": change.after}


def _iso(at: dt.datetime) -> str:
    return at.astimezone(dt.UTC).isoformat()
