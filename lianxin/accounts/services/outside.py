"""Identities outside (WeChat, a government's identity): they open an account they were linked to.

A provider says who somebody is over there, never who she is here. So an identity opens nothing
until the person has linked it: signed in, or by proving a phone in the same browser right after.
Names, mail addresses and numbers a provider claims join nobody. One exception an operator may
configure: a provider whose identity numbers are verified, at the assurance it names.
"""

from __future__ import annotations

import secrets
import uuid

from django.db import IntegrityError
from django.utils.translation import gettext as _

from lianxin.accounts import conf, selectors
from lianxin.accounts.adapters.outside import Claims, OutsideError, Visit
from lianxin.accounts.models import Challenge, OutsideIdentity, SignIn, User
from lianxin.accounts.policies import identity_finders
from lianxin.accounts.services.challenges import challenge_make, challenge_take, way_run
from lianxin.audit import api as audit
from lianxin.kit import clock
from lianxin.kit.errors import RefusedError
from lianxin.kit.ids import new_id
from lianxin.kit.transactions import atomic
from lianxin.vault import api as vault

SIGN_IN, LINK = "sign_in", "link"


def outside_begin(
    *,
    provider: str,
    browser: str,
    back: str,
    agent: str = "",
    next_url: str = "",
    link_to: uuid.UUID | None = None,
) -> str:
    """Begin a visit to a provider; return the address there. `back` is ours, where it answers.

    Raises:
        RefusedError: the provider does not answer, or it was tried too often.
    """
    found = conf.provider(provider)
    secret = {
        "state": secrets.token_urlsafe(24),
        "nonce": secrets.token_urlsafe(24),
        "verifier": secrets.token_urlsafe(48),
        "back": back,
        "agent": agent[:300],
    }
    made = challenge_make(
        browser=browser,
        kind=provider,
        purpose=LINK if link_to else SIGN_IN,
        secret=secret,
        account_id=link_to,
        next_url=next_url,
    )
    visit = _visit(made.pk, secret)
    try:
        return found.address(visit)
    except OutsideError as error:
        raise RefusedError(_sentence(provider, error.why)) from error


def outside_return(
    *, provider: str, browser: str, answer: dict[str, str], account_id: uuid.UUID | None
) -> tuple[Challenge, SignIn | None]:
    """Take what a provider sent back: link it, or begin a run; no run means the phone comes first.

    Raises:
        RefusedError: the person said no there, the provider failed, or the identity is another's.
        StaleError: not begun in this browser, too old, or used before.
    """
    found = conf.provider(provider)
    challenge_id, _dot, state = answer.get("state", "").partition(".")
    challenge, secret = _taken(provider, challenge_id, browser, account_id)
    if not secrets.compare_digest(state.encode(), str(secret["state"]).encode()):
        raise RefusedError(_sentence(provider, "broken"))
    try:
        claims = found.claims(_visit(challenge.pk, secret), answer)
    except OutsideError as error:
        raise RefusedError(_sentence(provider, error.why)) from error
    with atomic():
        challenge.uid, challenge.uid_index = claims.uid, _index(provider, claims.uid)
        challenge.save(update_fields=["uid", "uid_index"])
        if challenge.account_id is not None:
            user = User.objects.select_for_update().get(pk=challenge.account_id)
            identity_keep(account=user, challenge=challenge)
            return challenge, None
        return challenge, _run(challenge, claims)


def identity_keep(*, account: User, challenge: Challenge) -> None:
    """Link a proved identity to an account; again changes nothing. Inside `atomic`.

    Raises:
        RefusedError: it opens another account, or this account has one of the same provider.
    """
    rows = OutsideIdentity.objects.filter(provider=challenge.kind)
    held = rows.filter(uid_index=challenge.uid_index).first()
    if held is not None and held.account_id == account.pk:
        return
    if held is not None or rows.filter(account=account).exists():
        raise RefusedError(_taken_sentence(challenge.kind))
    # For the machine only, which keeps it sealed in its new place.
    uid = vault.reveal(challenge, "uid")
    try:
        with atomic():
            OutsideIdentity.objects.create(
                id=new_id(), account=account, provider=challenge.kind,
                uid=uid, uid_index=challenge.uid_index, linked_at=clock.now(),
            )  # fmt: skip
    except IntegrityError:
        raise RefusedError(_taken_sentence(challenge.kind)) from None
    challenge.uid, challenge.uid_index = None, ""
    challenge.save(update_fields=["uid", "uid_index"])
    _note(account, "accounts.identity_linked", challenge.kind)


