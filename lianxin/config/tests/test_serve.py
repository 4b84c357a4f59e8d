"""One command keeps everything alive, and ends it cleanly."""

from __future__ import annotations

import os
import signal
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path

import pytest
from django.conf import settings

PATIENCE = 30


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def _alive(port: int) -> bool:
    address = f"http://127.0.0.1:{port}/healthz"
    with suppress(OSError), urllib.request.urlopen(address, timeout=2) as answer:
        return bool(answer.status == 200)
    return False


def _wait(what) -> None:
    end = time.monotonic() + PATIENCE
    while not what():
        assert time.monotonic() < end, "nothing happened in time"
        time.sleep(0.1)


def _children(pid: int) -> list[int]:
    text = Path(f"/proc/{pid}/task/{pid}/children").read_text()
    return [int(child) for child in text.split()]


def _start(port: int, folder: Path) -> subprocess.Popen[str]:
    return subprocess.Popen(
        [sys.executable, "manage.py", "serve", "--only", "web", "--port", str(port)],
        cwd=settings.ROOT,
        env={k: v for k, v in os.environ.items() if not k.startswith(("LIANXIN_", "DJANGO_"))}
        | {"LIANXIN_VAR": str(folder)},
        stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True,
    )  # fmt: skip


@pytest.fixture
def served(tmp_path: Path) -> Iterator[tuple[subprocess.Popen[str], int]]:
    port = _free_port()
    process = _start(port, tmp_path)
    try:
        _wait(lambda: _alive(port))
        yield process, port
    finally:
        process.kill()
        process.communicate()


def test_a_killed_child_comes_back_and_a_signal_ends_all(served) -> None:
    """Takes seconds: it starts real servers."""
    process, port = served
    (first,) = _children(process.pid)
    os.kill(first, signal.SIGKILL)
    _wait(lambda: first not in (now := _children(process.pid)) and now and _alive(port))
    process.send_signal(signal.SIGTERM)
    said, _ = process.communicate(timeout=PATIENCE)
    assert process.returncode == 0
    assert "web ended (-9)" in said
    assert said.rstrip().endswith("Stopped.")
    assert not _alive(port)


def test_children_do_not_outlive_a_killed_supervisor(served) -> None:
    process, port = served
    process.kill()
    process.communicate(timeout=PATIENCE)
    _wait(lambda: not _alive(port))


def test_a_port_in_use_is_said_in_a_sentence(tmp_path: Path) -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        process = _start(taken.getsockname()[1], tmp_path)
        said, _ = process.communicate(timeout=PATIENCE)
    assert process.returncode != 0
    assert "Choose another port" in said
    assert "Traceback" not in said
