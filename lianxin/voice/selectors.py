"""Reading suggestions: by code, by their writer, by those who answer."""

from __future__ import annotations

import uuid

from django.db.models import QuerySet

from lianxin.members import api as members
from lianxin.orgs.api import Organisation, line_of
from lianxin.vault import api as vault
from lianxin.voice import rules
from lianxin.voice.models import Suggestion


def follow_index(code: str) -> str:
    """Return what a follow-up code is found by; blanks, dashes and case do not matter."""
    return vault.blind_index(rules.plain_code(code), purpose="voice_follow")


def by_code(code: str) -> Suggestion | None:
    """Find a suggestion by its follow-up code."""
    return (
        Suggestion.objects.select_related("organisation")
        .filter(follow_index=follow_index(code))
        .first()
    )


def mine(account_id: uuid.UUID | None) -> QuerySet[Suggestion]:
    """List what a person sent under her name, the newest first."""
    if account_id is None:
        # Nobody's list is empty; the nameless ones belong to no account.
        return Suggestion.objects.none()
    return (
        Suggestion.objects.filter(account_id=account_id)
        .select_related("organisation")
        .order_by("-received_on", "-id")
    )


def readers_for(account_id: uuid.UUID | None) -> list[Organisation]:
    """List who can be addressed: the federation, and for a member each union of her line."""
    root = Organisation.objects.get_first_root_node()
    member = members.member_of(account_id) if account_id else None
    if member is None:
        return [root] if root else []
    return list(reversed(line_of(member.organisation)))
