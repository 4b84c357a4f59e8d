"""Telling everybody who signed up: of a change, of a word of the organiser, that it is tomorrow.

A telling is written down in the transaction that made it necessary; a job carries it out in
batches, each in a transaction of its own together with how far it has come.
"""

from __future__ import annotations

import datetime as dt
import uuid
from typing import Any

from django.db.models import QuerySet
from django.urls import reverse
from django.utils.translation import gettext as _

from lianxin.activities import policies
from lianxin.activities.models import Asking, Session, Telling
from lianxin.activities.rules.reminding import Reminder, reminders
from lianxin.activities.rules.states import State
from lianxin.activities.selectors.letters import words_of
from lianxin.activities.selectors.opinions import came_to
from lianxin.activities.services.holding import noted
from lianxin.allocation.api import HOLDING, LIVE, Claim
from lianxin.jobs import api as jobs
from lianxin.kit import clock
from lianxin.kit.errors import ForbiddenError, RefusedError, StaleError
from lianxin.kit.text import clean
from lianxin.kit.transactions import atomic
from lianxin.notify.api import notify, words_for
from lianxin.orgs.api import Actor

BATCH = 100
WORDS_A_DAY = 3
LONGEST = 500
# Told so shortly before, it is carried outside at once; else the inbox and its digest carry it.
NEAR = {
    Telling.Kind.CHANGED: dt.timedelta(days=1),
    Telling.Kind.WORD: dt.timedelta(hours=6),
    Telling.Kind.DAY: dt.timedelta(0),
    Telling.Kind.HOURS: dt.timedelta(hours=4),
    Telling.Kind.HOW: dt.timedelta.min,  # never
}


def telling_begin(
    session: Session, kind: Telling.Kind, *, key: str, whom: Telling.Whom, **said: Any
) -> Telling:
    """Write a telling down and have it carried out; inside `atomic`. Of one key there is one."""
    telling, is_new = Telling.objects.get_or_create(
        session=session, key=key, defaults={"kind": kind, "whom": whom, **said}
    )
    if is_new:
        jobs.enqueue("activities.tell_people", payload={"telling_id": str(telling.pk)})
    return telling


def word_send(*, actor: Actor, session_id: uuid.UUID, words: str, whom: str, key: str) -> Telling:
    """Send a word of the organiser to everybody who signed up; again sends nothing twice.

    Raises:
        ForbiddenError: the actor does not arrange this.
        RefusedError: no words, too many, or too often in a day.
        StaleError: there is nobody to tell any more.
    """
    said = clean(words)
    if not said or len(said) > LONGEST:
        raise RefusedError(_("One to five hundred characters, please."), field="words")
    with atomic():
        rows = Session.objects.select_for_update(of=("self",))
        session = rows.select_related("activity__organisation", "organisation").get(pk=session_id)
        if not policies.may_arrange(actor, session.organisation):
            raise ForbiddenError(_("You do not arrange activities for this organisation."))
        if sent := Telling.objects.filter(session=session, key=key).first():
            return sent
        if session.pool_id is None or session.is_off or session.forgotten_at is not None:
            raise StaleError(_("There is nobody to tell any more."))
        day = clock.now() - dt.timedelta(days=1)
        recent = Telling.objects.filter(session=session, kind=Telling.Kind.WORD, made_at__gt=day)
        if recent.count() >= WORDS_A_DAY:
            raise RefusedError(_("Three messages in a day are enough. Please call those it concerns."), field="words")  # fmt: skip
        chosen = Telling.Whom(whom) if whom in Telling.Whom.values else Telling.Whom.LIVING
        telling = telling_begin(session, Telling.Kind.WORD, key=key, whom=chosen, words=said, made_by_id=actor.account_id)  # fmt: skip
        noted(actor, session.activity, "word_sent", session=str(session.pk))
    return telling


