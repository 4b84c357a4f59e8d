"""Passkeys (WebAuthn): a key the phone or a small stick keeps, opened by finger, face or PIN.

A worker comes in with one alone: it shows that the person who registered it is there, so an
unknown device asks no more. An officer shows one after her password, in place of the app. Rows
lie in allauth's table of authenticators in allauth's own form; beside it stands the counter by
which a copied key is found out. The library is heavy and is loaded when the first passkey comes.
"""

from __future__ import annotations

import json
import uuid
from collections.abc import Iterable
from dataclasses import dataclass
from types import ModuleType
from typing import Any

from allauth.mfa.models import Authenticator
from django.utils.translation import gettext as _

from lianxin.accounts import rules, selectors
from lianxin.accounts.models import SignIn, User
from lianxin.accounts.services.challenges import challenge_make, challenge_take, way_run
from lianxin.accounts.services.factors import recovery_codes_renew
from lianxin.audit import api as audit
from lianxin.kit import clock
from lianxin.kit.errors import RefusedError
from lianxin.kit.text import clean
from lianxin.kit.transactions import atomic

KIND = selectors.PASSKEY
WEBAUTHN = Authenticator.Type.WEBAUTHN
REGISTER, PROVE, SIGN_IN = "link", "prove", "sign_in"
LONGEST = 20_000  # characters of an answer; a passkey's has one or two thousand


@dataclass(frozen=True, kw_only=True)
class Site:
    """Whom a passkey is for: our domain, the one origin that may ask, our name."""

    domain: str
    origin: str
    name: str


def passkey_ask(
    *, site: Site, browser: str, purpose: str, user: User | None = None, next_url: str = ""
) -> tuple[uuid.UUID, dict[str, Any]]:
    """Make a challenge; return its id and the options the browser's own dialog wants.

    Raises:
        RefusedError: too many challenges, or the account has as many passkeys as it may.
    """
    fido = _fido()
    held = [row.data["credential"] for row in selectors.passkeys_of(user)] if user else None
    if purpose == REGISTER and user is not None:
        if len(held or ()) >= rules.PASSKEYS:
            raise RefusedError(_("You have ten passkeys already. Please remove one first."))
        options, state = fido.creation(
            site.domain, site.name, user_id=user.pk, user_name=_name_of(user), held=held or ()
        )
    else:
        options, state = fido.request(site.domain, site.name, held=held)
    made = challenge_make(
        browser=browser,
        kind=KIND,
        purpose=purpose,
        secret=state,
        account_id=user.pk if user else None,
        next_url=next_url,
    )
    return made.pk, options


def passkey_register(
    *, site: Site, browser: str, account_id: uuid.UUID, challenge_id: uuid.UUID, answer: str, name: str
) -> list[str]:  # fmt: skip
    """Take a passkey into use; return recovery codes if it is an officer's first second factor.

    The caller has made sure that the person is who she says.

    Raises:
        RefusedError: the answer does not fit, or the passkey is in use already.
        StaleError: the challenge is too old or was used.
    """
    _challenge, state = challenge_take(
        challenge_id=challenge_id, browser=browser, kind=KIND, purposes=(REGISTER,),
        account_id=account_id,
    )  # fmt: skip
    response = _parsed(answer)
    fido = _fido()
    try:
        fresh = fido.created(site.domain, site.origin, state=state, answer=response)
    except fido.PasskeyError as error:
        raise _refused() from error
    with atomic():
        user = User.objects.select_for_update().get(pk=account_id)
        rows = selectors.passkeys_of(user)
        if any(fido.key_of(row.data["credential"]) == fresh.key for row in rows):
            raise RefusedError(_("This passkey is in use for your account already."))
        is_first = not selectors.has_factor(user)
        Authenticator.objects.create(
            user=user,
            type=WEBAUTHN,
            data={"name": _called(name, len(rows)), "credential": response, "counter": fresh.counter},
            created_at=clock.now(),
        )  # fmt: skip
        _note(user, "accounts.passkey_added")
        if is_first and selectors.has_password(user):
            return recovery_codes_renew(account_id=account_id)
    return []


def passkey_prove(
    *, site: Site, browser: str, account_id: uuid.UUID, challenge_id: uuid.UUID, answer: str
) -> None:
    """Take an officer's passkey as her second factor.

    Raises:
        RefusedError: the answer does not fit.
        StaleError: the challenge is too old or was used.
    """
    _challenge, state = challenge_take(
        challenge_id=challenge_id, browser=browser, kind=KIND, purposes=(PROVE,),
        account_id=account_id,
    )  # fmt: skip
    user = User.objects.get(pk=account_id)
    _match(site, state, _parsed(answer), user)


