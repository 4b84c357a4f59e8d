"""What becomes of each row of a batch: a new member, a changed one, one we have, or a rejection."""

from __future__ import annotations

import datetime as dt
import uuid
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass, field
from typing import Any, NamedTuple

from lianxin.kit import clock
from lianxin.members.models import Fact, Member
from lianxin.members.rules.membership import RANK, State
from lianxin.members.rules.sheet import RowError
from lianxin.members.selectors.people import TAIL
from lianxin.members.selectors.pinyin import sort_key_of
from lianxin.members.services.importing.places import Place, Places
from lianxin.vault import api as vault

SOURCE = "roll"
# Columns a roll may change on a member who is there already, and the fact that may protect each.
CHANGEABLE = {
    "employer_name": "employer",
    "employment_form": "employment_form",
    "occupation": "occupation",
    "skill_level": "skill_level",
    "joined_on": "union_joined_on",
    "industry": "industry",
}
THEIR_OWN = ("self", "correction")  # sources of what the person said, or had put right
# What of an entry is compared with a row, in the order of `Held`.
_COMPARED = (
    "id_index", "pk", "name", "organisation_id", "state", "account_id", "phone_index",
    "merged_into_id",
)  # fmt: skip
# Why a roll brings nobody back whose membership does not stand: that takes a decision.
OVER = {
    State.RETAINED: "member_retained", State.LEFT: "member_left", State.ENDED: "member_ended",
}  # fmt: skip


class Understood(NamedTuple):
    """A row as the reader hands it over: its number, why it cannot be taken, or who it is."""

    number: int
    reason: str
    name: str = ""
    id_kind: str = ""
    id_number: str = ""
    birth_on: str = ""
    sex: str = "0"
    phone: str = ""
    union_words: Sequence[str] = ()
    employer_name: str = ""
    employment_form: str = ""
    occupation: str = ""
    skill_level: str = ""
    joined_on: str = ""
    industry: str = ""
    warning: str = ""


class Held(NamedTuple):
    """What is compared of an entry on the roll."""

    id_index: str
    pk: uuid.UUID
    name: str
    organisation_id: uuid.UUID
    state: str
    account_id: uuid.UUID | None
    phone_index: str
    merged_into_id: uuid.UUID | None
    changeable: tuple[Any, ...]


@dataclass
class Batch:
    """What one batch writes, and what it counts."""

    last: int = 0
    rows: int = 0
    created: list[dict[str, Any]] = field(default_factory=list)  # columns of new entries
    updated: dict[uuid.UUID, dict[str, Any]] = field(default_factory=dict)  # changed columns
    duplicate: int = 0
    rejected: dict[int, str] = field(default_factory=dict)
    warned: dict[int, str] = field(default_factory=dict)  # taken, but something was left out
    joined_paths: dict[str, int] = field(default_factory=dict)
    named: list[uuid.UUID] = field(default_factory=list)  # members who were there already


class _Sealer(vault.Sealer):
    """Remembers the digests of last four digits: there are ten thousand of them."""

    def __init__(self) -> None:
        super().__init__()
        self._tails: dict[str, str] = {}

    def tail(self, digits: str) -> str:
        if digits not in self._tails:
            self._tails[digits] = self.index(digits, purpose="phone_tail")[:TAIL]
        return self._tails[digits]


class Decider:
    """Decides batch after batch; remembers whom the file has named before."""

    def __init__(self, places: Places, *, needs_union: bool) -> None:
        self._places = places
        self._needs_union = needs_union
        # A digest of the number, and of the name it stood with: a million take 170 MB.
        self._seen: dict[int, int] = {}
        self._noted: list[int] = []

    def remember(self, rows: Iterable[Sequence[Any]]) -> None:
        """Note whom rows name, without deciding: a run settled them before it was cut off."""
        for row in rows:
            told = Understood(*row)
            try:
                self._place(told)
            except RowError:
                continue
            self._seen.setdefault(hash(told.id_number), hash(told.name))

    def decide(self, first: int, rows: Sequence[Sequence[Any]]) -> Batch:
        """Decide over one batch, which begins at the place `first`. Four queries at most."""
        batch = Batch(last=first + len(rows) - 1, rows=len(rows))
        self._noted = []
        sealer = _Sealer()
        fresh: dict[str, tuple[Understood, Place, list[str]]] = {}
        for row in rows:
            told = Understood(*row)
            try:
                place = self._place(told)
                if self._is_repeat(told):
                    batch.duplicate += 1
                    continue
            except RowError as error:
                batch.rejected[told.number] = error.reason
                continue
            digests = sealer.indexes(told.id_number, purpose="id_number")
            fresh[digests[0]] = (told, place, digests)
        asked = [one for *_row, digests in fresh.values() for one in digests]
        held = _held(asked)
        wrong = _put_right([one for one in asked if one not in held])
        protected = _protected([found.pk for found in held.values()])
        for told, place, digests in fresh.values():
            found = next((held[one] for one in digests if one in held), None)
            if reason := _objection(told, place, found, [wrong.get(one) for one in digests]):
                batch.rejected[told.number] = reason
            elif found is None:
                _enter(batch, told, place, _columns(told, place, digests[0], sealer))
            else:
                guarded = protected.get(found.pk, frozenset())
                _compare(batch, told, found, _changes(told, found, guarded, sealer))
        return batch

    def forget(self) -> None:
        """Take back what the last batch noted: it could not be stored and is decided again."""
        for number in self._noted:
            del self._seen[number]
        self._noted = []

    def _place(self, told: Understood) -> Place:
        if told.reason:
            raise RowError(told.reason)
        return self._places.of(told.union_words, is_needed=self._needs_union)

    def _is_repeat(self, told: Understood) -> bool:
        number = hash(told.id_number)
        before = self._seen.get(number)
        if before is None:
            self._seen[number] = hash(told.name)
            self._noted.append(number)
            return False
        if before != hash(told.name):
            raise RowError("id_twice")
        return True


