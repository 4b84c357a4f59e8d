"""Whoever writes very many rows gets more memory, and gives it back."""

from __future__ import annotations

import pytest
from django.db import connection

from lianxin.kit.transactions import room_for_bulk

pytestmark = [
    pytest.mark.django_db(transaction=True),
    pytest.mark.skipif(connection.vendor != "sqlite", reason="PostgreSQL has it already"),
]


def _cache() -> int:
    with connection.cursor() as cursor:
        cursor.execute("PRAGMA cache_size")
        return int(cursor.fetchone()[0])


def test_the_room_is_given_back_also_after_a_failure():
    before = _cache()
    with pytest.raises(ZeroDivisionError):
        _fail()
    assert _cache() == before


def _fail() -> None:
    with room_for_bulk():
        assert _cache() == -256 * 1024
        raise ZeroDivisionError
