"""Several counts in one question to the database."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django.core.exceptions import EmptyResultSet
from django.db import connections
from django.db.models import QuerySet


def counts_of(rows: Sequence[QuerySet[Any]], *, using: str = "default") -> list[int]:
    """Count each of several lists of rows, in their order. One query, however many they are.

    A bar of tabs asks one count of each app; asked one by one, each app that joins would make every
    page of the desk slower. The ORM has no such question, so each list's own SQL stands in it as
    Django wrote it.
    """
    asked: list[tuple[int, str, tuple[Any, ...]]] = []
    for at, query in enumerate(rows):
        try:
            sql, params = query.order_by().values("pk").query.get_compiler(using).as_sql()
        except EmptyResultSet:
            continue
        asked.append((at, f"(SELECT COUNT(*) FROM ({sql}) AS counted)", params))  # noqa: S608  # Django's own SQL, its parameters apart
    counts = [0] * len(rows)
    if asked:
        with connections[using].cursor() as cursor:
            select = ", ".join(sql for _at, sql, _params in asked)
            cursor.execute(f"SELECT {select}", [p for _at, _sql, params in asked for p in params])
            found = cursor.fetchone()
        for (at, _sql, _params), count in zip(asked, found, strict=True):
            counts[at] = count
    return counts
