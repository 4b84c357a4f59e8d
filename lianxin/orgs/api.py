"""The door of the union tree."""

from __future__ import annotations

from lianxin.orgs.middleware import Request
from lianxin.orgs.models import Organisation, Post
from lianxin.orgs.policies import reach_q
from lianxin.orgs.rules import Ability, Actor, HeldPost, Level, Reach, Role
from lianxin.orgs.selectors import actor_of, ancestor_at, holders_at, organisation_by_code

__all__ = [
    "Ability",
    "Actor",
    "HeldPost",
    "Level",
    "Organisation",
    "Post",
    "Reach",
    "Request",
    "Role",
    "actor_of",
    "ancestor_at",
    "holders_at",
    "organisation_by_code",
    "reach_q",
]
