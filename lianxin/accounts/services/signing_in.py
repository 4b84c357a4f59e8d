"""From a proved code to an account: who is it, has she agreed, and what if the number is new to her.

Numbers are handed on by the carriers. Whoever holds one now proves only that; on a device we do
not know, the person behind the account has to show who she is before the account opens. One who
says "that is not me" gets a fresh account, and the old one lets go of the number.
"""

from __future__ import annotations

import datetime as dt
import uuid
from collections.abc import Iterable
from contextlib import suppress
from dataclasses import dataclass

from django.utils.translation import gettext as _

from lianxin.accounts import conf, rules, selectors
from lianxin.accounts.events import PhoneChanged
from lianxin.accounts.models import Attempt, Device, SignIn, User
from lianxin.accounts.policies import check_of
from lianxin.accounts.rules import Stage
from lianxin.accounts.services.devices import device_keep
from lianxin.accounts.services.outside import identity_keep
from lianxin.accounts.services.people import account_create, agreement_give, phone_let_go
from lianxin.audit import api as audit
from lianxin.jobs import api as jobs
from lianxin.kit import clock
from lianxin.kit.errors import RefusedError, StaleError
from lianxin.kit.transactions import atomic

IDENTITY = "identity"


@dataclass(frozen=True, kw_only=True)
class SignedIn:
    """Where a finished run led: the account, and its row of this browser."""

    user: User
    device: Device
    is_shared: bool
    next_url: str


def identity_prove(*, run_id: uuid.UUID, browser: str, answer: str) -> SignIn:
    """Check the answer of the person behind the account.

    Raises:
        RefusedError: wrong (a try is counted), or no tries are left today.
        StaleError: the run is too old.
    """
    with atomic():
        run = _locked(run_id, browser, Stage.WHO, Stage.AGREE, Stage.DONE)
        account = _locked_holder(run)
        if account is None or selectors.stage_of(run) is not Stage.WHO:
            return run
        left = tries_left(account)
        right = left > 0 and _answered(account, answer)
        if right:
            run.account, run.identified_at = account, clock.now()
            run.save(update_fields=["account", "identified_at"])
            # Somebody opened a known account on a device it did not know: its owner may want to see.
            audit.record(
                actor_id=account.pk,
                action="accounts.identity_proved",
                kind="accounts.User",
                object_id=account.pk,
                subject_id=account.pk,
            )
        elif left > 0:
            Attempt.objects.create(account=account, kind=IDENTITY, at=clock.now())
    if not right:
        raise _not_identified(left - 1)
    return run


def person_prove(*, account_id: uuid.UUID, answer: str) -> None:
    """Ask a signed-in person who she is before something that could lock her out.

    Raises:
        RefusedError: wrong (a try is counted), or no tries are left today.
    """
    with atomic():
        account = User.objects.select_for_update().get(pk=account_id)
        if check_of(account) is None:
            return
        left = tries_left(account)
        right = left > 0 and _answered(account, answer)
        if left > 0 and not right:
            Attempt.objects.create(account=account, kind=IDENTITY, at=clock.now())
    if not right:
        raise _not_identified(left - 1)


def tries_left(account: User) -> int:
    """Count the answers about who one is that an account still takes today."""
    since = clock.now() - dt.timedelta(days=1)
    made = Attempt.objects.filter(account=account, kind=IDENTITY, at__gt=since).count()
    return max(0, rules.IDENTITY_TRIES_A_DAY - made)


def number_take_over(*, run_id: uuid.UUID, browser: str) -> SignIn:
    """Hear “this number is mine now, that account is not me”: the old account lets go of it.

    Publishes PhoneReleased. The former holder gets back in through an officer, in person.

    Raises:
        StaleError: the run is too old.
    """
    with atomic():
        run = _locked(run_id, browser, Stage.WHO, Stage.AGREE)
        account = _locked_holder(run) if run.way == selectors.PHONE else None
        if account is not None and selectors.stage_of(run) is Stage.WHO:
            phone_let_go(account, actor_id=None, reason="new_holder")
    return run


def run_agree(*, run_id: uuid.UUID, browser: str, agreed: Iterable[str]) -> SignIn:
    """Take the agreement; the first one of a number creates its account.

    Raises:
        RefusedError: not every document was agreed to.
        StaleError: the run is too old.
    """
    wanted = conf.documents()
    if set(wanted) - set(agreed):
        raise RefusedError(
            _(
                "We may begin only once you have agreed to each line. You need not: all public pages are open to you without signing in."
            ),
            field="agreed",
        )
    with atomic():
        run = _locked(run_id, browser, Stage.AGREE, Stage.DONE)
        account = _locked_holder(run)
        if account is None:
            if run.way != selectors.PHONE:
                raise StaleError(_spent())
            account = account_create(phone=selectors.phone_of_run(run), is_verified=True)
            run.identified_at = clock.now()
        run.account = account
        run.save(update_fields=["account", "identified_at"])
        agreement_give(account=account, documents=wanted)
    return run


