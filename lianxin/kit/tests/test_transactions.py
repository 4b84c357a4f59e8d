"""One way to write: what follows a commit harms nobody, and who writes very much gives room back."""

from __future__ import annotations

from functools import partial

import pytest
from django.db import connection

from lianxin.kit.transactions import after_commit, atomic, room_for_bulk

pytestmark = pytest.mark.django_db(transaction=True)


def _broken(done: list[str]) -> None:
    done.append("tried")
    raise ConnectionError


def test_what_fails_after_the_commit_is_not_the_writers_fault():
    done: list[str] = []
    with atomic():
        after_commit(partial(_broken, done))
        after_commit(partial(done.append, "next"))
    assert done == ["tried", "next"]


def _cache() -> int:
    with connection.cursor() as cursor:
        cursor.execute("PRAGMA cache_size")
        return int(cursor.fetchone()[0])


@pytest.mark.skipif(connection.vendor != "sqlite", reason="PostgreSQL has it already")
def test_the_room_is_given_back_also_after_a_failure():
    before = _cache()
    with pytest.raises(ZeroDivisionError):
        _fail()
    assert _cache() == before


def _fail() -> None:
    with room_for_bulk():
        assert _cache() == -256 * 1024
        raise ZeroDivisionError
