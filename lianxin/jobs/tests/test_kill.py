"""Real processes, really killed: nothing acknowledged is lost, nothing happens twice."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import uuid
from pathlib import Path

import psycopg
import pytest
from psycopg import sql

URL = os.environ.get("LIANXIN_DATABASE_URL", "")
KILLS = "200"
ROOT = Path(__file__).resolve().parents[3]


@pytest.fixture
def own_database(tmp_path):
    """A database of its own on the server the suite runs on: SQLite here, PostgreSQL there."""
    if not URL.startswith("postgres"):
        yield f"sqlite:///{tmp_path}/killed.sqlite3"
        return
    name = f"killed_{uuid.uuid4().hex[:8]}"
    with psycopg.connect(URL, autocommit=True) as server:
        server.execute(sql.SQL("CREATE DATABASE {}").format(sql.Identifier(name)))
        yield server_address(name)
        server.execute(sql.SQL("DROP DATABASE {} WITH (FORCE)").format(sql.Identifier(name)))


def server_address(name: str) -> str:
    before, mark, query = URL.partition("?")
    return f"{before.rpartition('/')[0]}/{name}{mark}{query}"


def test_two_hundred_kills_lose_nothing_and_repeat_nothing(own_database):
    """Takes about 15 seconds: 200 times a process starts, works a moment, and is killed."""
    program = "from lianxin.jobs.tests import killing"
    ran = subprocess.run(
        [sys.executable, "-c", program, own_database, KILLS],
        capture_output=True, text=True, timeout=300, check=False,
    )  # fmt: skip
    assert ran.returncode == 0, ran.stderr[-2000:]
    found = json.loads(ran.stdout.splitlines()[-1])
    assert found["kills"] >= 200
    assert found["submitted"] > 50
    assert found["leases_lost"] > 0, "no kill came in the middle of a job"
    wrong = {name: found[name] for name in ("lost", "twice", "unheard", "undone", "unfinished")}
    assert not any(wrong.values()), found


def test_the_worker_ends_cleanly_when_asked(tmp_path):
    """Takes a few seconds: two starts of the whole programme."""
    clean = {name: value for name, value in os.environ.items() if name != "LIANXIN_DATABASE_URL"}
    settings = {
        "DJANGO_SETTINGS_MODULE": "lianxin.config.settings.test",
        "LIANXIN_VAR": str(tmp_path),
    }
    environment = {**clean, **settings}
    command = [sys.executable, "manage.py"]
    subprocess.run(
        [*command, "migrate", "jobs", "-v0"], env=environment, cwd=ROOT, check=True, timeout=120
    )
    with subprocess.Popen(
        [*command, "work"], env=environment, cwd=ROOT, stdout=subprocess.PIPE, text=True
    ) as worker:
        assert worker.stdout is not None
        assert "is ready" in worker.stdout.readline()
        worker.send_signal(signal.SIGTERM)
        assert worker.wait(timeout=30) == 0
