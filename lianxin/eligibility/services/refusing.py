"""Not wanting to be looked for, for one kind of help; and wanting it again."""

from __future__ import annotations

from django.utils.translation import gettext as _

from lianxin.audit import api as audit
from lianxin.eligibility.models import Outcome, Refusal
from lianxin.eligibility.selectors.dictionary import purposes
from lianxin.eligibility.services.recomputing import outcomes_recompute
from lianxin.kit.errors import RefusedError
from lianxin.kit.transactions import atomic
from lianxin.members.api import Member, member_of
from lianxin.orgs.api import Actor


def look_refuse(*, actor: Actor, purpose: str) -> None:
    """Stop looking for the actor, for one kind of help; what was found of it goes. Repeats change nothing."""
    member = _own(actor, purpose)
    with atomic():
        _refusal, is_new = Refusal.objects.get_or_create(member=member, purpose=purpose)
        if not is_new:
            return
        Outcome.objects.filter(member=member, policy__purpose=purpose).delete()
        _note(actor, member, "eligibility.look_refused", purpose)
    outcomes_recompute(member_id=member.pk)  # nothing of hers yields to what she does not want


def look_allow(*, actor: Actor, purpose: str) -> None:
    """Look for the actor again. Repeats change nothing."""
    member = _own(actor, purpose)
    with atomic():
        gone, _rows = Refusal.objects.filter(member=member, purpose=purpose).delete()
        if not gone:
            return
        _note(actor, member, "eligibility.look_allowed", purpose)
    outcomes_recompute(member_id=member.pk)


def _own(actor: Actor, purpose: str) -> Member:
    member = member_of(actor.account_id)
    if member is None:
        raise RefusedError(_("We look only for members of the union."))
    if purpose not in purposes():
        raise RefusedError(_("There is no such kind of help."))
    return member


def _note(actor: Actor, member: Member, action: str, purpose: str) -> None:
    audit.record(
        actor_id=actor.account_id,
        action=action,
        kind="members.Member",
        object_id=member.pk,
        subject_id=actor.account_id,
        detail={"purpose": purpose},
    )
