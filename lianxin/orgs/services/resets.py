"""A new first password for an officer who stands before one: two people, and she is told (双人授权).

Whoever gets into an officer's account acts with all she is entrusted with. So both who ask and who
agrees must be able to give every post she holds or stands in for, neither is she herself, and only
the one before whom she stands ever sees the password, which she changes at first use.
"""

from __future__ import annotations

import datetime as dt
import uuid

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from lianxin.accounts import api as accounts
from lianxin.audit import api as audit
from lianxin.kit import clock
from lianxin.kit.errors import ForbiddenError, RefusedError
from lianxin.kit.transactions import atomic
from lianxin.notify import api as notify
from lianxin.orgs.models import OfficerReset, Post
from lianxin.orgs.policies import may_agree_to_reset, may_hand, may_reset, may_stop
from lianxin.orgs.rules import RESET_HOURS, Actor
from lianxin.orgs.selectors import actor_of, posts_borne, resetters_of
from lianxin.orgs.services.posts import account_lock

State = OfficerReset.State
RUNNING = (State.OPEN, State.CONFIRMED)


def reset_ask(*, actor: Actor, post: Post, also_factors: bool) -> OfficerReset:
    """Ask for a new first password for the holder of a post; asked before, it is the same request.

    She and everybody who may say yes are told.

    Raises:
        ForbiddenError: about oneself, or she holds posts out of the actor's reach.
        RefusedError: she has no login name, or nobody else could say yes.
    """
    with atomic():
        user = account_lock(post.account_id)
        posts = posts_borne(user.pk)
        if actor.account_id is None or not may_reset(actor, user.pk, posts):
            raise ForbiddenError(_("She holds posts you do not give. Ask the union above, or whoever runs the system."))  # fmt: skip
        if not user.login_name:
            raise RefusedError(_("This account has no login name."))
        running = OfficerReset.objects.filter(account=user, state__in=RUNNING).first()
        if running is not None and running.expires_at > clock.now():
            return running
        if running is not None:
            _settle(Actor.system(), running, State.LAPSED)
        seconds = resetters_of(user.pk, posts) - {actor.account_id}
        if not seconds:
            raise RefusedError(
                _("Nobody else could say yes. Ask whoever runs the system: they can do it at the console.")
            )  # fmt: skip
        reset = OfficerReset.objects.create(
            account=user, organisation=post.organisation, also_factors=also_factors,
            asked_by_id=actor.account_id, expires_at=clock.now() + dt.timedelta(hours=RESET_HOURS),
        )  # fmt: skip
        _record(actor, "orgs.reset_asked", reset)
        _tell_seconds(reset, seconds)
        _tell_her(reset, "asked")
    return reset


def reset_confirm(*, actor: Actor, reset_id: uuid.UUID) -> OfficerReset:
    """Say yes as the second person; nothing happens to the account yet. Again changes nothing.

    Raises:
        ForbiddenError: the actor asked for it herself, it is about her, or it is out of her reach.
        RefusedError: it was answered otherwise, or has lapsed.
    """
    with atomic():
        reset = _locked(reset_id)
        if not may_agree_to_reset(actor, reset, posts_borne(reset.account_id)):
            raise ForbiddenError(_("Only a second person who may give all her posts can say yes."))
        if reset.state == State.CONFIRMED and reset.confirmed_by == actor.account_id:
            return reset
        _still(reset, State.OPEN)
        reset.state, reset.confirmed_by = State.CONFIRMED, actor.account_id
        reset.save(update_fields=["state", "confirmed_by"])
        _record(actor, "orgs.reset_confirmed", reset)
        notify.notify(
            account_id=reset.asked_by_id, kind="reset.confirmed", urgent=True,
            title=gettext_lazy("A second person said yes"),
            body=gettext_lazy("You can hand the new password over now."),
            url=reverse("orgs:reset", args=[reset.pk]), key=f"reset.confirmed:{reset.pk}",
        )  # fmt: skip
    return reset


def reset_refuse(*, actor: Actor, reset_id: uuid.UUID) -> OfficerReset:
    """Say no: as the second person, as the one who asked, or as the officer herself ("not me")."""
    with atomic():
        reset = _locked(reset_id)
        if may_stop(actor, reset):
            state = State.STOPPED
        elif actor.account_id == reset.asked_by_id:
            state = State.WITHDRAWN
        elif may_agree_to_reset(actor, reset, posts_borne(reset.account_id)):
            state = State.REFUSED
        else:
            raise ForbiddenError(_("Only a second person who may give all her posts can answer."))
        if reset.state == state:
            return reset
        _still(reset, *RUNNING)
        _settle(actor, reset, state)
        if state != State.WITHDRAWN:
            notify.notify(
                account_id=reset.asked_by_id, kind="reset.refused", urgent=True,
                title=gettext_lazy("No new password"),
                body=gettext_lazy("It was answered with no. See by whom at the desk."),
                url=reverse("orgs:reset", args=[reset.pk]), key=f"reset.refused:{reset.pk}",
            )  # fmt: skip
    return reset