def passkey_sign_in(
    *, site: Site, browser: str, challenge_id: uuid.UUID, answer: str, is_shared: bool
) -> SignIn:
    """Begin a run with a passkey alone; it says itself whose it is.

    Raises:
        RefusedError: it opens no account here; the sentence is the same whatever the reason.
        StaleError: the challenge is too old or was used.
    """
    challenge, state = challenge_take(
        challenge_id=challenge_id, browser=browser, kind=KIND, purposes=(SIGN_IN,)
    )
    response = _parsed(answer)
    user = _owner(response)
    if user is None:
        raise _refused()
    _match(site, state, response, user)
    return way_run(
        browser=browser, way=KIND, account=user, next_url=challenge.next_url,
        is_shared=is_shared, is_identified=True,
    )  # fmt: skip


def passkey_rename(*, account_id: uuid.UUID, passkey_id: int, name: str) -> None:
    """Give a passkey of one's own another name."""
    with atomic():
        row = _own(account_id, passkey_id)
        if row is not None and clean(name):
            row.data["name"] = clean(name)[:40]
            row.save(update_fields=["data"])


def passkey_remove(*, account_id: uuid.UUID, passkey_id: int) -> None:
    """Let a passkey open one's account no more; again changes nothing.

    Raises:
        RefusedError: it is the last way in, or an officer's last second factor.
    """
    with atomic():
        user = User.objects.select_for_update().get(pk=account_id)
        row = _own(account_id, passkey_id)
        if row is None:
            return
        if selectors.ways_in(user) <= 1:
            raise RefusedError(
                _("This is your only way in. Please add another one before you remove it.")
            )
        others = len(selectors.passkeys_of(user)) > 1 or selectors.has_totp(user)
        if selectors.has_password(user) and not others:
            raise RefusedError(
                _("The desk needs a second step. Please add another passkey before you remove it.")
            )
        row.delete()
        _note(user, "accounts.passkey_removed")


def _match(site: Site, state: dict[str, Any], response: dict[str, Any], user: User) -> None:
    """Check the signature, and that the key was not copied."""
    fido = _fido()
    with atomic():
        rows = Authenticator.objects.select_for_update().filter(user=user, type=WEBAUTHN)
        held = {fido.key_of(row.data["credential"]): row for row in rows}
        kept = [row.data["credential"] for row in held.values()]
        try:
            used = fido.shown(site.domain, site.origin, state=state, answer=response, held=kept)
        except fido.PasskeyError as error:
            raise _refused() from error
        row = held[used.key]
        before = int(row.data.get("counter", 0))
        is_copied = used.counter <= before and bool(used.counter or before)
        if is_copied:
            _note(user, "accounts.passkey_copied")
        else:
            row.data["counter"] = used.counter
            row.save(update_fields=["data"])
    if is_copied:
        raise _refused()


# What an answer may hold: to "who are you" the first four, to "make a key" the first and the last.
_ANSWERED = ("clientDataJSON", "authenticatorData", "signature", "userHandle", "attestationObject")


def _owner(response: dict[str, Any]) -> User | None:
    key = _fido().owner_of(response)
    return User.objects.filter(pk=key, is_active=True).first() if key else None


def _fido() -> ModuleType:
    from lianxin.accounts.adapters import webauthn  # noqa: PLC0415  (heavy)

    return webauthn


def _parsed(answer: str) -> dict[str, Any]:
    """Read what a browser answered: the texts we ask for and nothing else.

    Of a number in their place the library would make as many bytes.
    """
    try:
        found = json.loads(answer) if len(answer) <= LONGEST else None
    except (ValueError, RecursionError):
        found = None
    response = found.get("response") if isinstance(found, dict) else None
    if not isinstance(found, dict) or not isinstance(response, dict):
        raise _refused()
    return {**_texts(found, ("id", "rawId", "type")), "response": _texts(response, _ANSWERED)}


def _texts(found: dict[str, Any], names: Iterable[str]) -> dict[str, Any]:
    return {name: found[name] for name in names if isinstance(found.get(name), str)}


def _own(account_id: uuid.UUID, passkey_id: int) -> Authenticator | None:
    rows = Authenticator.objects.select_for_update().filter(user_id=account_id, type=WEBAUTHN)
    return rows.filter(pk=passkey_id).first()


def _called(name: str, already: int) -> str:
    return clean(name)[:40] or _("Passkey %(number)s") % {"number": already + 1}


def _name_of(user: User) -> str:
    return user.login_name or user.display_name or _("My account")


def _refused() -> RefusedError:
    return RefusedError(_("This passkey does not open an account here. Please try another way."))


def _note(user: User, action: str) -> None:
    audit.record(
        actor_id=user.pk, action=action, kind="accounts.User", object_id=user.pk, subject_id=user.pk
    )
