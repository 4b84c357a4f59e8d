"""Many roll entries at once: by COPY on PostgreSQL, by one prepared statement on SQLite.

Building model instances and letting `bulk_create` compile an INSERT for every few dozen costs five
times as much on both databases as what is written here.
"""

from __future__ import annotations

import datetime as dt
import uuid
from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from typing import Any

from django.db import connection, models

from lianxin.kit import clock
from lianxin.kit.ids import new_id
from lianxin.members.models import Fact, Member
from lianxin.members.selectors.dictionary import dictionary
from lianxin.vault import api as vault

Column = models.Field[Any, Any]
_ESCAPES = str.maketrans({"\\": "\\\\", "\t": "\\t", "\n": "\\n", "\r": "\\r"})


def insert_members(entries: Sequence[Mapping[str, Any]]) -> list[uuid.UUID]:
    """Insert entries given by their columns; the others get their defaults. Inside `atomic`."""
    if not entries:
        return []
    writer = _Writer(entries[0].keys())
    rows = [writer.row(entry) for entry in entries]
    copy_rows(Member._meta.db_table, writer.names, rows)
    return writer.ids


def copy_rows(table: str, names: Sequence[str], rows: Iterable[Sequence[Any]]) -> None:
    """Add rows of plain values (text, dates, UUIDs, numbers, None) to a table. Inside `atomic`."""
    quote = connection.ops.quote_name
    columns = ", ".join(quote(name) for name in names)
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            with connection.wrap_database_errors:
                copy = cursor.copy(f"COPY {quote(table)} ({columns}) FROM STDIN")
                with copy as stream:
                    for part in _parts(rows):
                        stream.write(part)
        else:
            marks = ", ".join(["%s"] * len(names))
            statement = f"INSERT INTO {quote(table)} ({columns}) VALUES ({marks})"  # noqa: S608  (our own columns)
            # Most cells are text, which SQLite takes as it is.
            plain = [[c if c.__class__ is str else _plain(c) for c in row] for row in rows]
            cursor.executemany(statement, plain)


def update_members(changes: Mapping[uuid.UUID, Mapping[str, Any]]) -> None:
    """Change columns of entries, each its own; those with the same columns by one statement."""
    alike: dict[tuple[str, ...], list[list[Any]]] = defaultdict(list)
    sealer = vault.Sealer()
    for pk, values in changes.items():
        row = [
            sealer.text(value, Member, name, pk) if name == "phone" and value else value
            for name, value in values.items()
        ]
        alike[tuple(values)].append([*map(_prepared, values, row), _prepared("id", pk)])
    quote = connection.ops.quote_name
    table = quote(Member._meta.db_table)
    with connection.cursor() as cursor:
        for names, rows in alike.items():
            told = ", ".join(f"{quote(name)} = %s" for name in names)
            statement = f"UPDATE {table} SET {told} WHERE id = %s"  # noqa: S608  (our own columns)
            cursor.executemany(statement, rows)
    _supersede(changes)


def _supersede(changes: Mapping[uuid.UUID, Mapping[str, Any]]) -> None:
    """Let what an officer wrote about a column be the past, now that the roll says otherwise."""
    of_columns = {entry.column: name for name, entry in dictionary().facts.items() if entry.column}
    names = {
        of_columns[column]
        for values in changes.values()
        for column in values
        if column in of_columns
    }
    rows = Fact.objects.filter(member_id__in=list(changes), name__in=names, superseded_at=None)
    over = [
        pk
        for pk, member_id, name in rows.values_list("pk", "member_id", "name")
        if (entry := dictionary().facts.get(name)) and entry.column in changes[member_id]
    ]
    if over:
        Fact.objects.filter(pk__in=over).update(superseded_at=clock.now())


class _Writer:
    """Turns columns of entries into rows of a table; what all of them share comes last."""

    def __init__(self, given: Collection[str]) -> None:
        columns: list[Column] = list(Member._meta.concrete_fields)
        blank = Member()
        own = [c for c in columns if c.attname in given]
        shared = [c for c in columns if c.attname not in given and not c.primary_key]
        self.names = ["id", *(str(column.column) for column in [*own, *shared])]
        self._own = [c.attname for c in own]
        self._shared = [_prepared(c.attname, getattr(blank, c.attname)) for c in shared]
        self._sealed = [
            (at, c.attname) for at, c in enumerate(own, start=1) if isinstance(c, vault.SealedField)
        ]
        self._sealer = vault.Sealer()
        self.ids: list[uuid.UUID] = []

    def row(self, entry: Mapping[str, Any]) -> list[Any]:
        pk = new_id()
        self.ids.append(pk)
        row = [pk, *(entry[name] for name in self._own), *self._shared]
        for at, name in self._sealed:
            if row[at]:
                row[at] = self._sealer.text(row[at], Member, name, pk)
        return row


def _prepared(name: str, value: Any) -> Any:
    field: Column = Member._meta.get_field(name)  # type: ignore[assignment]  # no relation back
    if value is None or isinstance(field, vault.SealedField):
        return value or None
    return field.get_db_prep_save(value, connection)


def _plain(cell: Any) -> Any:
    """Write a value as SQLite keeps it."""
    if isinstance(cell, uuid.UUID):
        return cell.hex
    return cell.isoformat() if isinstance(cell, dt.date) else cell


def _parts(rows: Iterable[Sequence[Any]]) -> Iterator[bytes]:
    lines: list[str] = []
    for row in rows:
        lines.append("\t".join(map(_text, row)))
        if len(lines) >= 1000:
            yield ("\n".join(lines) + "\n").encode()
            lines = []
    if lines:
        yield ("\n".join(lines) + "\n").encode()


def _text(cell: Any) -> str:
    if cell is None:
        return "\\N"
    text = cell if type(cell) is str else str(cell)
    return text if text.isprintable() and "\\" not in text else text.translate(_ESCAPES)