def identity_unlink(*, account_id: uuid.UUID, provider: str) -> None:
    """Let an identity outside open one's account no more; again changes nothing.

    Raises:
        RefusedError: it is the last way in.
    """
    with atomic():
        user = User.objects.select_for_update().get(pk=account_id)
        row = OutsideIdentity.objects.filter(account=user, provider=provider).first()
        if row is None:
            return
        if selectors.ways_in(user) <= 1:
            raise RefusedError(
                _("This is your only way in. Please add another one before you remove it.")
            )
        row.delete()
        _note(user, "accounts.identity_unlinked", provider)


def _run(challenge: Challenge, claims: Claims) -> SignIn | None:
    """Begin a run for the account behind an identity; None while there is none."""
    owner = _verified_owner(claims.id_number)
    known = (
        OutsideIdentity.objects.filter(provider=challenge.kind, uid_index=challenge.uid_index)
        .select_related("account")
        .first()
    )
    if known is not None:
        return way_run(
            browser=challenge.browser, way=challenge.kind, account=known.account,
            next_url=challenge.next_url, is_identified=known.account == owner,
        )  # fmt: skip
    if owner is None:
        return None
    return way_run(
        browser=challenge.browser, way=challenge.kind, account=owner,
        next_url=challenge.next_url, is_identified=True, outside=challenge,
    )  # fmt: skip


def _verified_owner(id_number: str) -> User | None:
    """Return the account of the one person with a verified identity number."""
    if not id_number:
        return None
    found = next((key for find in identity_finders if (key := find(id_number))), None)
    rows = User.objects.select_for_update().filter(is_active=True)
    return rows.filter(pk=found).first() if found else None


def _taken(
    provider: str, challenge_id: str, browser: str, account_id: uuid.UUID | None
) -> tuple[Challenge, dict[str, str]]:
    try:
        key = uuid.UUID(challenge_id)
    except ValueError:
        key = uuid.UUID(int=0)
    is_link = Challenge.objects.filter(pk=key, purpose=LINK).exists()
    return challenge_take(
        challenge_id=key, browser=browser, kind=provider,
        purposes=(LINK if is_link else SIGN_IN,), account_id=account_id if is_link else None,
    )  # fmt: skip


def _visit(challenge_id: uuid.UUID, secret: dict[str, str]) -> Visit:
    return Visit(
        state=f"{challenge_id}.{secret['state']}",
        nonce=secret["nonce"],
        verifier=secret["verifier"],
        back=secret["back"],
        agent=secret["agent"],
    )


def _index(provider: str, uid: str) -> str:
    return vault.blind_index(f"{provider}:{uid}", purpose="outside_identity")


def _sentence(provider: str, why: str) -> str:
    name = {"name": conf.provider_name(provider)}
    if why == "denied":
        return _("You said no at %(name)s, and that is fine. Sign in by phone instead.") % name
    if why == "stranger":
        return _("%(name)s knows you there only as a visitor. Please sign in by phone.") % name
    if why == "down":
        return _("%(name)s does not answer just now. Please sign in by phone.") % name
    return (
        _("The answer of %(name)s did not fit. Please begin once more, or use your phone.") % name
    )


def _taken_sentence(provider: str) -> str:
    return _(
        "This %(name)s opens another account, or yours has one linked already. Unlink it there first."
    ) % {"name": conf.provider_name(provider)}


def _note(user: User, action: str, provider: str) -> None:
    audit.record(
        actor_id=user.pk, action=action, kind="accounts.User", object_id=user.pk,
        subject_id=user.pk, detail={"provider": provider},
    )  # fmt: skip
