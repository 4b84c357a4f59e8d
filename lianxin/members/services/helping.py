"""An account for a member who never signed in, begun by the officer who helps her.

Her case needs somebody it belongs to. The account has the number that stands on the roll, unproved,
or none where there is none or two share it; it is hers the day she signs in with that number and says
who she is. Until then nobody can open it, and nothing is in it but what she said yes to.
"""

from __future__ import annotations

import uuid

from django.utils.translation import gettext as _

from lianxin.accounts import api as accounts
from lianxin.audit import api as audit
from lianxin.jobs import api as jobs
from lianxin.kit.errors import ForbiddenError, RefusedError
from lianxin.kit.transactions import atomic
from lianxin.members import policies
from lianxin.members.events import MemberLinked
from lianxin.members.models import Member
from lianxin.members.selectors.beginning import Beginning, beginning_of
from lianxin.members.services.membership import locked
from lianxin.orgs.api import Actor
from lianxin.vault import api as vault

# Why an officer took a name and a number from the roll.
BEGUN = "account_begun"


def beginning_check(actor: Actor, member: Member) -> Beginning:
    """Return how a member who never signed in can say yes.

    Raises:
        RefusedError: her number signs in to an account already: another's, hers, or the officer's own.
    """
    found = beginning_of(actor, member)
    if found.hindrance:
        raise RefusedError(found.hindrance)
    return found


def account_begin(*, actor: Actor, member_id: uuid.UUID) -> uuid.UUID:
    """Return the account of a member, one begun for her if she never signed in. Again is the same.

    Publishes `MemberLinked`.

    Raises:
        ForbiddenError: the actor does not help the people of her union.
        RefusedError: her number signs in to an account already.
    """
    with atomic():
        member = locked(member_id)
        if not policies.may_update(actor, member):
            raise ForbiddenError(_("You can fill in only with people of your own union."))
        if member.account_id is not None:
            return member.account_id
        user = accounts.account_create(
            phone=beginning_check(actor, member).phone,
            display_name=member.name,
            actor_id=actor.account_id,
        )
        Member.objects.filter(pk=member.pk).update(account=user)
        audit.record(
            actor_id=actor.account_id, action="members.account_begun", kind="members.Member",
            object_id=member.pk, subject_id=user.pk,
        )  # fmt: skip
        # She reads on her own page who took her name and number from the roll, and what for.
        vault.note_opening(
            actor_id=actor.account_id, kind="members.Member", object_id=member.pk,
            fields=["name", "phone"], purpose=BEGUN, subject_id=user.pk,
        )  # fmt: skip
        jobs.publish(MemberLinked(member_id=member.pk, account_id=user.pk))
    return user.pk


def account_let_go(*, account_id: uuid.UUID) -> bool:
    """Undo an account begun for a member who came to nothing with it; False if she opened it.

    The caller knows that nothing of hers is under way. Her entry on the roll stays as it is.
    """
    with atomic():
        if accounts.account_is_opened(account_id):
            return False
        Member.objects.filter(account_id=account_id).update(account=None)
        return accounts.account_discard(account_id=account_id)
