"""A reader killed by SIGKILL again and again: nothing lost, nothing taken twice, the counts right."""

from __future__ import annotations

import csv
import json
import os
import subprocess
import sys
import uuid

import psycopg
import pytest
from psycopg import sql

from lianxin.members.tests.test_import import HEADERS, _person

URL = os.environ.get("LIANXIN_DATABASE_URL", "")


@pytest.fixture
def own_database(tmp_path):
    """A database of its own on the server the suite runs on: SQLite here, PostgreSQL there."""
    if not URL.startswith("postgres"):
        yield f"sqlite:///{tmp_path}/killed.sqlite3"
        return
    name = f"killed_{uuid.uuid4().hex[:8]}"
    before, mark, query = URL.partition("?")
    with psycopg.connect(URL, autocommit=True) as server:
        server.execute(sql.SQL("CREATE DATABASE {}").format(sql.Identifier(name)))
        yield f"{before.rpartition('/')[0]}/{name}{mark}{query}"
        server.execute(sql.SQL("DROP DATABASE {} WITH (FORCE)").format(sql.Identifier(name)))


def test_a_reading_killed_at_every_commit_loses_nothing_and_takes_nobody_twice(
    own_database, tmp_path
):
    """Takes half a minute: a database is made, and half a dozen processes start and are killed."""
    people = [_person(serial) for serial in range(300, 340)]
    people[3][1] = "1"
    path = tmp_path / "roll.csv"
    with path.open("w", encoding="utf-8", newline="") as file:
        csv.writer(file).writerows([HEADERS, *people, _person(301), _person(339)])
    ran = subprocess.run(
        [sys.executable, "-m", "lianxin.members.tests.killing", own_database, str(path)],
        capture_output=True, text=True, timeout=300, check=False,
    )  # fmt: skip
    assert ran.returncode == 0, ran.stderr[-2000:]
    found = json.loads(ran.stdout.splitlines()[-1])
    assert found.pop("kills") >= 4
    assert found == {
        "state": "done",
        "counts": [42, 39, 0, 2, 1],
        "members": 39,
        "different": 39,
        "counted": 39,
        "rejections": 1,
    }
