"""What the apps above do when unions change hands: the slots of a move, a merger, a closure.

Organisations lie below members and dossiers, so they cannot carry them. An app that copies the codes
above a union, or keeps rows that belong to a union, fills `organisation_carriers`.
"""

from __future__ import annotations

import uuid
from collections.abc import Callable, Mapping
from dataclasses import dataclass

from lianxin.kit.slots import Slot

Codes = Mapping[str, str]


@dataclass(frozen=True, slots=True)
class Carrier:
    """How an app follows. Each runs inside a transaction, takes a batch, and may come again."""

    # (the codes above each union, at most so many rows) -> rows rewritten; fewer: all are right.
    follow: Callable[[Mapping[uuid.UUID, Codes], int], int]
    # (from, to, account that asked for it, at most so many) -> entries carried over; counts too.
    carry: Callable[[uuid.UUID, uuid.UUID, uuid.UUID | None, int], int]
    # the members in force of each union, itself alone: what the roll-up counts are proven by.
    count: Callable[[], Mapping[uuid.UUID, int]]


organisation_carriers: Slot[Carrier] = Slot(
    "organisation_carriers",
    purpose="How an app's rows follow a union that moves, merges or closes, in batches",
)


@dataclass(frozen=True, slots=True)
class Effect:
    """One line of the preview of a change: so many of something."""

    label: str
    count: int


organisation_effects: Slot[Callable[[str], Effect]] = Slot(
    "organisation_effects",
    purpose="What else lies at and below a path, for the preview of a change of the tree",
)
