"""Where sealed values lie: columns are found by themselves, every other place is told in a slot.

A store walks its rows by key, a batch at a time, and lets each token be sealed again. It reads and
seals outside any transaction, then swaps in a short one: only rows nobody holds at that moment,
and only tokens that are still what was read. What it had to pass over a later round takes.
"""

from __future__ import annotations

import uuid
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any, Protocol

from django.apps import apps
from django.db import connection, models

from lianxin.kit.slots import Slot
from lianxin.kit.transactions import atomic
from lianxin.vault.rules import BrokenSealError


class Again(Protocol):
    """Seals a token again with the key of the day; one that is up to date comes back as it is."""

    def __call__(self, token: str, *, bound_to: str) -> str:
        """Raises BrokenSealError."""


@dataclass(slots=True)
class Batch:
    """What became of some rows in the order of their keys; `last` is where the next begins."""

    last: str
    rows: int
    resealed: int = 0
    passed_over: int = 0
    broken: list[str] = field(default_factory=list)


class SealedStore(Protocol):
    """One place with sealed values (加密数据的存放处)."""

    @property
    def name(self) -> str:
        """Return what operators and the table of progress call it."""

    def reseal(self, *, after: str, size: int, again: Again) -> Batch | None:
        """Take the next rows after a key ("" is the start); None at the end."""

    def heads(self, *, size: int) -> Iterator[str]:
        """Yield the beginning (at least 128 bytes) of every token that lies here."""


resealers: Slot[SealedStore] = Slot(
    "resealers", purpose="Sealed values outside sealed columns, for the rotation of keys"
)


def stores() -> list[SealedStore]:
    """List every place with sealed values: the columns of all models, then the slot's."""
    columns: list[SealedStore] = [
        ColumnStore(model, column.attname)
        for model in sorted(apps.get_models(include_auto_created=True), key=_label)
        if not model._meta.proxy
        for column in model._meta.local_concrete_fields
        if getattr(column, "is_sealed", False)
    ]
    return columns + resealers.values()


@dataclass(frozen=True)
class ColumnStore:
    """One `SealedField` of one model."""

    model: type[models.Model]
    column: str

    @property
    def name(self) -> str:
        """Return model and column."""
        return f"{self.model._meta.label}.{self.column}"

    def reseal(self, *, after: str, size: int, again: Again) -> Batch | None:
        """Take the next rows."""
        held = _slice(self._rows(), self.column, after, size)
        if not held:
            return None
        batch = Batch(last=str(held[-1][0]), rows=len(held))
        swaps = []
        for pk, sealed in held:
            try:
                token = again(sealed.token, bound_to=f"{self.name}:{pk}")
            except BrokenSealError:
                batch.broken.append(str(pk))
                continue
            if token != sealed.token:
                swaps.append((token, pk, sealed.token))
        if swaps:
            batch.resealed = self._swap(swaps)
            batch.passed_over = len(swaps) - batch.resealed
        return batch

    def heads(self, *, size: int) -> Iterator[str]:
        """Yield every token."""
        for _pk, sealed in _walk(self._rows(), self.column, size):
            yield sealed.token

    def _rows(self) -> models.QuerySet[Any]:
        return self.model._base_manager.filter(**{f"{self.column}__isnull": False})

    def _swap(self, swaps: Sequence[tuple[str, Any, str]]) -> int:
        meta, quote = self.model._meta, connection.ops.quote_name
        column = next(one for one in meta.concrete_fields if one.attname == self.column)
        names = [quote(str(name)) for name in (meta.db_table, column.column, meta.pk.column)]
        update = "UPDATE {0} SET {1} = %s WHERE {2} = %s AND {1} = %s".format(*names)  # noqa: S608  (names from the model)
        with atomic():
            free = _held_free(self.model, [pk for _new, pk, _old in swaps])
            values = [
                (new, meta.pk.get_db_prep_value(pk, connection), old)
                for new, pk, old in swaps
                if pk in free
            ]
            if not values:
                return 0
            with connection.cursor() as cursor:
                cursor.executemany(update, values)
                return int(cursor.rowcount)


@dataclass(frozen=True)
class DocumentStore:
    """Sealed values inside a JSON column.

    `turn(pk, document, again)` returns the document with each of its tokens sealed again.
    """

    model: type[models.Model]
    column: str
    turn: Callable[[Any, Any, Again], Any]

    @property
    def name(self) -> str:
        """Return model and column."""
        return f"{self.model._meta.label}.{self.column}"

    def reseal(self, *, after: str, size: int, again: Again) -> Batch | None:
        """Take the next rows."""
        held = _slice(self.model._base_manager.all(), self.column, after, size)
        if not held:
            return None
        batch = Batch(last=str(held[-1][0]), rows=len(held))
        swaps = {}
        for pk, document in held:
            try:
                turned = self.turn(pk, document, again)
            except BrokenSealError:
                batch.broken.append(str(pk))
                continue
            if turned != document:
                swaps[pk] = (document, turned)
        if swaps:
            batch.resealed = self._swap(swaps)
            batch.passed_over = len(swaps) - batch.resealed
        return batch

    def heads(self, *, size: int) -> Iterator[str]:
        """Yield every token."""
        found: list[str] = []

        def look(token: str, *, bound_to: str) -> str:  # noqa: ARG001  (the shape of Again)
            found.append(token)
            return token

        for pk, document in _walk(self.model._base_manager.all(), self.column, size):
            self.turn(pk, document, look)
            yield from found
            found.clear()

    def _swap(self, swaps: dict[Any, tuple[Any, Any]]) -> int:
        rows = self.model._base_manager
        count = 0
        with atomic():
            free = _held_free(self.model, list(swaps))
            now = dict(rows.filter(pk__in=free).values_list("pk", self.column))
            for pk, document in now.items():
                before, turned = swaps[pk]
                if document == before:
                    count += rows.filter(pk=pk).update(**{self.column: turned})
        return count


def _held_free(model: type[models.Model], pks: Sequence[Any]) -> set[Any]:
    # Whoever holds a row is never waited for: a rotation takes part in no deadlock.
    rows = model._base_manager.select_for_update(skip_locked=True, no_key=True)
    return set(rows.filter(pk__in=pks).values_list("pk", flat=True))


def _slice(
    rows: models.QuerySet[Any], column: str, after: str | uuid.UUID, size: int
) -> list[tuple[Any, Any]]:
    if after:
        rows = rows.filter(pk__gt=after)
    return list(rows.order_by("pk").values_list("pk", column)[:size])


def _walk(rows: models.QuerySet[Any], column: str, size: int) -> Iterator[tuple[Any, Any]]:
    after = ""
    while held := _slice(rows, column, after, size):
        yield from held
        after = str(held[-1][0])


def _label(model: type[models.Model]) -> str:
    return model._meta.label
