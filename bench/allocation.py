"""Places in a rush: what a claim costs, how fast nothing is told, and nothing over, under or double.

    python -m bench.allocation [--claims 3000] [--trials 10x50000/500,200x5000/50] [--kills 20] [--only postgresql]

Figures over their limit are marked OVER; any fault of a trial, or a kill that killed nobody, ends it with 1.

- The full path of a claim over HTTP (session, admission, one per person, ledger, audit, then its signed
  ticket): CPU of all server processes together, web, jobs and database, for one claim. Limits: 8.3 ms
  (a 25th of pretix' REST) and 9.6 ms (a hundredth of its shop flow); beside pretix in the same run
  where BENCH_PRETIX names the folder of its scripts (`pretix_bench.sh api|checkout`). And how many
  claims a second that is.
- Sold out: 1,000 asks a second by the clock, whether or not the server keeps up: p99 ≤ 50 ms.
- The engine's own door: several processes with many threads each, durable claims a second, ≥ 2,000.
- Trials: so many people on so few places over HTTP, 64 at once; each is told, none over, none under,
  none double, the ledger agrees; in some a web worker or the database is killed in the middle.
On both databases. PostgreSQL waits for the disk here.
"""

from __future__ import annotations

import argparse
import os
import subprocess
import sys
import tempfile
from collections.abc import Sequence


def main(words: Sequence[str] = ()) -> None:
    parser = argparse.ArgumentParser(prog="bench.allocation")
    parser.add_argument("--claims", type=int, default=3000)
    parser.add_argument("--trials", default="10x50000/500,200x5000/50")
    parser.add_argument("--kills", type=int, default=20, help="trials with a kill, for each size")
    parser.add_argument("--only", choices=["sqlite", "postgresql"])
    parser.add_argument("--parts", default="cost,soldout,door,trials")
    parser.add_argument("--quick", action="store_true", help="make the tables without migrations")
    given = parser.parse_args(words)
    sides = [name for name in ("sqlite", "postgresql") if given.only in {None, name}]
    failed = [name for name in sides if not _side(name, given)]
    if failed:
        sys.exit(f"at fault: {', '.join(failed)}")


def _side(name: str, given: argparse.Namespace) -> bool:
    """Run one database's part in a process of its own, which sets Django up; say whether all held."""
    with tempfile.TemporaryDirectory() as var:
        env = {
            **os.environ,
            "LIANXIN_VAR": var,
            "DJANGO_SETTINGS_MODULE": "lianxin.config.settings.run",
        }
        env.pop("LIANXIN_DATABASE_URL", None)
        asked = [
            "--claims",
            str(given.claims),
            "--trials",
            given.trials,
            "--kills",
            str(given.kills),
        ]
        command = [sys.executable, "-m", "bench._allocation", name, *asked, "--parts", given.parts]
        command += ["--quick"] if given.quick else []
        return subprocess.run(command, env=env, check=False).returncode == 0


if __name__ == "__main__":
    main(sys.argv[1:])
