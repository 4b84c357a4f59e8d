"""A rotation that is really killed, again and again, while others read and write."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import uuid

import psycopg
import pytest
from psycopg import sql

URL = os.environ.get("LIANXIN_DATABASE_URL", "")
ROWS, KILLS = "1500", "25"


@pytest.fixture
def own_database(tmp_path):
    """A database of its own on the server the suite runs on: SQLite here, PostgreSQL there."""
    if not URL.startswith("postgres"):
        yield f"sqlite:///{tmp_path}/killed.sqlite3"
        return
    name = f"rotated_{uuid.uuid4().hex[:8]}"
    before, mark, query = URL.partition("?")
    with psycopg.connect(URL, autocommit=True) as server:
        server.execute(sql.SQL("CREATE DATABASE {}").format(sql.Identifier(name)))
        yield f"{before.rpartition('/')[0]}/{name}{mark}{query}"
        server.execute(sql.SQL("DROP DATABASE {} WITH (FORCE)").format(sql.Identifier(name)))


def test_a_rotation_killed_many_times_loses_nothing_and_every_row_stays_readable(
    own_database, tmp_path
):
    """Takes about 15 seconds: 25 rotations start, work a moment, and are killed."""
    program = "from lianxin.vault.tests import killing"
    ran = subprocess.run(
        [sys.executable, "-c", program, own_database, str(tmp_path), ROWS, KILLS],
        capture_output=True, text=True, timeout=300, check=False,
    )  # fmt: skip
    assert ran.returncode == 0, ran.stderr[-2000:]
    found = json.loads(ran.stdout.splitlines()[-1])
    assert found["killed"] == int(KILLS)
    assert found["mixed"] > 0, "no kill came in the middle of a rotation"
    assert found["reads"] > 100, found
    assert found["writes"] > 50, found
    wrong = ("rows", "failed", "lost", "unreadable", "left_behind")
    assert not any(found[name] for name in wrong), found
    assert found["is_finished"]
    # A killed rotation is taken up again; only a finished one is followed by a new key.
    assert found["keys"] - 1 - found["finished"] in {0, 1}, found
