"""Looking back for somebody leaves a trace she can see, also where nothing was sealed."""

from __future__ import annotations

import datetime as dt

from django.utils.translation import gettext as _

from lianxin.eligibility import policies
from lianxin.kit.errors import ForbiddenError
from lianxin.kit.transactions import atomic
from lianxin.members.api import Member
from lianxin.orgs.api import Actor
from lianxin.vault import api as vault


def replay_note(*, actor: Actor, member: Member, code: str, day: dt.date, purpose: str) -> None:
    """Write down that an officer looked back for a member, at which policy and day, and what for."""
    if not policies.may_replay(actor, member):
        raise ForbiddenError(_("You look back for the members you serve."))
    with atomic():
        vault.note_opening(
            actor_id=actor.account_id,
            kind="members.Member",
            object_id=member.pk,
            fields=[f"policy:{code}:{day.isoformat()}"],
            purpose=purpose,
            subject_id=member.account_id or member.pk,
        )