def run_refuse(*, run_id: uuid.UUID, browser: str) -> None:
    """Forget the number of somebody who did not agree; only its digest counts the day's codes."""
    with atomic():
        SignIn.objects.filter(pk=run_id, browser=browser, finished_at=None).update(
            phone=None, proved_at=None, expires_at=clock.now()
        )


def run_finish(*, run_id: uuid.UUID, browser: str, label: str, is_kiosk: bool = False) -> SignedIn:
    """Lead a finished run to its account; the browser's row is made, trusted unless it is shared.

    Raises:
        StaleError: something still stands before, or the run was used.
    """
    with atomic():
        run = _locked(run_id, browser, Stage.DONE)
        user = _locked_holder(run)
        if user is None or not user.is_active or run.purpose != "sign_in":
            raise StaleError(_spent())
        if run.finished_at is None:
            run.is_shared = run.is_shared or is_kiosk
            run.device = device_keep(
                account=user, browser=browser, label=label, trusts=not run.is_shared
            )
            run.account, run.finished_at = user, clock.now()
            run.phone = None
            run.save(update_fields=["device", "account", "finished_at", "phone", "is_shared"])
            if run.way == selectors.PHONE:
                User.objects.filter(pk=user.pk).update(phone_verified_at=clock.now())
            # On a borrowed device nothing is linked, and an officer shows her second factor first.
            may_link = not run.is_shared and not selectors.has_password(user)
            if run.outside is not None and may_link:
                # One that opens another account stays there; she is in all the same.
                with suppress(RefusedError):
                    identity_keep(account=user, challenge=run.outside)
        elif run.finished_at + rules.REPLAY_GRACE < clock.now() or run.device is None:
            raise StaleError(_spent())
        return SignedIn(
            user=user, device=run.device, is_shared=run.is_shared, next_url=run.next_url
        )


def phone_change(*, actor_id: uuid.UUID, run_id: uuid.UUID, browser: str) -> User:
    """Give a signed-in account the number it has just proved; a former holder lets go of it.

    Publishes PhoneReleased for both, and PhoneChanged. Other devices are signed out.

    Raises:
        StaleError: the run is too old or not this account's.
    """
    with atomic():
        run = SignIn.objects.select_for_update().get(pk=run_id, browser=browser)
        if run.purpose != "change" or run.account_id != actor_id or run.proved_at is None:
            raise StaleError(_spent())
        user = User.objects.select_for_update().get(pk=actor_id)
        if user.phone_index == run.phone_index:
            return user
        former = User.objects.filter(phone_index=run.phone_index).first()
        if former:
            phone_let_go(former, actor_id=actor_id, reason="changed_hands")
        number = selectors.phone_of_run(run)
        phone_let_go(user, actor_id=actor_id, reason="changed_by_holder", keep=browser)
        user.phone, user.phone_index = number, run.phone_index
        user.phone_verified_at = clock.now()
        user.save(update_fields=["phone", "phone_index", "phone_verified_at"])
        run.finished_at, run.phone = clock.now(), None
        run.save(update_fields=["finished_at", "phone"])
        jobs.publish(PhoneChanged(account_id=user.pk))
    return user


def _locked(run_id: uuid.UUID, browser: str, *stages: Stage) -> SignIn:
    run = SignIn.objects.select_for_update(of=("self",)).filter(pk=run_id, browser=browser).first()
    if run is None or selectors.stage_of(run) not in stages:
        raise StaleError(_spent())
    return run


def _locked_holder(run: SignIn) -> User | None:
    if run.way != selectors.PHONE:
        rows = User.objects.select_for_update()
        return rows.filter(pk=run.account_id).first() if run.account_id else None
    return User.objects.select_for_update().filter(phone_index=run.phone_index).first()


def _answered(account: User, answer: str) -> bool:
    asked = check_of(account)
    return asked is not None and asked[0].verify(account, answer)


def _not_identified(left: int) -> RefusedError:
    if left <= 0:
        return RefusedError(
            _(
                "That did not fit, and for today it is enough. Please come to your union with your identity card, or call 12351: they will open the door for you."
            ),
            field="answer",
        )
    return RefusedError(
        _("That does not fit this account. Please look at your identity card and try once more."),
        field="answer",
    )


def _spent() -> str:
    return _("This sign-in took too long or is already over. Please begin once more.")
