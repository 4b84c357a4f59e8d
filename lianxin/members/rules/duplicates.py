"""When two entries on the roll may be one person. Pure.

The same identity number is one person, whatever the roll says. Name and phone, or name, birthday and
employer, are a suspicion: fathers and sons share names and phones, so a person decides.
"""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from enum import StrEnum


class Sign(StrEnum):
    NUMBER = "same_number"
    PHONE = "name_and_phone"
    BIRTH = "name_birth_employer"


@dataclass(frozen=True, slots=True)
class Traits:
    """What of an entry is compared; indexes are blind."""

    name: str
    id_index: str = ""
    phone_index: str = ""
    birth_on: dt.date | None = None
    employer_name: str = ""


def signs_of(one: Traits, other: Traits) -> list[Sign]:
    """List the signs that two entries are one person; none: they are two. Symmetric."""
    signs = []
    if one.id_index and one.id_index == other.id_index:
        signs.append(Sign.NUMBER)
    if folded(one.name) != folded(other.name):
        return signs
    if one.phone_index and one.phone_index == other.phone_index:
        signs.append(Sign.PHONE)
    same_birth = one.birth_on is not None and one.birth_on == other.birth_on
    employer = folded(one.employer_name)
    if same_birth and employer and employer == folded(other.employer_name):
        signs.append(Sign.BIRTH)
    return signs


Mark = tuple[object, ...]


def marks_of(one: Traits) -> list[Mark]:
    """List what another entry must share with this one, wholly, for any sign between the two."""
    name, employer = folded(one.name), folded(one.employer_name)
    marks: list[Mark] = []
    if one.id_index:
        marks.append((Sign.NUMBER, one.id_index))
    if one.phone_index:
        marks.append((Sign.PHONE, name, one.phone_index))
    if one.birth_on is not None and employer:
        marks.append((Sign.BIRTH, name, one.birth_on, employer))
    return marks


def folded(text: str) -> str:
    """Fold what two clerks write differently: blanks, case, kinds of brackets."""
    return "".join(text.casefold().translate(_BRACKETS).split())


_BRACKETS = str.maketrans({"（": "(", "）": ")"})
