"""What the apps that open pools tell of them: the page of the thing, and what else they ask."""

from __future__ import annotations

import uuid
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Protocol, TypeVar

from lianxin.kit.slots import Slot

Answer_co = TypeVar("Answer_co", covariant=True)


@dataclass(frozen=True, kw_only=True, slots=True)
class Told:
    """What somebody told in an app's questions: kept sealed with the claim, as JSON."""

    details: str = ""
    size: int = 1
    subject: str = ""  # the child or team, where a pool counts those
    seats: tuple[str, ...] = ()


class Asks(Protocol[Answer_co]):
    """What `PoolQuestions` draws with and reads with."""

    def __call__(
        self,
        pool: Any,
        account_id: uuid.UUID | None,
        sent: Any,
        /,
        *,
        is_for_other: bool = False,
    ) -> Answer_co: ...


@dataclass(frozen=True, kw_only=True, slots=True)
class PoolQuestions:
    """What an app asks before a place is taken.

    `template` is drawn inside the form, with what `context(pool, account_id, sent)` returns; `sent`
    is what came back when something was wrong, so that nothing typed is lost. `read(pool,
    account_id, sent)` returns what was told, or raises RefusedError at its field. With `is_for_other`
    an officer fills in at her desk for whoever asked: nothing known of the person is drawn, who may
    have no account yet (None). `amend(object_id, claim_id)` is the page where it is changed
    afterwards, if anything was asked.
    """

    template: str
    context: Asks[dict[str, Any]]
    read: Asks[Told]
    amend: Callable[[uuid.UUID, uuid.UUID], str | None] | None = None


@dataclass(frozen=True, kw_only=True, slots=True)
class PoolCases:
    """What a service tells of a pool in which its cases claim, and nobody by hand.

    `words()` says so; `page(key)` is the page of the case that a claim's key carries, for its person;
    `desk(actor, keys)` where an officer opens such cases, without those she may not see.
    """

    words: Callable[[], str]
    page: Callable[[str], str]
    desk: Callable[[Any, Sequence[str]], Mapping[str, str]]


# Each a NavItem of the shell, which rules do not know.
pool_openers: Slot[Any] = Slot(
    "pool_openers",
    purpose="Where an officer opens places, shown above the list of what she arranges",
)
pool_pages: Slot[Callable[[uuid.UUID], str | None]] = Slot(
    "pool_pages",
    purpose="The page of the thing a pool is of, by the pool's kind and its object’s id",
)
pool_questions: Slot[PoolQuestions] = Slot(
    "pool_questions", purpose="What an app asks before a place is taken, by the pool's kind"
)
pool_cases: Slot[PoolCases] = Slot(
    "pool_cases",
    purpose="What a service tells of a pool nobody claims in by hand: its cases do; by the pool's kind",
)
pool_owners: Slot[Callable[[uuid.UUID], frozenset[uuid.UUID]]] = Slot(
    "pool_owners",
    purpose="Who outside the tree scans for a pool: a partner's contacts, by kind and object’s id",
)
pool_desks: Slot[Callable[[uuid.UUID], str]] = Slot(
    "pool_desks",
    purpose="Where an officer looks after the thing a pool is of, by kind, instead of the list of who comes",
)
pool_off_words: Slot[Callable[[uuid.UUID], str]] = Slot(
    "pool_off_words",
    purpose="Why the thing a pool is of was called off, in a sentence, by the pool's kind",
)
