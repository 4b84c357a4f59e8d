"""The unions a roll may name, and what their members carry of them."""

from __future__ import annotations

import uuid
from collections.abc import Sequence
from dataclasses import dataclass

from lianxin.members.rules.industries import industry_of
from lianxin.members.rules.sheet import RowError
from lianxin.orgs.api import Organisation, codes_above, line_of, subtree_of


@dataclass(frozen=True, slots=True)
class Place:
    """A union a person can be put into: what its members carry of it."""

    organisation_id: uuid.UUID
    path: str
    codes: dict[str, str]
    industry: str


class Places:
    """The union that sends the roll, and those below it where it takes them, by code and by name."""

    def __init__(self, organisation: Organisation, *, takes_below: bool = True) -> None:
        above = line_of(organisation)
        line: list[Organisation] = []
        self._by_word: dict[str, Place] = {}
        self._twice: set[str] = set()
        for found in subtree_of(organisation) if takes_below else [organisation]:
            line = [*(o for o in line if found.path.startswith(o.path)), found]
            place = Place(
                found.pk, found.path, codes_above([*above, *line]), industry_of(found.industry_code)
            )
            self._by_word[found.code.lower()] = place
            self._name(found.name.lower(), place)
        self.own = self._by_word[organisation.code.lower()]

    def of(self, words: Sequence[str], *, is_needed: bool) -> Place:
        """Find the union of a row.

        Raises:
            RowError: it names none, one we do not know, or a name several bear.
        """
        for word in words:
            if place := self._by_word.get(word.lower()):
                return place
        if any(word.lower() in self._twice for word in words):
            raise RowError("union_twice")
        if words:
            raise RowError("union_unknown")
        if is_needed:
            raise RowError("union_missing")
        return self.own

    def _name(self, name: str, place: Place) -> None:
        if name in self._twice:
            return
        if name in self._by_word:
            self._twice.add(name)
            del self._by_word[name]
        else:
            self._by_word[name] = place
