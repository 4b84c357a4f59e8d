"""Who a claim is for: what keeps one person, one family or one child to one claim. Pure."""

from __future__ import annotations

import uuid
from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from lianxin.kit.tokens import id_of, short_id

_SUBJECT = "s:"


class Audience(StrEnum):
    """Who may claim at all."""

    EVERYBODY = "everybody"  # whoever signs in
    MEMBERS = "members"  # members of whatever union
    UNION = "union"  # members of the union that gives, and of those below it


class OnePer(StrEnum):
    """What may claim only once."""

    PERSON = "person"
    FAMILY = "family"
    SUBJECT = "subject"  # whatever the app that opens the pool names: a child, a team


@dataclass(frozen=True, slots=True)
class Admission:
    """That a person may claim, for whom, and how early she comes if there is an order of need.

    Found out once, on the page before the rush, and carried by the form: signed, it spares the
    busy second all that it took to find out.
    """

    pool_id: uuid.UUID
    account_id: uuid.UUID
    unit: str  # what may stand only once among the living claims of a pool
    stratum: int = 0  # 0 comes first
    kin: tuple[uuid.UUID, ...] = ()  # accounts of her family, where a family counts once

    def as_plain(self) -> list[Any]:
        own = [short_id(self.pool_id), short_id(self.account_id), self.unit, self.stratum]
        return [*own, *(short_id(one) for one in self.kin)]

    @classmethod
    def from_plain(cls, plain: Any) -> Admission:
        """Read what `as_plain` wrote.

        Raises:
            ValueError: it is something else.
        """
        match plain:
            case [str() as pool, str() as account, str() as unit, int() as stratum, *kin] if (
                _are_texts(kin)
            ):
                return cls(id_of(pool), id_of(account), unit, stratum, tuple(map(id_of, kin)))
        raise ValueError("no admission")


def _are_texts(values: list[Any]) -> bool:
    return all(isinstance(one, str) for one in values)


def unit_of_person(account_id: uuid.UUID) -> str:
    return f"p:{short_id(account_id)}"


def unit_of_family(member_ids: Iterable[uuid.UUID]) -> str:
    """Name a family by the first on the roll among those who declared each other husband and wife."""
    return f"f:{short_id(min(member_ids))}"


def unit_of_subject(name: str) -> str:
    return f"{_SUBJECT}{name}"


def is_of_subject(unit: str) -> bool:
    """Say whether a unit is what the app named, not the person who asks."""
    return unit.startswith(_SUBJECT)


def stratum_of(met: Iterable[bool | None]) -> int:
    """Return the place in the published order of need: the first stratum she surely fits, else the last."""
    number = 0
    for number, fits in enumerate(met, start=1):
        if fits:
            return number - 1
    return number