def _enter(batch: Batch, told: Understood, place: Place, columns: dict[str, Any]) -> None:
    batch.created.append(columns)
    batch.joined_paths[place.path] = batch.joined_paths.get(place.path, 0) + 1
    if told.warning:
        batch.warned[told.number] = told.warning


def _compare(batch: Batch, told: Understood, found: Held, changes: dict[str, Any]) -> None:
    batch.named.append(found.pk)
    if changes:
        batch.updated[found.pk] = changes
    else:
        batch.duplicate += 1
    # What cannot be read is missed by nobody where the roll has a number.
    if told.warning and not found.phone_index:
        batch.warned[told.number] = told.warning


def _held(digests: Collection[str]) -> dict[str, Held]:
    rows = Member.objects.filter(id_index__in=list(digests)).values_list(*_COMPARED, *CHANGEABLE)
    cut = len(_COMPARED)
    found: dict[str, Held] = {}
    for row in rows.iterator(chunk_size=5000):
        one = Held._make((*row[:cut], row[cut:]))
        before = found.get(one.id_index)
        if before is None or _rank(one) < _rank(before):
            found[one.id_index] = one
    return found


def _rank(one: Held) -> tuple[int, bool]:
    return RANK[State(one.state)], one.merged_into_id is not None


def _put_right(digests: Collection[str]) -> dict[str, set[str]]:
    """Find whose number was wrong and has been put right: by that digest, the names she bore.

    Under another name it is somebody else's own number, which had been written down for hers.
    """
    rows = Fact.objects.filter(was_index__in=list(digests))
    found = list(rows.values_list("was_index", "member_id", "member__name"))
    names = {member_id: {name} for _digest, member_id, name in found}
    if names:
        before = Fact.objects.filter(member_id__in=list(names), name="name")
        for member_id, name in before.values_list("member_id", "value"):
            names[member_id].add(str(name))
    told: dict[str, set[str]] = {}
    for digest, member_id, _name in found:
        told.setdefault(digest, set()).update(names[member_id])
    return told


def _protected(ids: list[uuid.UUID]) -> dict[uuid.UUID, frozenset[str]]:
    """Find what people corrected, themselves or by a case: an old roll does not overwrite it."""
    told: dict[uuid.UUID, frozenset[str]] = {}
    if ids:
        rows = Fact.objects.filter(
            member_id__in=ids,
            superseded_at=None,
            source__in=THEIR_OWN,
            name__in=CHANGEABLE.values(),
        )
        for member_id, name in rows.values_list("member_id", "name"):
            told[member_id] = told.get(member_id, frozenset()) | {name}
    return told


def _day(iso: str) -> dt.date | None:
    return dt.date.fromisoformat(iso) if iso else None


def _columns(told: Understood, place: Place, digest: str, sealer: _Sealer) -> dict[str, Any]:
    return {
        "organisation_id": place.organisation_id,
        **place.codes,
        "name": told.name,
        "sort_key": sort_key_of(told.name),
        "id_kind": told.id_kind,
        "id_number": told.id_number,
        "id_index": digest,
        **_phone_columns(told.phone, sealer),
        "birth_on": _day(told.birth_on),
        "sex": told.sex,
        "employer_name": told.employer_name,
        "employment_form": told.employment_form,
        "occupation": told.occupation,
        "skill_level": told.skill_level,
        "joined_on": _day(told.joined_on),
        "industry": told.industry or place.industry,
        "source": SOURCE,
    }


def _phone_columns(phone: str, sealer: _Sealer) -> dict[str, Any]:
    return {
        "phone": phone or None,
        "phone_index": sealer.index(phone, purpose="phone"),
        "tail_index": sealer.tail(phone[-4:]),
    }


def _objection(
    told: Understood, place: Place, held: Held | None, wrong: Sequence[set[str] | None]
) -> str:
    if held is None:
        is_hers = any(told.name in names for names in wrong if names)
        return "number_corrected" if is_hers else ""
    if held.name != told.name:
        return "name_differs"
    if held.merged_into_id is not None:
        return "number_merged"
    if over := OVER.get(State(held.state), ""):
        return over if over != "member_retained" or _is_here(held, place) else "member_elsewhere"
    return "" if _is_here(held, place) else "member_elsewhere"


def _is_here(held: Held, place: Place) -> bool:
    return held.organisation_id == place.organisation_id


def _changes(
    told: Understood, held: Held, protected: frozenset[str], sealer: _Sealer
) -> dict[str, Any]:
    changes: dict[str, Any] = {}
    for (column, fact), before in zip(CHANGEABLE.items(), held.changeable, strict=True):
        said: Any = getattr(told, column)
        new = _day(said) if column == "joined_on" else said
        if new not in {"", None} and new != before and fact not in protected:
            changes[column] = new
    # Whoever has signed in keeps her number until she or her officer changes it.
    if told.phone and held.account_id is None:
        known = sealer.indexes(told.phone, purpose="phone")
        if held.phone_index not in known:
            changes |= _phone_columns(told.phone, sealer)
    if changes:
        changes["updated_at"] = clock.now()
    return changes
