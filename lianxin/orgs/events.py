"""What the union tree tells."""

from __future__ import annotations

import uuid
from dataclasses import dataclass

from lianxin.kit.events import Event


@dataclass(frozen=True, kw_only=True, slots=True)
class OrganisationFounded(Event):
    """A union organisation joined the tree."""

    organisation_id: uuid.UUID


@dataclass(frozen=True, kw_only=True, slots=True)
class OrganisationRenamed(Event):
    """A union bears another name."""

    organisation_id: uuid.UUID
    change_id: uuid.UUID


@dataclass(frozen=True, kw_only=True, slots=True)
class OrganisationMoved(Event):
    """A union stands below another one, with all below it; its members' lists follow in batches.

    `stood_below` are the ids of the unions that stood above it until then.
    """

    organisation_id: uuid.UUID
    change_id: uuid.UUID
    from_parent_id: uuid.UUID
    to_parent_id: uuid.UUID
    stood_below: tuple[str, ...]


@dataclass(frozen=True, kw_only=True, slots=True)
class OrganisationClosed(Event):
    """A union is no more; its members belong to the survivor of a merger, or to the level above."""

    organisation_id: uuid.UUID
    change_id: uuid.UUID
    survivor_id: uuid.UUID
    is_merger: bool


@dataclass(frozen=True, kw_only=True, slots=True)
class PostGranted(Event):
    """Somebody took up a post."""

    post_id: int
    account_id: uuid.UUID
    organisation_id: uuid.UUID
    role: str


@dataclass(frozen=True, kw_only=True, slots=True)
class PostEnded(Event):
    """Somebody left a post; what waited for her there must find another hand."""

    post_id: int
    account_id: uuid.UUID
    organisation_id: uuid.UUID
    role: str


@dataclass(frozen=True, kw_only=True, slots=True)
class DeputyNamed(Event):
    """Somebody will stand in for the holder of a post, from a day on."""

    post_id: int
    account_id: uuid.UUID
    holder_id: uuid.UUID
    organisation_id: uuid.UUID
    role: str


@dataclass(frozen=True, kw_only=True, slots=True)
class DeputyEnded(Event):
    """Somebody no longer stands in; what waited for her there must find another hand."""

    post_id: int
    account_id: uuid.UUID
    holder_id: uuid.UUID
    organisation_id: uuid.UUID
    role: str
