"""Joining a sign-in to its entry on the roll (实名认证): once, by name and identity number.

Name and number alone prove little: both are printed on many papers. So the phone that signed in
must be the phone on the roll, or the roll must have none. Whoever changed her number shows her
card to her officer, who corrects the roll; then this works. Every answer that is not a yes reads
the same, so that nobody can find out who is a member.
"""

from __future__ import annotations

import datetime as dt
import hmac
import uuid

from django.contrib.auth import get_user_model
from django.db import IntegrityError
from django.utils.translation import gettext as _

from lianxin.audit import api as audit
from lianxin.jobs import api as jobs
from lianxin.kit import clock
from lianxin.kit.errors import ForbiddenError, RefusedError
from lianxin.kit.text import clean
from lianxin.kit.transactions import atomic
from lianxin.members.events import MemberLinked
from lianxin.members.models import Member
from lianxin.members.rules.identity import IdentityError, identity_of
from lianxin.members.rules.people import name_of
from lianxin.members.selectors.consents import consent_given
from lianxin.members.selectors.people import member_of
from lianxin.members.services.sentences import sentence
from lianxin.orgs.api import Actor
from lianxin.vault import api as vault

TRIES_A_DAY = 5
# What a member is asked on her first day, each with a box of its own; only the first is needed.
BASIC = ("membership", "service", "notices", "matching", "messages")
FAILED = "members.link_failed"
# The session remembers that she was asked, so that "later" is an answer.
ASKED = "members.link_asked"


def member_link(*, actor: Actor, name: str, id_number: str) -> Member:
    """Join the actor's account to the member of this name and number.

    Joined already: returned as it is. Needs the consent `membership`. Publishes `MemberLinked`.
    Refuses after five misses a day.
    """
    account_id, phone_index = _account(actor)
    linked = member_of(account_id)
    if linked is not None:
        return linked
    if not consent_given(account_id, "membership"):
        raise RefusedError(
            _("Please agree first that your union may keep you on its roll."), field="consent"
        )
    _check_tries(account_id)
    try:
        number = identity_of(clean(id_number), today=clock.today()).number
    except IdentityError as error:
        raise RefusedError(sentence(error.problem), field="id_number") from None
    member = _match(phone_index, name_of(clean(name)), number)
    if member is None:
        with atomic():
            _record(account_id, FAILED, account_id)
        raise RefusedError(
            _(
                "We did not find you on a roll with this name, number and phone. "
                "Please compare them once more, or show your card to the officer of your union, "
                "who can put it right in a minute. You can use all public services meanwhile."
            )
        )
    return _join(account_id, member)


def answer_matches(member: Member, answer: str) -> bool:
    """Compare the last six characters of the identity number, in constant time."""
    typed = clean(answer).replace(" ", "").upper()
    # Compared by the machine, shown to nobody.
    held = vault.reveal(member, "id_number")[-6:]
    return bool(held) and hmac.compare_digest(held.encode(), typed.encode())


def _account(actor: Actor) -> tuple[uuid.UUID, str]:
    found = actor.account_id and (
        get_user_model()
        .objects.filter(pk=actor.account_id)
        .values_list("pk", "phone_index")
        .first()
    )
    if not found:
        raise ForbiddenError(_("Please sign in first."))
    return found


def _check_tries(account_id: uuid.UUID) -> None:
    since = clock.now() - dt.timedelta(days=1)
    misses = audit.history_of("accounts.User", account_id).filter(action=FAILED, at__gte=since)
    if misses.count() >= TRIES_A_DAY:
        raise RefusedError(
            _(
                "That was five times today. Please try again tomorrow, or ask the officer of your union."
            )
        )


def _match(phone_index: str, name: str, number: str) -> Member | None:
    index = vault.blind_index(number, purpose="id_number")
    found = Member.objects.filter(id_index=index, state__in=_LINKABLE).order_by("state").first()
    if found is None or found.name != name or found.account_id is not None:
        return None
    if found.phone_index and found.phone_index != phone_index:
        return None
    return found


_LINKABLE = (Member.State.IN_FORCE, Member.State.RETAINED)


def _join(account_id: uuid.UUID, member: Member) -> Member:
    try:
        with atomic():
            joined = Member.objects.filter(pk=member.pk, account=None).update(account_id=account_id)
            if joined:
                _record(account_id, "members.linked", member.pk, kind="members.Member")
                jobs.publish(MemberLinked(member_id=member.pk, account_id=account_id))
    except IntegrityError:
        joined = 0  # a second tap joined this account first
    held = member_of(account_id)
    if held is None:
        raise RefusedError(_("Somebody else was joined to this entry. Please call your union."))
    return held


def _record(
    account_id: uuid.UUID, action: str, object_id: object, kind: str = "accounts.User"
) -> None:
    audit.record(
        actor_id=account_id,
        action=action,
        kind=kind,
        object_id=str(object_id),
        subject_id=account_id,
    )
