"""Who comes along: alone, with family, as a team, or for a union that books for its people. Pure."""

from __future__ import annotations

from collections.abc import Sequence
from enum import StrEnum

import msgspec

LONGEST_NAME = 40
OLDEST = 120


class Group(StrEnum):
    """How people come."""

    ALONE = "alone"
    FAMILY = "family"
    TEAM = "team"
    UNION = "union"  # an officer books for her union


class Companion(msgspec.Struct, frozen=True, omit_defaults=True):
    """Somebody who comes along: what to call her, and the age where it matters."""

    name: str
    age: int | None = None


class Details(msgspec.Struct, frozen=True, omit_defaults=True):
    """What is kept, sealed, with a claim: who comes along, the team, the answers by code."""

    companions: tuple[Companion, ...] = ()
    team: str = ""
    union: str = ""  # code of the union that booked
    people: int = 0  # of a booking without names
    answers: dict[str, str | int | bool] = {}

    @property
    def size(self) -> int:
        """Return how many places this takes."""
        return self.people or 1 + len(self.companions)

    def written(self) -> str:
        return msgspec.json.encode(self).decode()

    @classmethod
    def read(cls, text: str) -> Details:
        """Read what `written` wrote; "" is nobody and nothing."""
        return msgspec.json.decode(text, type=cls) if text else cls()


class GroupError(ValueError):
    """A group that does not fit; `what` is `few`, `many`, `team`, `name`, `age` or `twice`."""

    def __init__(self, what: str) -> None:
        super().__init__(what)
        self.what = what


def companions_of(rows: Sequence[tuple[str, str]]) -> tuple[Companion, ...]:
    """Read rows of (name, age) as typed; empty rows count as nobody.

    Raises:
        GroupError: an age without a name, a name too long, an age nobody has, the same twice.
    """
    found = []
    for name, age in ((name.strip(), age.strip()) for name, age in rows):
        if not name:
            if age:
                raise GroupError("name")
            continue
        if len(name) > LONGEST_NAME:
            raise GroupError("name")
        found.append(Companion(name, _age(age)))
    if len(set(found)) != len(found):
        raise GroupError("twice")
    return tuple(found)


def check(group: Group, details: Details, *, least: int, most: int) -> None:
    """Refuse a group that is too small or too large, or a team without a name.

    Raises:
        GroupError: it does not fit.
    """
    if group is Group.ALONE and details.size != 1:
        raise GroupError("many")
    if group is Group.TEAM and not details.team:
        raise GroupError("team")
    if details.size < least:
        raise GroupError("few")
    if details.size > most:
        raise GroupError("many")


def _age(typed: str) -> int | None:
    if not typed:
        return None
    if not (typed.isascii() and typed.isdigit() and int(typed[:4]) <= OLDEST):
        raise GroupError("age")
    return int(typed)