def reset_hand(*, actor: Actor, reset_id: uuid.UUID) -> str:
    """Make the first password and return it, once, to the one who asked; "" if it was made before.

    Every session of hers ends, no device is trusted any more; where she lost it, app, passkeys and
    recovery codes go too. She is told who asked and who agreed.

    Raises:
        ForbiddenError: somebody else asked, or her posts have grown out of the actor's reach.
        RefusedError: nobody said yes, it has lapsed, or who said yes may not give all her posts now.
    """
    with atomic():
        # Her account first, as whoever gives her a post does: none is added between look and deed.
        account_lock(_account_of(reset_id))
        reset = _locked(reset_id)
        posts = posts_borne(reset.account_id)
        if not may_hand(actor, reset, posts):
            raise ForbiddenError(_("Only the one who asked hands the password over."))
        if reset.state == State.HANDED:
            return ""
        _still(reset, State.CONFIRMED)
        if not may_agree_to_reset(actor_of(reset.confirmed_by), reset, posts):
            raise RefusedError(
                _("Whoever said yes may not give all her posts any more. Please take this back and ask anew.")
            )  # fmt: skip
        password = accounts.password_hand(
            actor_id=actor.account_id, account_id=reset.account_id, also_factors=reset.also_factors
        )
        _settle(actor, reset, State.HANDED)
        _tell_her(reset, "handed")
    return password


def resets_lapse() -> int:
    """Let the requests lapse that came to no end in time; return how many."""
    due = OfficerReset.objects.filter(state__in=RUNNING, expires_at__lte=clock.now())
    count = 0
    for pk in list(due.values_list("pk", flat=True)):
        with atomic():
            reset = OfficerReset.objects.select_for_update().get(pk=pk)
            if reset.state in RUNNING:
                _settle(Actor.system(), reset, State.LAPSED)
                count += 1
    return count


def _account_of(reset_id: uuid.UUID) -> uuid.UUID:
    rows = OfficerReset.objects.filter(pk=reset_id).values_list("account_id", flat=True)
    found: uuid.UUID | None = rows.first()
    if found is None:
        raise ForbiddenError(_("There is no such request."))
    return found


def _locked(reset_id: uuid.UUID) -> OfficerReset:
    rows = OfficerReset.objects.select_for_update(of=("self",)).select_related("organisation")
    found = rows.filter(pk=reset_id).first()
    if found is None:
        raise ForbiddenError(_("There is no such request."))
    return found


def _still(reset: OfficerReset, *states: str) -> None:
    if reset.state not in states or reset.expires_at <= clock.now():
        raise RefusedError(_("This was answered already, or has lapsed."))


def _settle(actor: Actor, reset: OfficerReset, state: str) -> None:
    reset.state, reset.settled_at, reset.settled_by = state, clock.now(), actor.account_id
    reset.save(update_fields=["state", "settled_at", "settled_by"])
    _record(actor, f"orgs.reset_{state}", reset)


def _tell_seconds(reset: OfficerReset, seconds: set[uuid.UUID]) -> None:
    for account_id in sorted(seconds):
        notify.notify(
            account_id=account_id, kind="reset.asked", urgent=True,
            title=gettext_lazy("A colleague’s new password waits for your yes"),
            body=gettext_lazy("She stands before the one who asked. Ring them up if you are not sure."),
            url=reverse("orgs:reset", args=[reset.pk]), key=f"reset.asked:{reset.pk}",
        )  # fmt: skip


def _tell_her(reset: OfficerReset, what: str) -> None:
    titles = {
        "asked": gettext_lazy("Somebody asks for a new password to your desk"),
        "handed": gettext_lazy("A new password to your desk was handed out"),
    }
    notify.notify(
        account_id=reset.account_id, kind="reset.told", urgent=True, title=titles[what],
        body=gettext_lazy("If you do not know of it, say so here at once, and call 12351."),
        url=reverse("orgs:reset_own", args=[reset.pk]), key=f"reset.{what}.her:{reset.pk}",
    )  # fmt: skip


def _record(actor: Actor, action: str, reset: OfficerReset) -> None:
    audit.record(
        actor_id=actor.account_id, action=action, kind="orgs.OfficerReset", object_id=reset.pk,
        subject_id=reset.account_id,
        detail={"organisation": str(reset.organisation_id), "factors": reset.also_factors},
    )  # fmt: skip
