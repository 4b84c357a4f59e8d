"""Who acts in a request: an account with the posts it holds or stands in for. Pure."""

from __future__ import annotations

import uuid
from dataclasses import dataclass

from lianxin.orgs.rules.roles import ABILITIES, NOT_DEPUTISED, Ability, Reach, Role


@dataclass(frozen=True, slots=True)
class HeldPost:
    """A post in force today, as the request carries it; `deputy_for`: whom its bearer stands in for."""

    post_id: int
    organisation_id: uuid.UUID
    organisation_name: str
    path: str
    level: str
    role: Role
    reach: Reach
    organisation_code: str = ""
    deputy_for: uuid.UUID | None = None
    # While a move changes who lies below, lists read the tree instead of the codes members carry.
    is_in_motion: bool = False

    @property
    def abilities(self) -> frozenset[Ability]:
        """What the post brings; to a deputy (代理) all but giving posts and publishing rules."""
        brought = ABILITIES[self.role]
        return brought - NOT_DEPUTISED if self.deputy_for else brought

    def covers(self, path: str) -> bool:
        """Say whether an organisation at `path` lies within this post's reach."""
        return path == self.path or (self.reach is Reach.BELOW and path.startswith(self.path))


@dataclass(frozen=True, slots=True)
class Actor:
    """Who acts: an account with its posts in force, a visitor, or the system itself.

    `posts` are those at a desk. `beside` are those of people who help beside their work (mentors,
    volunteers, experts, partners' contacts): they open no desk.
    """

    account_id: uuid.UUID | None = None
    posts: tuple[HeldPost, ...] = ()
    is_system: bool = False
    # She holds posts, but has not shown her second factor in this session: they open nothing yet.
    is_locked: bool = False
    beside: tuple[HeldPost, ...] = ()

    @classmethod
    def system(cls) -> Actor:
        return cls(is_system=True)

    @property
    def is_officer(self) -> bool:
        return bool(self.posts)

    def with_ability(self, ability: Ability) -> tuple[HeldPost, ...]:
        return tuple(post for post in self.posts if ability in post.abilities)

    def can(self, ability: Ability, path: str | None = None) -> bool:
        """Say whether the actor holds `ability` at all, or for the organisation at `path`."""
        if self.is_system:
            return True
        held = self.with_ability(ability)
        return bool(held) if path is None else any(post.covers(path) for post in held)

    def stands_in(self, ability: Ability, path: str) -> dict[str, str]:
        """Return `{"for": account}` where only a deputised post lets the actor do it, for the trail."""
        used = [post for post in self.with_ability(ability) if post.covers(path)]
        if not used or any(post.deputy_for is None for post in used):
            return {}
        return {"for": str(used[0].deputy_for)}
