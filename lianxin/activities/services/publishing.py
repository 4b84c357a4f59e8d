"""From a draft to what people see, and its being called off as a whole."""

from __future__ import annotations

import uuid

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from lianxin.activities import policies
from lianxin.activities.events import ActivityPublished
from lianxin.activities.models import Activity, Habit
from lianxin.activities.rules.states import Move, MoveError, State, moved
from lianxin.activities.selectors.checking import faults_of, lookers_for, wants_second_look
from lianxin.activities.services.holding import held, noted
from lianxin.activities.services.sessions import call_off, pool_for
from lianxin.audit import api as audit
from lianxin.jobs import api as jobs
from lianxin.kit import clock
from lianxin.kit.errors import ForbiddenError, RefusedError, StaleError
from lianxin.kit.text import clean
from lianxin.kit.transactions import atomic
from lianxin.notify.api import notify
from lianxin.orgs.api import Actor, Organisation


def activity_publish(*, actor: Actor, activity_id: uuid.UUID) -> Activity:
    """Let people see an activity and sign up; again changes nothing. Publishes ActivityPublished.

    Raises:
        ForbiddenError: not for this organisation, or one's own where a second person looks.
        RefusedError: something people must know is missing.
        StaleError: it was called off.
    """
    with atomic():
        activity = held(actor, activity_id)
        if activity.standing is State.PUBLISHED:
            return activity
        second = wants_second_look(activity.organisation)
        if not policies.may_publish(actor, activity, wants_second_look=second):
            raise ForbiddenError(_("Your union wants a second person to look first. Please ask a colleague."))  # fmt: skip
        if missing := faults_of(activity):
            raise RefusedError(missing[0].words, field=missing[0].field)
        _step(activity, Move.PUBLISH)
        activity.published_at, activity.published_by_id = clock.now(), actor.account_id
        activity.look_words = ""
        activity.save()
        for session in activity.sessions.filter(starts_at__gt=clock.now()).order_by("pk"):
            session.activity = activity
            pool_for(actor, session)
        noted(actor, activity, "published")
        jobs.publish(
            ActivityPublished(activity_id=activity.pk, organisation_id=activity.organisation_id)
        )
    return activity


def activity_ask(*, actor: Actor, activity_id: uuid.UUID) -> Activity:
    """Ask a colleague to look before it is published; again asks nobody twice.

    Raises:
        ForbiddenError: not for this organisation.
        RefusedError: something people must know is missing.
        StaleError: it is published already.
    """
    with atomic():
        activity = held(actor, activity_id)
        if activity.standing is State.ASKED:
            return activity
        if missing := faults_of(activity):
            raise RefusedError(missing[0].words, field=missing[0].field)
        _step(activity, Move.ASK)
        activity.changed_at = clock.now()
        activity.save(update_fields=["state", "changed_at"])
        noted(actor, activity, "asked")
        for account_id in lookers_for(activity) - {actor.account_id}:
            _told_to_look(activity, account_id)
    return activity


def activity_take_back(*, actor: Actor, activity_id: uuid.UUID) -> Activity:
    """Take back what one asked a colleague to look at, to change it; again changes nothing.

    Raises:
        ForbiddenError: somebody else made it.
        StaleError: it is published already.
    """
    with atomic():
        activity = held(actor, activity_id)
        if actor.account_id is None or actor.account_id != activity.made_by_id:
            raise ForbiddenError(_("Only whoever made it takes it back."))
        if activity.standing is State.DRAFT:
            return activity
        _step(activity, Move.SEND_BACK)
        activity.save(update_fields=["state"])
        noted(actor, activity, "taken_back")
    return activity


def activity_send_back(*, actor: Actor, activity_id: uuid.UUID, words: str) -> Activity:
    """Send it back to whoever made it, with what should be better.

    Raises:
        ForbiddenError: not for this organisation.
        RefusedError: no words.
        StaleError: it does not wait for anybody.
    """
    said = clean(words)[:200]
    if not said:
        raise RefusedError(_("Say in one sentence what should be better."), field="words")
    with atomic():
        activity = held(actor, activity_id)
        _step(activity, Move.SEND_BACK)
        activity.look_words = said
        activity.save(update_fields=["state", "look_words"])
        noted(actor, activity, "sent_back")
        if activity.made_by_id is not None and activity.made_by_id != actor.account_id:
            notify(
                account_id=activity.made_by_id,
                kind="activity.sent_back",
                title=gettext_lazy("Your activity came back with a remark"),
                body=activity.title,
                url=reverse("activities:desk_activity", args=[activity.pk]),
                key=f"activity.sent_back:{activity.pk}:{clock.now():%Y%m%d%H%M%S}",
            )
    return activity


def activity_call_off(*, actor: Actor, activity_id: uuid.UUID, words: str) -> Activity:
    """Call off all that is still ahead; everybody who signed up is told. Again changes nothing.

    Raises:
        ForbiddenError: not for this organisation.
        RefusedError: no reason given.
        StaleError: nobody has seen it yet.
    """
    said = clean(words)[:200]
    if not said:
        raise RefusedError(_("Say why in one sentence; people have planned for it."), field="words")
    with atomic():
        activity = held(actor, activity_id)
        if activity.standing is State.OFF:
            return activity
        ahead = activity.sessions.filter(off_at=None, ends_at__gt=clock.now())
        for session in ahead.select_related("pool").order_by("pk"):
            session.activity = activity
            call_off(actor, session, said)
        _step(activity, Move.CALL_OFF)
        activity.off_words, activity.changed_at = said, clock.now()
        activity.save(update_fields=["state", "off_words", "changed_at"])
        noted(actor, activity, "called_off")
    return activity


def habit_set(*, actor: Actor, organisation_id: uuid.UUID, wants_second_look: bool) -> Habit:
    """Say whether somebody else looks at each activity of a union before it is published.

    Again changes nothing.

    Raises:
        ForbiddenError: the actor arranges nothing for this organisation.
    """
    organisation = Organisation.objects.get(pk=organisation_id)
    if not policies.may_arrange(actor, organisation):
        raise ForbiddenError(_("You do not arrange activities for this organisation."))
    with atomic():
        habit, _made = Habit.objects.select_for_update().get_or_create(organisation=organisation)
        if habit.wants_second_look == wants_second_look:
            return habit
        habit.wants_second_look = wants_second_look
        habit.save(update_fields=["wants_second_look"])
        audit.record(
            actor_id=actor.account_id,
            action="activity.habit_set",
            kind="orgs.Organisation",
            object_id=organisation.pk,
            detail={"wants_second_look": wants_second_look},
        )
    return habit


def _step(activity: Activity, move: Move) -> None:
    try:
        activity.state = moved(activity.standing, move)
    except MoveError:
        raise StaleError(_("Somebody was faster; please look at it once more.")) from None


def _told_to_look(activity: Activity, account_id: uuid.UUID) -> None:
    notify(
        account_id=account_id,
        kind="activity.asked",
        title=gettext_lazy("An activity waits for a second look"),
        body=activity.title,
        url=reverse("activities:desk_activity", args=[activity.pk]),
        key=f"activity.asked:{activity.pk}:{activity.changed_at:%Y%m%d%H%M%S}",
    )
