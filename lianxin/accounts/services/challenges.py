"""What a browser is asked to bring back once: made, bound to it, and used up by its first answer."""

from __future__ import annotations

import datetime as dt
import json
import uuid
from collections.abc import Mapping
from typing import Any

from django.utils.translation import gettext as _

from lianxin.accounts import rules
from lianxin.accounts.models import Challenge, SignIn, User
from lianxin.kit import clock
from lianxin.kit.errors import RefusedError, StaleError
from lianxin.kit.ids import new_id
from lianxin.kit.transactions import atomic
from lianxin.vault import api as vault


def challenge_make(
    *,
    browser: str,
    kind: str,
    purpose: str,
    secret: Mapping[str, Any],
    account_id: uuid.UUID | None = None,
    next_url: str = "",
) -> Challenge:
    """Keep what an answer will be compared with; only this browser can bring it.

    Raises:
        RefusedError: the browser keeps no cookies, or asked too often within an hour.
    """
    if not browser:
        raise RefusedError(
            _("Please try once more. If this comes again, allow cookies for this site.")
        )
    now = clock.now()
    since = now - dt.timedelta(hours=1)
    with atomic():
        made = Challenge.objects.filter(browser=browser, made_at__gt=since).count()
        if made >= rules.CHALLENGES_AN_HOUR:
            raise RefusedError(_("That was tried very often from here. Please wait an hour."))
        return Challenge.objects.create(
            id=new_id(),
            browser=browser,
            kind=kind,
            purpose=purpose,
            account_id=account_id,
            secret=json.dumps(secret),
            next_url=next_url[:500],
            made_at=now,
        )


def challenge_take(
    *,
    challenge_id: uuid.UUID,
    browser: str,
    kind: str,
    purposes: tuple[str, ...],
    account_id: uuid.UUID | None = None,
) -> tuple[Challenge, dict[str, Any]]:
    """Use a challenge up and return it with its secret; a second answer finds nothing.

    Raises:
        StaleError: none of this browser, of another purpose or account, too old, or used.
    """
    now = clock.now()
    with atomic():
        rows = Challenge.objects.select_for_update().filter(
            pk=challenge_id, browser=browser, kind=kind, purpose__in=purposes, used_at=None
        )
        found = rows.filter(made_at__gt=now - rules.CHALLENGE_LIFE).first() if browser else None
        # A link belongs to the account that asked for it; signing in belongs to none.
        if found is None or found.account_id != account_id:
            raise StaleError(_("This took too long or was sent already. Please begin once more."))
        # For the machine only, which compares.
        secret = json.loads(vault.reveal(found, "secret"))
        found.used_at, found.secret = now, None
        found.save(update_fields=["used_at", "secret"])
    return found, secret


def way_run(
    *,
    browser: str,
    way: str,
    account: User,
    next_url: str,
    is_shared: bool = False,
    is_identified: bool = False,
    outside: Challenge | None = None,
) -> SignIn:
    """Begin a run of signing in at the stage a proved number reaches: what follows is the same.

    `is_identified`: the way itself shows who she is, so an unknown device asks no more. `outside`:
    an identity to be linked once she is in.

    Raises:
        RefusedError: the account is closed.
    """
    if not account.is_active:
        raise RefusedError(_("This does not open an account here. Please sign in by phone."))
    now, key = clock.now(), new_id()
    with atomic():
        return SignIn.objects.create(
            id=key,
            browser=browser,
            way=way,
            account=account,
            phone_index="",
            code_digest="",
            is_shared=is_shared,
            next_url=next_url,
            turn=f"way:{key}",
            sent_at=now,
            expires_at=now,
            proved_at=now,
            identified_at=now if is_identified else None,
            outside=outside,
        )