def telling_stop(*, actor: Actor, telling_id: uuid.UUID) -> Telling:
    """Stop a telling: whoever was not told yet is not told. Again changes nothing.

    Raises:
        ForbiddenError: the actor does not arrange this.
    """
    with atomic():
        telling = _held(telling_id)
        if not policies.may_arrange(actor, telling.session.organisation):
            raise ForbiddenError(_("You do not arrange activities for this organisation."))
        if telling.is_running:
            telling.stopped_at = clock.now()
            telling.save(update_fields=["stopped_at"])
            noted(actor, telling.session.activity, "telling_stopped")
    return telling


def telling_run(telling_id: uuid.UUID) -> int:
    """Tell everybody who was not told yet, batch by batch; return how many were told now."""
    told = 0
    while batch := _batch_tell(telling_id):
        told += batch
    return told


def reminders_plan(session: Session) -> None:
    """Have people reminded; what is due already is left out. A session that moves is planned anew."""
    now = clock.now()
    for due in reminders(session.starts_at):
        if due.at > now:
            jobs.enqueue(
                "activities.remind_people",
                payload={
                    "session_id": str(session.pk),
                    "reminder": due.reminder,
                    "starts_at": session.starts_at.isoformat(),
                },
                run_at=due.at,
                key=f"activities.remind:{session.pk}:{due.reminder}:{session.starts_at:%Y%m%d%H%M}",
            )


def remind(*, session_id: uuid.UUID, reminder: str, starts_at: str) -> Telling | None:
    """Begin a reminder, unless the session moved or was called off meanwhile."""
    with atomic():
        session = Session.objects.select_related("activity").filter(pk=session_id).first()
        if session is None or session.starts_at.isoformat() != starts_at:
            return None
        is_on = not session.is_off and session.activity.standing is State.PUBLISHED
        if not is_on or session.pool_id is None or session.has_begun:
            return None
        kind = Telling.Kind.DAY if reminder == Reminder.DAY else Telling.Kind.HOURS
        return telling_begin(session, kind, key=f"{kind}:{starts_at}", whom=Telling.Whom.HOLDING)


def _batch_tell(telling_id: uuid.UUID) -> int:
    with atomic():
        telling = _held(telling_id)
        if not telling.is_running:
            return 0
        claims = list(_claims(telling)[:BATCH])
        for claim in claims:
            _tell(telling, claim)
        if claims:
            telling.cursor = claims[-1].pk
            telling.told += len(claims)
        else:
            telling.finished_at = clock.now()
        telling.save(update_fields=["cursor", "told", "finished_at"])
    return len(claims)


def _held(telling_id: uuid.UUID) -> Telling:
    rows = Telling.objects.select_for_update(of=("self",))
    return rows.select_related("session__activity__organisation", "session__organisation").get(pk=telling_id)  # fmt: skip


def _claims(telling: Telling) -> QuerySet[Claim]:
    """Those who signed up before it was said, in the order in which they are told."""
    pool_id = telling.session.pool_id
    if pool_id is None:
        return Claim.objects.none()
    if telling.whom == Telling.Whom.CAME:
        rows = came_to(pool_id)
    else:
        states = HOLDING if telling.whom == Telling.Whom.HOLDING else LIVE
        rows = Claim.objects.filter(pool_id=pool_id, state__in=states, account__isnull=False)
    rows = rows.filter(made_at__lte=telling.made_at)
    if telling.cursor is not None:
        rows = rows.filter(pk__gt=telling.cursor)
    return rows.order_by("pk")


def _tell(telling: Telling, claim: Claim) -> None:
    if claim.account_id is None:
        return
    session = telling.session
    match telling.kind:
        case Telling.Kind.DAY | Telling.Kind.HOURS:
            page = reverse("allocation:claim", args=[claim.pk])
        case Telling.Kind.HOW:
            Asking.objects.get_or_create(session=session, account_id=claim.account_id)
            page = reverse("activities:how", args=[session.pk])
        case _:
            page = reverse("activities:session", args=[session.activity_id, session.pk])
    with words_for(claim.account_id):
        words = words_of(telling)
    notify(
        account_id=claim.account_id,
        kind=f"activity.{telling.kind}",
        title=words.title,
        body=words.body,
        url=page,
        urgent=session.starts_at - clock.now() <= NEAR[Telling.Kind(telling.kind)],
        key=f"activity:{telling.pk}",
    )
