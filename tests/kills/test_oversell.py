"""A rush over HTTP on a real server, a web worker or the database killed in it: none over, under, double.

`python -m bench.allocation` does the same with a hundred times as many.
"""

from __future__ import annotations

import os
import re
import subprocess
import sys
from collections.abc import Callable
from concurrent.futures import Future

from bench._allocation import Strike
from tests.kills.test_kills import IS_POSTGRESQL, ROOT

TRIALS, ASKED, PLACES, KILLS = 2, 500, 20, 1
TOLD = rf"{TRIALS} trials of {ASKED} on {PLACES} over HTTP, 64 at once: 0 faults; killed: {KILLS} × (a web worker|the database)"  # fmt: skip


def test_sixty_four_at_once_over_http_get_every_place_once(record_property: Callable[[str, object], None]) -> None:  # fmt: skip
    """Takes twenty seconds: a database of its own is made, a server started, a worker killed.

    The summary of the run repeats how many trials and kills there were.
    """
    name = "postgresql" if IS_POSTGRESQL else "sqlite"
    size = ["--trials", f"{TRIALS}x{ASKED}/{PLACES}", "--kills", str(KILLS)]
    ran = subprocess.run(
        [sys.executable, "-m", "bench.allocation", "--only", name, "--parts", "trials", "--quick", *size],
        capture_output=True, text=True, timeout=600, check=False, cwd=ROOT, env=dict(os.environ),
    )  # fmt: skip
    assert ran.returncode == 0, ran.stdout + ran.stderr[-3000:]
    assert re.search(TOLD, ran.stdout), ran.stdout
    record_property("told", ran.stdout.strip())


def test_a_kill_that_killed_nobody_is_a_fault_and_no_kill() -> None:
    strike = Strike("a web worker", lambda: False)
    assert "over before" in strike.fault
    for outcome, told in ((False, "not found"), (OSError("gone"), "gone"), (True, "")):
        strike.done = Future()
        if isinstance(outcome, OSError):
            strike.done.set_exception(outcome)
        else:
            strike.done.set_result(outcome)
        assert told in strike.fault
        assert bool(strike.fault) is bool(told)
