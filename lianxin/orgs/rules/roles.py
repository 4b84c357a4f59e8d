"""Who may do what, and how far it reaches: roles, abilities, posts. Pure.

A post (职务) ties a person to an organisation in a role, for a time. A role brings abilities. The
post's reach says whether they hold *here* or *here and below*. Some roles are hidden from above:
what a counsellor or a lawyer does is not seen by those over them.
"""

from __future__ import annotations

import uuid
from dataclasses import dataclass
from enum import StrEnum


class Reach(StrEnum):
    HERE = "here"
    BELOW = "here_and_below"


class Role(StrEnum):
    CHAIR = "chair"
    OFFICER = "officer"
    OFFICER_PART_TIME = "officer_part_time"
    CASEWORKER = "caseworker"
    FINANCE = "finance"
    COUNSELLOR = "counsellor"
    LAWYER = "lawyer"
    AUDITOR = "auditor"
    SYSTEM_ADMIN = "system_admin"
    SECURITY_ADMIN = "security_admin"


class Ability(StrEnum):
    """What a role may do. Steps of a route name roles; everything else asks for an ability."""

    DOSSIER_HANDLE = "dossier.handle"
    DOSSIER_OVERSEE = "dossier.oversee"
    MEMBER_VIEW = "member.view"
    MEMBER_IMPORT = "member.import"
    MEMBER_HELP = "member.help"
    NOTICE_MANAGE = "notice.manage"
    PAYMENT_MANAGE = "payment.manage"
    TEAM_VIEW = "team.view"
    POST_GRANT = "post.grant"
    SUGGESTION_ANSWER = "suggestion.answer"
    AUDIT_VIEW = "audit.view"
    JOBS_VIEW = "jobs.view"
    POLICY_EDIT = "policy.edit"
    POLICY_PUBLISH = "policy.publish"


_OFFICER = frozenset(
    {
        Ability.DOSSIER_HANDLE,
        Ability.MEMBER_VIEW,
        Ability.MEMBER_HELP,
        Ability.SUGGESTION_ANSWER,
    }
)
_LEAD = _OFFICER | {
    Ability.DOSSIER_OVERSEE,
    Ability.TEAM_VIEW,
    Ability.NOTICE_MANAGE,
    Ability.MEMBER_IMPORT,
    Ability.POST_GRANT,
}
ABILITIES: dict[Role, frozenset[Ability]] = {
    Role.CHAIR: _LEAD | {Ability.POLICY_EDIT, Ability.POLICY_PUBLISH},
    Role.OFFICER: _LEAD - {Ability.POST_GRANT},
    Role.OFFICER_PART_TIME: _OFFICER,
    Role.CASEWORKER: _OFFICER,
    Role.FINANCE: frozenset({Ability.PAYMENT_MANAGE, Ability.DOSSIER_HANDLE}),
    Role.COUNSELLOR: frozenset({Ability.DOSSIER_HANDLE}),
    Role.LAWYER: frozenset({Ability.DOSSIER_HANDLE}),
    Role.AUDITOR: frozenset({Ability.AUDIT_VIEW}),
    Role.SYSTEM_ADMIN: frozenset({Ability.JOBS_VIEW}),
    Role.SECURITY_ADMIN: frozenset({Ability.POST_GRANT}),
}
HIDDEN_FROM_ABOVE = frozenset({Role.COUNSELLOR, Role.LAWYER})
# Roles whose holders sign in with a second factor before they see anything.
SENSITIVE = frozenset(ABILITIES) - {Role.OFFICER_PART_TIME}


@dataclass(frozen=True, slots=True)
class HeldPost:
    """A post in force today, as the request carries it."""

    post_id: int
    organisation_id: uuid.UUID
    organisation_name: str
    path: str
    level: str
    role: Role
    reach: Reach
    organisation_code: str = ""

    def covers(self, path: str) -> bool:
        """Say whether an organisation at `path` lies within this post's reach."""
        return path == self.path or (self.reach is Reach.BELOW and path.startswith(self.path))


@dataclass(frozen=True, slots=True)
class Actor:
    """Who acts: an account with its posts in force, a visitor, or the system itself."""

    account_id: uuid.UUID | None = None
    posts: tuple[HeldPost, ...] = ()
    is_system: bool = False
    # She holds posts, but has not shown her second factor in this session: they open nothing yet.
    is_locked: bool = False

    @classmethod
    def system(cls) -> Actor:
        return cls(is_system=True)

    @property
    def is_officer(self) -> bool:
        return bool(self.posts)

    def with_ability(self, ability: Ability) -> tuple[HeldPost, ...]:
        return tuple(post for post in self.posts if ability in ABILITIES[post.role])

    def can(self, ability: Ability, path: str | None = None) -> bool:
        """Say whether the actor holds `ability` at all, or for the organisation at `path`."""
        if self.is_system:
            return True
        held = self.with_ability(ability)
        return bool(held) if path is None else any(post.covers(path) for post in held)
