"""kill −9 of whoever writes, hundreds of times: nothing acknowledged is lost, nothing is done twice.

    python -m bench.kills [--kills 100] [--server-kills 20] [--only postgresql] [--deeds import,move]

A roll is read, a street moves, unions merge and close, a membership is transferred, keys rotate
while others read and write, a queue is worked off. The doer is killed at each commit in turn, then at
random moments; of PostgreSQL (waiting for the disk) also a backend, and the server itself. After every
kill the tree, the counts, one membership a number, what officers see and what was acknowledged are
looked at; at the end of each round also who arrived, and the audit trail. Prints how many were killed
and what was wrong; 1 where anything was. The programmes are those of tests/kills and of the apps'
own tests, which CI runs in a short form.
"""

from __future__ import annotations

import argparse
import json
import os
import subprocess
import sys
import tempfile
from typing import Any

from tools import pg


def main(words: list[str] | None = None) -> None:
    """Kill on both databases, or on one."""
    parser = argparse.ArgumentParser(prog="python -m bench.kills")
    parser.add_argument("--kills", type=int, default=int(os.environ.get("BENCH_KILLS", "100")))
    parser.add_argument("--server-kills", type=int, default=20)
    parser.add_argument("--only", choices=["sqlite", "postgresql"])
    parser.add_argument("--deeds", default="")
    chosen = parser.parse_args(words if words is not None else [])
    faults = 0
    for vendor in ("sqlite", "postgresql"):
        if chosen.only in {None, vendor}:
            faults += _on(vendor, chosen)
    if faults:
        sys.exit(f"{faults} kills were not borne")


def _on(vendor: str, chosen: argparse.Namespace) -> int:
    asked = ["--how", "points,child", "--kills", str(chosen.kills), "--deeds", chosen.deeds]
    faults = _told(vendor, _killed(vendor, *asked))
    if vendor == "postgresql" and chosen.server_kills:
        asked = ["--own-server", "--how", "backend,server", "--kills", str(chosen.server_kills)]
        faults += _told(vendor, _killed("own", *asked, "--deeds", chosen.deeds or "import,move"))
    if not chosen.deeds:
        faults += _others(vendor, chosen.kills) + _digests(vendor, chosen.kills)
    return faults


def _killed(vendor: str, *words: str) -> dict[str, Any]:
    with tempfile.TemporaryDirectory() as folder:
        env = {k: v for k, v in os.environ.items() if k != "LIANXIN_DATABASE_URL"}
        command = [*_wrap(vendor), sys.executable, "-m", "tests.kills.program", folder, *words]
        done = subprocess.run(command, env=env, stdout=subprocess.PIPE, text=True, check=False)
    if not done.stdout:
        sys.exit("the programme did not come to its end")
    found: dict[str, Any] = json.loads(done.stdout.splitlines()[-1])
    return found


def _told(vendor: str, found: dict[str, Any]) -> int:
    faults = 0
    for how, deeds in found.items():
        for name, told in deeds.items():
            faults += len(told["faults"])
            print(
                f"{vendor:10} {name:10} killed {_HOW[how]:24} {told['kills']:4} times in {told['rounds']:3} "
                f"rounds, {told['acknowledged']:5} acknowledged, {len(told['faults'])} wrong, "
                f"{told['seconds']:.0f} s",
                *told["faults"],
                sep="\n    ",
                flush=True,
            )
    return faults


_HOW = {
    "points": "at each commit", "child": "at random", "backend": "with a backend",
    "server": "with the whole server",
}  # fmt: skip


def _others(vendor: str, kills: int) -> int:
    """Run the killing programmes of the apps that have one: keys that rotate, the queue."""
    faults = 0
    for name, program, words in (
        ("keys", "lianxin.vault.tests.killing", ["1500", str(kills)]),
        ("queue", "lianxin.jobs.tests.killing", [str(2 * kills)]),
    ):
        with tempfile.TemporaryDirectory() as folder:
            given = f"sqlite:///{folder}/killed.sqlite3"
            given = given if vendor == "sqlite" else "os.environ['LIANXIN_DATABASE_URL']"
            start = f"import os, sys; sys.argv[1] = {given!r}; import {program}"
            if vendor == "postgresql":
                start = f"import os, sys; sys.argv[1] = {given}; import {program}"
            more = [folder, *words] if name == "keys" else words
            command = [*_wrap(vendor), sys.executable, "-c", start, "-", *more]
            done = subprocess.run(command, stdout=subprocess.PIPE, text=True, check=True)
        found = json.loads(done.stdout.splitlines()[-1])
        wrong = {key: found[key] for key in _WRONG[name] if found[key]}
        faults += len(wrong)
        count = found["killed" if name == "keys" else "kills"]
        print(
            f"{vendor:10} {name:10} killed at random {count} times, wrong: {wrong or 'nothing'}",
            flush=True,
        )
    return faults


def _digests(vendor: str, kills: int) -> int:
    """Kill the rotation of index keys while people are looked for and let in."""
    with tempfile.TemporaryDirectory() as folder:
        env = {k: v for k, v in os.environ.items() if k != "LIANXIN_DATABASE_URL"}
        command = [*_wrap(vendor), sys.executable, "-m", "tests.kills.digests", folder]
        done = subprocess.run(
            [*command, "--kills", str(kills)],
            env=env,
            stdout=subprocess.PIPE,
            text=True,
            check=False,
        )
    found = json.loads(done.stdout.splitlines()[-1]) if done.stdout else {"faults": ["no end"]}
    print(f"{vendor:10} index keys killed at random, {found}", flush=True)
    return len(found["faults"])


_WRONG = {
    "keys": ("rows", "failed", "lost", "unreadable", "left_behind"),
    "queue": ("lost", "twice", "unheard", "undone", "unfinished"),
}


def _wrap(vendor: str) -> list[str]:
    return [sys.executable, "-m", "tools.pg", "run", "--"] if vendor == "postgresql" else []


if __name__ == "__main__":
    try:
        main(sys.argv[1:])
    except pg.NoServerError as error:
        sys.exit(str(error))
