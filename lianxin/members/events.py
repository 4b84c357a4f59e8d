"""What the members app tells."""

from __future__ import annotations

import uuid
from dataclasses import dataclass

from lianxin.kit.events import Event


@dataclass(frozen=True, kw_only=True, slots=True)
class MemberLinked(Event):
    """A person proved to be a member: her sign-in and her entry on the roll belong together."""

    member_id: uuid.UUID
    account_id: uuid.UUID


@dataclass(frozen=True, kw_only=True, slots=True)
class MemberJoined(Event):
    """Somebody came onto the roll by herself or through an officer; imports tell MembersImported."""

    member_id: uuid.UUID
    organisation_id: uuid.UUID


@dataclass(frozen=True, kw_only=True, slots=True)
class MemberMoved(Event):
    """A membership went to another union (会籍转移)."""

    member_id: uuid.UUID
    from_organisation_id: uuid.UUID
    to_organisation_id: uuid.UUID


@dataclass(frozen=True, kw_only=True, slots=True)
class MembershipChanged(Event):
    """A membership stands somewhere else now; states are words of `rules.membership` (会籍变动).

    Told of joining, retaining, leaving, ending, each stage of a transfer, and a move to another
    union; imports tell MembersImported instead.
    """

    member_id: uuid.UUID
    organisation_id: uuid.UUID
    from_state: str
    to_state: str


@dataclass(frozen=True, kw_only=True, slots=True)
class MembersMerged(Event):
    """Two entries were found to be one person; `gone_id` is kept as history only."""

    kept_id: uuid.UUID
    gone_id: uuid.UUID


@dataclass(frozen=True, kw_only=True, slots=True)
class MembersImported(Event):
    """A workbook was read to its end."""

    run_id: uuid.UUID
    organisation_id: uuid.UUID
    created: int
    updated: int


@dataclass(frozen=True, kw_only=True, slots=True)
class FactSaved(Event):
    """Something new is known about a member."""

    member_id: uuid.UUID
    fact: str


@dataclass(frozen=True, kw_only=True, slots=True)
class ConsentGiven(Event):
    """A person said yes to a purpose."""

    account_id: uuid.UUID
    purpose: str


@dataclass(frozen=True, kw_only=True, slots=True)
class ConsentWithdrawn(Event):
    """A person took a yes back; what rests on it must stop."""

    account_id: uuid.UUID
    purpose: str
