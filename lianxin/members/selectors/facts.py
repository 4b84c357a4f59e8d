"""Reading what is known about a member, and leaving a trace of what was opened for it."""

from __future__ import annotations

import datetime as dt
import json
import uuid
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from lianxin.kit import clock
from lianxin.kit.transactions import atomic
from lianxin.members.models import Fact, Member
from lianxin.members.policies import subject_of
from lianxin.members.rules.facts import FactEntry, from_stored
from lianxin.members.selectors.dictionary import dictionary
from lianxin.vault import api as vault


@dataclass(frozen=True, slots=True)
class FactValue:
    """One thing known: the value, where it came from, since when, until when."""

    name: str
    value: Any
    source: str
    recorded_at: dt.datetime
    expires_on: dt.date | None
    is_sensitive: bool

    @property
    def is_fresh(self) -> bool:
        """Say whether the value may still be relied on today."""
        return self.holds_on(clock.today())

    def holds_on(self, day: dt.date) -> bool:
        """Say whether the value may be relied on on a day."""
        return self.expires_on is None or self.expires_on >= day

    @property
    def source_label(self) -> str:
        """Say in words where the value came from."""
        known = dictionary().sources.get(self.source)
        return str(known) if known else self.source

    @property
    def label(self) -> str:
        """Name the fact in the reader's language."""
        return str(dictionary().facts[self.name].label)


def facts_of(
    member_id: uuid.UUID, names: Iterable[str], *, actor_id: uuid.UUID | None, purpose: str
) -> dict[str, FactValue]:
    """Return the facts that are known, by name; one nobody told is missing, never zero.

    Sensitive ones are opened with one trace for the whole call, which the member can see; her own
    look leaves none. Two queries. Unknown names are left out; nobody of this id gives nothing.
    """
    member = Member.objects.select_related("organisation").filter(pk=member_id).first()
    return facts_opened(member, names, actor_id=actor_id, purpose=purpose) if member else {}


def facts_opened(member: Member, names: Iterable[str], *, actor_id: uuid.UUID | None, purpose: str) -> dict[str, FactValue]:  # fmt: skip
    """Return the facts known of a member read with her organisation, as `facts_of` does. One query."""
    found = facts_read(member, names)
    opened = sorted(name for name, fact in found.items() if fact.is_sensitive)
    if opened:
        with atomic():
            vault.note_opening(
                actor_id=actor_id,
                kind="members.Member",
                object_id=member.pk,
                fields=opened,
                purpose=purpose,
                subject_id=subject_of(member),
            )
    return found


def facts_read(member: Member, names: Iterable[str]) -> dict[str, FactValue]:
    """Read facts without a trace: for the machine's own use, or under a trace the caller leaves."""
    entries = dictionary().facts
    wanted = [name for name in dict.fromkeys(names) if name in entries]
    rows = {
        row.name: row
        for row in Fact.objects.filter(member=member, name__in=wanted, superseded_at=None)
    }
    return facts_from(member, wanted, rows)


def facts_from(
    member: Member, wanted: Iterable[str], rows: Mapping[str, Fact]
) -> dict[str, FactValue]:
    """Make facts out of a roll entry and its rows, read before. No query."""
    entries = dictionary().facts
    found = {}
    for name in wanted:
        fact = _of_column(member, name, entries[name], rows.get(name))
        if fact is None and name in rows and not entries[name].column:
            fact = _of_row(rows[name], entries[name])
        if fact is not None:
            found[name] = fact
    return found


def facts_known(member: Member) -> dict[str, tuple[str, dt.datetime, dt.date | None]]:
    """Say which facts are known, from where, since and until when, without opening any. One query."""
    rows = {row.name: row for row in Fact.objects.filter(member=member, superseded_at=None)}
    known = {}
    for name, entry in dictionary().facts.items():
        row = rows.get(name)
        if entry.column:
            if _column(member, entry.column) in {None, ""}:
                continue
            known[name] = (
                row.source if row else member.source or "roll",
                row.recorded_at if row else member.updated_at,
                row.expires_on if row else None,
            )
        elif row is not None:
            known[name] = (row.source, row.recorded_at, row.expires_on)
    return known


def fact_history(member: Member, name: str) -> list[Fact]:
    """List all values a fact ever had, newest first; sealed ones stay sealed."""
    return list(Fact.objects.filter(member=member, name=name).order_by("-recorded_at", "-id"))


def value_of_row(row: Fact, entry: FactEntry) -> Any:
    """Open a fact row for the machine; the caller leaves the trace."""
    if row.sealed_value is not None:
        return from_stored(entry, json.loads(vault.reveal(row, "sealed_value")))
    return from_stored(entry, row.value)


def _of_row(row: Fact, entry: FactEntry) -> FactValue | None:
    value = value_of_row(row, entry)
    if value is None:
        return None
    return FactValue(
        row.name, value, row.source, row.recorded_at, row.expires_on, entry.is_sensitive
    )


def _of_column(member: Member, name: str, entry: FactEntry, row: Fact | None) -> FactValue | None:
    if not entry.column:
        return None
    value = _column(member, entry.column)
    if value in {None, ""}:
        return None
    if entry.is_sensitive:
        # No person has seen it yet: `facts_of` leaves the trace for all it opened at once.
        value = vault.reveal(member, entry.column)
    return FactValue(
        name,
        value,
        row.source if row else member.source or "roll",
        row.recorded_at if row else member.updated_at,
        row.expires_on if row else None,
        entry.is_sensitive,
    )


def _column(member: Member, column: str) -> Any:
    if column == "organisation":
        return member.organisation.code
    if column == "sex" and member.sex == "0":
        return None
    return getattr(member, column)
