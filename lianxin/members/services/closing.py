"""Close an account: asked for, fifteen working days to think again, then carried out."""

from __future__ import annotations

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from lianxin.accounts import api as accounts
from lianxin.audit import api as audit
from lianxin.kit import clock, workdays
from lianxin.kit.errors import ForbiddenError, RefusedError
from lianxin.kit.transactions import atomic
from lianxin.members.models import Closing
from lianxin.members.rules.privacy import Hold, Person, privacy_erase
from lianxin.members.selectors.people import member_of
from lianxin.notify import api as notify
from lianxin.orgs.api import Actor

# 《常见类型移动互联网应用程序必要个人信息范围规定》 and 国信办秘字〔2019〕191号: within 15 working days.
CLOSING_DAYS = 15


def closing_ask(*, actor: Actor) -> Closing:
    """Ask for one's account to be closed; asked before, it stays as it is.

    Raises:
        ForbiddenError: nobody is signed in.
        RefusedError: she holds a post, which somebody else must take over first.
    """
    account_id = actor.account_id
    if account_id is None:
        raise ForbiddenError(_("Please sign in first."))
    if actor.posts or actor.is_locked:
        raise RefusedError(
            _("You still hold a post. Once it has ended, your account can be closed.")
        )
    with atomic():
        accounts.User.objects.select_for_update().get(pk=account_id)
        running = Closing.objects.filter(account_id=account_id, called_back_at=None, done_at=None)
        found = running.first()
        if found is not None:
            return found
        due_on = workdays.add_workdays(clock.today(), CLOSING_DAYS)
        closing = Closing.objects.create(account_id=account_id, due_on=due_on)
        _record(closing, "members.closing_asked")
        notify.notify(
            account_id=account_id,
            kind="account.closing",
            title=gettext_lazy("Your account will be closed"),
            body=gettext_lazy("Until that day you can call it back with one tap."),
            url=reverse("members:closing"),
            urgent=True,
            key=f"account.closing:{closing.pk}",
        )
    return closing


def closing_call_back(*, actor: Actor) -> None:
    """Keep the account after all; with nothing asked for nothing changes."""
    with atomic():
        rows = Closing.objects.select_for_update().filter(
            account_id=actor.account_id, called_back_at=None, done_at=None
        )
        for closing in rows:
            closing.called_back_at = clock.now()
            closing.save(update_fields=["called_back_at"])
            _record(closing, "members.closing_called_back")


def closings_carry_out() -> int:
    """Close the accounts whose day has come; return how many. Safe to repeat."""
    due = Closing.objects.filter(called_back_at=None, done_at=None, due_on__lte=clock.today())
    pks = list(due.values_list("pk", flat=True))
    for pk in pks:
        with atomic():
            closing = Closing.objects.select_for_update().get(pk=pk)
            if closing.called_back_at is None and closing.done_at is None:
                accounts.account_close(actor_id=closing.account_id)
                closing.done_at = clock.now()
                closing.save(update_fields=["done_at"])
                _record(closing, "members.closing_done")
    return len(pks)


def holds_of(actor: Actor) -> list[Hold]:
    """Name what stays by law when the actor's account is closed, by every app that keeps some."""
    member = member_of(actor.account_id)
    person = Person(account_id=actor.account_id, member_id=member.pk if member else None)
    return [hold for part in privacy_erase if part.holds for hold in part.holds(person)]


def _record(closing: Closing, action: str) -> None:
    audit.record(
        actor_id=closing.account_id,
        action=action,
        kind="members.Closing",
        object_id=closing.pk,
        subject_id=closing.account_id,
        detail={"due_on": closing.due_on.isoformat()},
    )
