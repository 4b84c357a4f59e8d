"""Long lists in pages that stay fast at the millionth row: the next page starts after the last key.

The token only says where to go on reading a list the person may read anyway, so it is not signed:
a forged one shows another part of the same list, a broken one the first page.
"""

from __future__ import annotations

import base64
import binascii
import datetime as dt
import json
import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Generic, TypeVar

from django.core.exceptions import EmptyResultSet, FieldDoesNotExist, ValidationError
from django.db import DEFAULT_DB_ALIAS, connection
from django.db.models import Field, Model, Q, QuerySet

M = TypeVar("M", bound=Model)
_LONGEST = 2000


@dataclass(frozen=True)
class Page(Generic[M]):
    """The rows of one page, and the token of the next (empty when this is the last)."""

    rows: list[M]
    next_token: str


def page_of(
    queryset: QuerySet[M],
    after: str | None,
    size: int = 50,
    order: Sequence[str] = ("created_at", "id"),
) -> Page[M]:
    """Return the page after a token.

    `order` names columns that are never null, "-" first for descending, the last one unique.
    """
    return page_of_parts([queryset], after, size, order)


def page_of_parts(
    parts: Sequence[QuerySet[M]],
    after: str | None,
    size: int = 50,
    order: Sequence[str] = ("created_at", "id"),
) -> Page[M]:
    """Return the page after a token of several lists as one: a query a part, each by its own index.

    Rows that stand in two parts come once. `order` as in `page_of`, of columns that the databases
    order as Python does: numbers, days, ids, sort keys.
    """
    keys = [(name.removeprefix("-"), name.startswith("-")) for name in order]
    found: dict[Any, M] = {}
    for part in parts:
        wanted = part.order_by(*order)
        start = _read_token(part.model, [name for name, _ in keys], after)
        if start is not None:
            wanted = wanted.filter(_after(keys, start))
        found |= {row.pk: row for row in wanted[: size + 1]}
    rows = list(found.values())
    if len(parts) > 1:
        for name, is_falling in reversed(keys):
            rows.sort(key=lambda row, name=name: _value(row, name), reverse=is_falling)  # type: ignore[misc]
    if len(rows) <= size:
        return Page(rows, "")
    return Page(rows[:size], _token([_value(rows[size - 1], name) for name, _ in keys]))


def _after(keys: list[tuple[str, bool]], start: list[Any]) -> Q:
    """Say "later in the order than start" so that both databases use the index of the first key."""
    first, falling = keys[0]
    later = Q()
    same = Q()
    for (name, down), value in zip(keys, start, strict=True):
        later |= same & Q(**{f"{name}__{'lt' if down else 'gt'}": value})
        same &= Q(**{name: value})
    return Q(**{f"{first}__{'lte' if falling else 'gte'}": start[0]}) & later


def _value(row: Model, name: str) -> Any:
    value: Any = row
    for part in name.split("__"):
        value = getattr(value, part)
    return value


def _token(values: list[Any]) -> str:
    plain = [
        value.isoformat() if isinstance(value, dt.date)
        else value if isinstance(value, int | float | str)
        else str(value)
        for value in values
    ]  # fmt: skip
    text = json.dumps(plain, ensure_ascii=False, separators=(",", ":"))
    return base64.urlsafe_b64encode(text.encode()).decode().rstrip("=")


def _read_token(model: type[Model], names: list[str], token: str | None) -> list[Any] | None:
    if not token or len(token) > _LONGEST:
        return None
    try:
        plain = json.loads(base64.b64decode(token + "=" * (-len(token) % 4), b"-_", validate=True))
        if not isinstance(plain, list) or len(plain) != len(names):
            return None
        return [_restore(model, name, value) for name, value in zip(names, plain, strict=True)]
    except (ValueError, TypeError, OverflowError, RecursionError, ValidationError, binascii.Error):
        return None


def _restore(model: type[Model], name: str, value: Any) -> Any:
    if not isinstance(value, int | float | str) or isinstance(value, bool):
        raise TypeError(name)
    if isinstance(value, float) and not math.isfinite(value):
        raise ValueError(name)
    if isinstance(value, int) and abs(value) >= 1 << 63:
        raise OverflowError(name)
    if isinstance(value, str) and "\0" in value.encode().decode():  # lone surrogates raise here
        raise ValueError(name)
    field = _field(model, name)
    restored = field.to_python(value) if field else value
    if restored is None:
        raise ValueError(name)
    if isinstance(restored, dt.datetime):
        if restored.tzinfo is None:
            raise ValueError(name)
        restored = restored.astimezone(dt.UTC)
    return restored


def _field(model: type[Model], name: str) -> Field[Any, Any] | None:
    """Find the column a name like `organisation__code` leads to; an annotation has none."""
    holder: Any = model
    field: Any = None
    for part in name.split("__"):
        try:
            field = holder._meta.pk if part == "pk" else holder._meta.get_field(part)
        except FieldDoesNotExist:
            return None
        holder = getattr(field, "related_model", None) or holder
    return field if isinstance(field, Field) else None


def counts_of(rows: Sequence[QuerySet[Any]]) -> list[int]:
    """Count each of several lists of rows, in their order. One query, however many they are.

    A bar of tabs asks one count of each app; asked one by one, each app that joins would make every
    page of the desk slower. The ORM has no such question, so each list's own SQL stands in it as
    Django wrote it.
    """
    asked: list[tuple[int, str, tuple[Any, ...]]] = []
    for at, query in enumerate(rows):
        try:
            sql, params = (
                query.order_by().values("pk").query.get_compiler(DEFAULT_DB_ALIAS).as_sql()
            )
        except EmptyResultSet:
            continue
        asked.append((at, f"(SELECT COUNT(*) FROM ({sql}) AS counted)", params))  # noqa: S608  # Django's own SQL, its parameters apart
    counts = [0] * len(rows)
    if asked:
        with connection.cursor() as cursor:
            select = ", ".join(sql for _at, sql, _params in asked)
            cursor.execute(f"SELECT {select}", [p for _at, _sql, params in asked for p in params])
            found = cursor.fetchone()
        for (at, _sql, _params), count in zip(asked, found, strict=True):
            counts[at] = count
    return counts
