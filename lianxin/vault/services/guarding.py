"""The database itself refuses digests of index keys before: no process that sleeps lets one in twice.

Putting the guards up waits for all who are writing, and lets nobody write who made a digest before.
"""

from __future__ import annotations

import time
from collections.abc import Iterator, Sequence

from django.db import OperationalError, connection

from lianxin.kit.transactions import atomic
from lianxin.vault.models import IndexRotation
from lianxin.vault.services.indexing import Column, columns

_TRIES = 60
_FUNCTION = "vault_refuse_old_digest"
_SAYS = "this digest is made with an index key of before; try again"


def begin(key_id: str, older: Sequence[str]) -> IndexRotation:
    """Let everybody write with a new key from this moment: one transaction for guards and key.

    Raises:
        OperationalError: some table was held by others each time.
    """
    for turn in range(_TRIES):
        try:
            with atomic():
                _patient("500ms")
                _put_up(older)
                return IndexRotation.objects.create(key_id=key_id)
        except OperationalError:
            if turn == _TRIES - 1:
                raise
            time.sleep(0.3)
    raise AssertionError


def take_down() -> None:
    """Remove the guards: nobody is left who could write an old digest."""
    with atomic(), connection.cursor() as cursor:
        _patient("5s")
        for column in columns():
            for name in guard_names(column):
                cursor.execute(_drop(name, column))


def _patient(how_long: str) -> None:
    # Shorter than a deadlock is looked for: it is never somebody else who has to give way.
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute(f"SET LOCAL lock_timeout = '{how_long}'")


def _put_up(older: Sequence[str]) -> None:
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            cursor.execute(
                f"CREATE OR REPLACE FUNCTION {_FUNCTION}() RETURNS trigger LANGUAGE plpgsql AS $$ "
                f"BEGIN RAISE EXCEPTION '{_SAYS}' USING ERRCODE = '40001'; END $$"
            )
        for column in columns():
            for statement in _statements(column, older):
                cursor.execute(statement)


def _statements(column: Column, older: Sequence[str]) -> Iterator[str]:
    table, name = map(connection.ops.quote_name, (column.table, column.name))
    is_old = " OR ".join(f"NEW.{name} LIKE '{key_id}:%'" for key_id in older)
    on_insert, on_update = guard_names(column)
    if connection.vendor == "postgresql":
        head, tail = "CREATE TRIGGER {} BEFORE {} ON {} FOR EACH ROW WHEN ({})", f"EXECUTE FUNCTION {_FUNCTION}()"  # fmt: skip
        differs = f"OLD.{name} IS DISTINCT FROM NEW.{name}"
    else:
        head, tail = "CREATE TRIGGER {} BEFORE {} ON {} FOR EACH ROW WHEN {}", f"BEGIN SELECT RAISE(ABORT, '{_SAYS}'); END"  # fmt: skip
        differs = f"OLD.{name} IS NOT NEW.{name}"
    yield _drop(on_insert, column)
    yield f"{head.format(on_insert, 'INSERT', table, is_old)} {tail}"
    yield _drop(on_update, column)
    changed = f"({is_old}) AND {differs}"
    yield f"{head.format(on_update, f'UPDATE OF {name}', table, changed)} {tail}"


def guard_names(column: Column) -> tuple[str, str]:
    """Return the names of the triggers on a column: for new rows, for changed ones."""
    stem = f"vault_guard_{column.table}_{column.name}"[:61]  # PostgreSQL knows 63 letters of a name
    return f"{stem}_i", f"{stem}_u"


def _drop(name: str, column: Column) -> str:
    if connection.vendor == "postgresql":
        return f"DROP TRIGGER IF EXISTS {name} ON {connection.ops.quote_name(column.table)}"
    return f"DROP TRIGGER IF EXISTS {name}"
