"""The one-time code: sent to a phone, typed back once, in the same browser, within minutes.

Every number gets the same answer, known or not: who has an account here is nobody's business.
Limits are counted for the phone and for the browser, never for a network address: a factory
behind one address must not be locked out. A device its owner trusts has a count of its own, so
that strangers who use up a number's codes do not keep her out.
"""

from __future__ import annotations

import datetime as dt
import hmac
import uuid

from django.conf import settings
from django.db import IntegrityError
from django.utils import timezone
from django.utils.translation import gettext as _

from lianxin.accounts import rules, selectors
from lianxin.accounts.models import Challenge, Device, SignIn, User
from lianxin.accounts.policies import is_trusted
from lianxin.kit import clock
from lianxin.kit.errors import RefusedError, StaleError
from lianxin.kit.ids import new_id
from lianxin.kit.transactions import atomic
from lianxin.notify import api as notify
from lianxin.vault import api as vault

DAY = dt.timedelta(days=1)


def code_send(
    *,
    browser: str,
    phone: str,
    next_url: str = "",
    is_shared: bool = False,
    change_for: User | None = None,
    outside: Challenge | None = None,
) -> SignIn:
    """Send a code to a number and begin a run; within a minute the running one is returned.

    `change_for` is the signed-in account that wants this number as its own. `outside` is an
    identity proved in this browser that is linked to the account this run leads to.

    Raises:
        RefusedError: this is no mobile number, or too many codes went out for it or from here.
    """
    if not browser:
        raise RefusedError(
            _("Please try once more. If this comes again, allow cookies for this site.")
        )
    number = rules.normal_phone(phone, strict=not settings.DEMO)
    if not number:
        raise RefusedError(
            _("This does not look like a mobile number. It has eleven digits and begins with 1."),
            field="phone",
        )
    index = selectors.phone_index(number)
    known = any(
        is_trusted(row) for row in Device.objects.filter(key=browser, account__phone_index=index)
    )
    purpose = "change" if change_for else "sign_in"
    running = _running(index, browser, purpose)
    if running:
        return _with_outside(running, outside)
    turn = _next_turn(index, browser, known=known)
    run = SignIn(
        id=new_id(),
        browser=browser,
        phone=number,
        phone_index=index,
        from_trusted=known,
        is_shared=is_shared,
        next_url=next_url[:500],
        purpose=purpose,
        account=change_for,
        outside=outside,
        turn=turn,
        sent_at=clock.now(),
        expires_at=clock.now() + rules.CODE_LIFE,
    )
    try:
        _begin(run, number)
    except IntegrityError:
        # The second of two taps: the first has sent the code.
        running = _running(index, browser, purpose)
        if running is None:
            raise RefusedError(_wait_sentence(), field="phone") from None
        return running
    return run


def code_send_again(*, run_id: uuid.UUID, browser: str) -> SignIn:
    """Send a new code for a run and begin another in its place; see `code_send`."""
    run = SignIn.objects.get(pk=run_id, browser=browser)
    return code_send(
        browser=browser,
        phone=selectors.phone_of_run(run),
        next_url=run.next_url,
        is_shared=run.is_shared,
        change_for=run.account if run.purpose == "change" else None,
        outside=run.outside,
    )


def code_prove(*, run_id: uuid.UUID, browser: str, code: str) -> SignIn:
    """Take the code of a run; the right one again from the same browser within a minute is fine.

    Raises:
        RefusedError: wrong code (a try is counted).
        StaleError: the code is too old, used, or was guessed at too often; a new one is needed.
    """
    with atomic():
        run = SignIn.objects.select_for_update().get(pk=run_id, browser=browser)
        verdict = _judge(run, rules.typed_code(code))
        if verdict == "wrong":
            run.tries += 1
            run.save(update_fields=["tries"])
        elif verdict == "right":
            run.proved_at = run.proved_at or clock.now()
            run.save(update_fields=["proved_at"])
    left = rules.CODE_TRIES - run.tries
    if verdict == "spent" or (verdict == "wrong" and left <= 0):
        raise StaleError(_("This code no longer counts. Let us send you a new one."), field="code")
    if verdict == "wrong":
        raise RefusedError(
            _("That is not the code we sent. Please look at the newest message once more."),
            field="code",
        )
    return run


def _judge(run: SignIn, typed: str) -> str:
    now = clock.now()
    same = hmac.compare_digest(run.code_digest, _digest(run.pk, typed))
    if run.tries >= rules.CODE_TRIES:
        return "spent"
    if run.proved_at is not None:
        return "right" if same and run.proved_at + rules.REPLAY_GRACE >= now else "spent"
    if run.expires_at < now:
        return "spent"
    return "right" if same else "wrong"


def _digest(run_id: uuid.UUID, code: str) -> str:
    return vault.blind_index(f"{run_id}:{code}", purpose="sign_in_code")


def _with_outside(run: SignIn, outside: Challenge | None) -> SignIn:
    if run.outside_id != (outside.pk if outside else None):
        run.outside = outside
        with atomic():
            run.save(update_fields=["outside"])
    return run


def _running(index: str, browser: str, purpose: str) -> SignIn | None:
    since = clock.now() - rules.RESEND_AFTER
    runs = SignIn.objects.filter(
        phone_index=index,
        browser=browser,
        purpose=purpose,
        sent_at__gt=since,
        proved_at=None,
        tries__lt=rules.CODE_TRIES,
    )
    return runs.order_by("-sent_at").first()


def _next_turn(index: str, browser: str, *, known: bool) -> str:
    now = clock.now()
    day = clock.today()
    mine = SignIn.objects.filter(phone_index=index, from_trusted=known, sent_at__gt=now - DAY)
    times = sorted(mine.values_list("sent_at", flat=True))
    if times and times[-1] > now - rules.RESEND_AFTER:
        raise RefusedError(_wait_sentence(), field="phone")
    here = SignIn.objects.filter(browser=browser, sent_at__gt=now - DAY).count()
    if len(times) >= rules.CODES_A_DAY_FOR_A_PHONE or here >= rules.CODES_A_DAY_FROM_A_BROWSER:
        raise RefusedError(
            _(
                "Many codes were asked for today, so we stop here to protect this number. Please try again tomorrow, or call 12351: a person will help you."
            ),
            field="phone",
        )
    number = sum(1 for at in times if timezone.localdate(at) == day)
    return rules.turn_of(index, is_trusted=known, day=day, number=number)


def _begin(run: SignIn, number: str) -> None:
    code = rules.new_code()
    run.code_digest = _digest(run.pk, code)
    text = _(
        "[Lianxin] %(code)s is your code to sign in. It holds for 5 minutes. Nobody from the union will ever ask you for it."
    ) % {"code": code}
    with atomic():
        # A newer code makes the older one void.
        SignIn.objects.filter(
            phone_index=run.phone_index, browser=run.browser, proved_at=None
        ).update(expires_at=clock.now() - dt.timedelta(seconds=1))
        run.save(force_insert=True)
        notify.sms_send(number, text, key=f"accounts.code:{run.pk}", useful_for=rules.CODE_LIFE)


def _wait_sentence() -> str:
    return _("A code is on its way to this number. Please wait a minute before asking for another.")
