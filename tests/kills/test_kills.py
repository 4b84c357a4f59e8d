"""Doers and servers really killed: nothing acknowledged is lost, nothing is doubled, the tree is sound.

Slow by their nature: dozens of processes start, work a moment and die, and after each everything is
looked at. `python -m bench kills` does the same for hundreds.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
import uuid
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import psycopg
import pytest
from psycopg import sql

ROOT = Path(__file__).resolve().parents[2]
URL = os.environ.get("LIANXIN_DATABASE_URL", "")
IS_POSTGRESQL = URL.startswith("postgres")


@pytest.fixture
def own_database(tmp_path: Path) -> Iterator[str]:
    """A database of its own on the server the suite runs on: SQLite here, PostgreSQL there."""
    if not IS_POSTGRESQL:
        yield f"sqlite:///{tmp_path}/killed.sqlite3"
        return
    name = f"killed_{uuid.uuid4().hex[:8]}"
    before, mark, query = URL.partition("?")
    with psycopg.connect(URL, autocommit=True) as server:
        server.execute(sql.SQL("CREATE DATABASE {}").format(sql.Identifier(name)))
        yield f"{before.rpartition('/')[0]}/{name}{mark}{query}"
        server.execute(sql.SQL("DROP DATABASE {} WITH (FORCE)").format(sql.Identifier(name)))


def _killed(folder: Path, *words: str, url: str = "") -> dict[str, dict[str, Any]]:
    env = os.environ | {"LIANXIN_DATABASE_URL": url}
    ran = subprocess.run(
        [sys.executable, "-m", "tests.kills.program", str(folder), *words],
        capture_output=True, text=True, timeout=1500, check=False, cwd=ROOT, env=env,
    )  # fmt: skip
    assert ran.stdout, ran.stderr[-3000:]
    found: dict[str, dict[str, Any]] = json.loads(ran.stdout.splitlines()[-1])
    for deeds in found.values():
        for told in deeds.values():
            assert told["faults"] == [], told
    return found


def test_whoever_dies_at_any_commit_or_between_loses_and_doubles_nothing(own_database, tmp_path):
    """Takes half a minute or more: a hundred processes, each killed at another commit or at random."""
    found = _killed(tmp_path, "--how", "points,child", "--kills", "2", url=own_database)
    assert set(found["points"]) == {"import", "move", "merge", "close", "transfer", "off"}
    assert all(told["kills"] >= 10 for told in found["points"].values()), found
    assert all(told["kills"] >= 2 for told in found["child"].values()), found


@pytest.mark.skipif(not IS_POSTGRESQL, reason="SQLite has no server that could die")
def test_a_server_that_dies_loses_and_doubles_nothing(tmp_path):
    """Takes a minute: PostgreSQL, waiting for the disk, is killed and recovers several times."""
    found = _killed(
        tmp_path,
        "--own-server",
        "--how",
        "backend,server",
        "--deeds",
        "import,move",
        "--kills",
        "2",
    )
    assert all(told["kills"] >= 2 for deeds in found.values() for told in deeds.values()), found
