"""Finding for everybody at once what fits each; only where the engine of columns is installed."""

from __future__ import annotations

import importlib.util
import os
import subprocess
import sys

from lianxin.eligibility import conf
from lianxin.eligibility.adapters.workspace import reap
from lianxin.eligibility.services.matching.counting import counts_told
from lianxin.eligibility.services.matching.running import (
    MatchStoppedError,
    match_begin,
    match_cancel,
    match_go,
)

__all__ = [
    "MatchStoppedError",
    "counts_told",
    "is_possible",
    "match_begin",
    "match_cancel",
    "match_everybody",
    "match_go",
    "workspaces_reap",
]


def is_possible() -> bool:
    """Say whether the engine is installed (`make bulk`), without loading it."""
    return importlib.util.find_spec("polars") is not None


def match_everybody() -> None:
    """Find anew what fits everybody; in a process of its own, so that ours stays small.

    Raises:
        RuntimeError: the other process failed; what it had done stands.
    """
    if not conf.is_apart():
        match_go(run=match_begin())
        return
    done = subprocess.run(
        [sys.executable, "-m", "django", "policies_match"],
        env=dict(os.environ),
        stdout=subprocess.DEVNULL,
        stderr=subprocess.PIPE,
        check=False,
        text=True,
    )
    if done.returncode:
        raise RuntimeError("\n".join(done.stderr.splitlines()[-3:]))


def workspaces_reap() -> int:
    """Clear away what killed passes left behind; return how many folders."""
    return reap(conf.workspace())
