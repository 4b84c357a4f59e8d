"""What becomes of each row of a batch: a new member, a changed one, one we have, or a rejection."""

from __future__ import annotations

import uuid
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import Any

from lianxin.kit import clock
from lianxin.members.models import Fact, Member
from lianxin.members.rules.sheet import Draft, RowError, draft_of
from lianxin.members.services.importing.reading import SheetRow
from lianxin.members.services.roll import identity_columns, name_columns, phone_columns, put
from lianxin.orgs.api import Organisation, codes_above, line_of, subtree_of
from lianxin.vault import api as vault

SOURCE = "roll"
# Columns a roll may change on a member who is there already, and the fact that may protect each.
CHANGEABLE = {
    "employer_name": "employer",
    "employment_form": "employment_form",
    "occupation": "occupation",
    "skill_level": "skill_level",
    "joined_on": "union_joined_on",
}


@dataclass(frozen=True, slots=True)
class Place:
    """A union a person can be put into: what its members carry of it."""

    organisation_id: uuid.UUID
    path: str
    codes: dict[str, str]


@dataclass
class Batch:
    """What one batch writes, and what it counts."""

    last: int = 0
    rows: int = 0
    created: list[dict[str, Any]] = field(default_factory=list)  # columns of new entries
    updated: list[Member] = field(default_factory=list)
    duplicate: int = 0
    rejected: dict[int, str] = field(default_factory=dict)
    joined_paths: dict[str, int] = field(default_factory=dict)


class Places:
    """The unions below the one that sends the roll, by code and by name."""

    def __init__(self, organisation: Organisation) -> None:
        above = line_of(organisation)
        line: list[Organisation] = []
        self._by_word: dict[str, Place] = {}
        self._twice: set[str] = set()
        for found in subtree_of(organisation):
            line = [*(o for o in line if found.path.startswith(o.path)), found]
            place = Place(found.pk, found.path, codes_above([*above, *line]))
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


@dataclass(frozen=True, slots=True)
class _Fresh:
    """A row the file names for the first time."""

    number: int
    draft: Draft
    place: Place


class Decider:
    """Decides batch after batch; remembers whom the file has named before."""

    def __init__(self, places: Places, *, needs_union: bool) -> None:
        self._places = places
        self._needs_union = needs_union
        self._today = clock.today()
        self._seen: dict[str, str] = {}
        self._noted: list[str] = []

    def remember(self, row: SheetRow) -> None:
        """Note whom a row names, without deciding: rows a run settled before it was cut off."""
        try:
            draft = draft_of(row.cells, row.header, today=self._today)
            self._places.of(draft.union_words, is_needed=self._needs_union)
        except RowError:
            return
        self._seen.setdefault(draft.identity.number, draft.name)

    def decide(self, rows: Sequence[SheetRow]) -> Batch:
        """Decide over one batch. Two queries at most."""
        batch = Batch(last=rows[-1].number, rows=len(rows))
        self._noted = []
        fresh: dict[str, _Fresh] = {}
        for row in rows:
            try:
                draft = draft_of(row.cells, row.header, today=self._today)
                place = self._places.of(draft.union_words, is_needed=self._needs_union)
                if self._is_repeat(draft):
                    batch.duplicate += 1
                    continue
            except RowError as error:
                batch.rejected[row.number] = error.reason
                continue
            index = vault.blind_index(draft.identity.number, purpose="id_number")
            fresh[index] = _Fresh(row.number, draft, place)
        held = _held(fresh)
        protected = _protected(held.values())
        for index, found in fresh.items():
            member = held.get(index)
            if member is None:
                _create(batch, found)
            else:
                _compare(batch, found, member, protected.get(member.pk, frozenset()))
        return batch

    def forget(self) -> None:
        """Take back what the last batch noted: it could not be stored and is decided again."""
        for number in self._noted:
            del self._seen[number]
        self._noted = []

    def _is_repeat(self, draft: Draft) -> bool:
        number = draft.identity.number
        before = self._seen.get(number)
        if before is None:
            self._seen[number] = draft.name
            self._noted.append(number)
            return False
        if before != draft.name:
            raise RowError("id_twice")
        return True


def _held(indexes: Iterable[str]) -> dict[str, Member]:
    rows = Member.objects.filter(id_index__in=list(indexes), state=Member.State.IN_FORCE)
    return {row.id_index: row for row in rows}


def _protected(members: Iterable[Member]) -> dict[uuid.UUID, frozenset[str]]:
    """Find what people corrected themselves: an old roll does not overwrite it."""
    told: dict[uuid.UUID, frozenset[str]] = {}
    ids = [member.pk for member in members]
    if ids:
        rows = Fact.objects.filter(
            member_id__in=ids, superseded_at=None, source="self", name__in=CHANGEABLE.values()
        )
        for member_id, name in rows.values_list("member_id", "name"):
            told[member_id] = told.get(member_id, frozenset()) | {name}
    return told


def _create(batch: Batch, found: _Fresh) -> None:
    draft, place = found.draft, found.place
    batch.created.append(
        {
            "organisation_id": place.organisation_id,
            **place.codes,
            **identity_columns(draft.identity),
            **name_columns(draft.name),
            **phone_columns(draft.phone),
            "birth_on": draft.birth_on,
            "sex": draft.sex,
            "employer_name": draft.employer_name,
            "employment_form": draft.employment_form,
            "occupation": draft.occupation,
            "skill_level": draft.skill_level,
            "joined_on": draft.joined_on,
            "source": SOURCE,
        }
    )
    batch.joined_paths[place.path] = batch.joined_paths.get(place.path, 0) + 1


def _compare(batch: Batch, found: _Fresh, member: Member, protected: frozenset[str]) -> None:
    if member.name != found.draft.name:
        batch.rejected[found.number] = "name_differs"
    elif member.organisation_id != found.place.organisation_id:
        batch.rejected[found.number] = "member_elsewhere"
    elif _change(member, found.draft, protected):
        batch.updated.append(member)
    else:
        batch.duplicate += 1


def _change(member: Member, draft: Draft, protected: frozenset[str]) -> bool:
    changed = False
    for column, fact in CHANGEABLE.items():
        new: Any = getattr(draft, column)
        if new not in {"", None} and new != getattr(member, column) and fact not in protected:
            setattr(member, column, new)
            changed = True
    # Whoever has signed in keeps her number until she or her officer changes it.
    may_call = draft.phone if member.account_id is None else ""
    if may_call and vault.blind_index(may_call, purpose="phone") != member.phone_index:
        put(member, phone_columns(may_call))
        changed = True
    if changed:
        member.updated_at = clock.now()
    return changed
