"""The door of the members app."""

from __future__ import annotations

from lianxin.members.models import Consent, Fact, Member, Relative
from lianxin.members.selectors.people import member_of

__all__ = ["Consent", "Fact", "Member", "Relative", "member_of"]
