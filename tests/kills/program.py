"""The killing as a programme of its own, so that tests and the bench run the same.

    python -m tests.kills.program FOLDER --kills 5 --how points,child [--deeds import,move] [--own-server]

On the database LIANXIN_DATABASE_URL names, which must be empty, or on one in the folder;
`--own-server` starts a PostgreSQL that waits for the disk, which the ways `backend` and `server` need.
Prints JSON: by way and deed, how many were killed, and what was wrong.
"""

from __future__ import annotations

import argparse
import json
import logging
import os
import random
import sys
from contextlib import ExitStack
from importlib import import_module
from pathlib import Path
from typing import TYPE_CHECKING

import django
from django.conf import settings
from django.db import connections

from tools import pg

if TYPE_CHECKING:
    from tests.kills.engine import Deed


def main() -> int:
    """Read the command line and kill; 1 where something was lost, doubled or broken."""
    parser = argparse.ArgumentParser(prog="tests.kills.program")
    parser.add_argument("folder", type=Path)
    parser.add_argument("--kills", type=int, default=5)
    parser.add_argument("--how", default="child", help="of: points, child, backend, server")
    parser.add_argument("--deeds", default="")
    parser.add_argument("--own-server", action="store_true")
    parser.add_argument("--seed", type=int, default=None)
    chosen = parser.parse_args()
    random.seed(chosen.seed)
    with ExitStack() as stack:
        server = None
        if chosen.own_server:
            server = stack.enter_context(pg.server(is_durable=True))
            os.environ["LIANXIN_DATABASE_URL"] = server.url
        os.environ.setdefault("LIANXIN_DATABASE_URL", f"sqlite:///{chosen.folder}/killed.sqlite3")
        os.environ["DJANGO_SETTINGS_MODULE"] = "lianxin.config.settings.test"
        found = _killed(chosen, server)
    sys.stdout.write(json.dumps(found, ensure_ascii=False) + "\n")
    return int(any(told["faults"] for deeds in found.values() for told in deeds.values()))


def _killed(
    chosen: argparse.Namespace, server: pg.Server | None
) -> dict[str, dict[str, dict[str, object]]]:
    """Set Django up for the database that is known only now, then kill."""
    django.setup()
    settings.JOBS_LEASE_SECONDS = 0.3
    logging.disable(logging.ERROR)  # the counts of a fresh federation are put right, and it says so
    engine = import_module("tests.kills.engine")
    deeds: list[Deed] = import_module("tests.kills.deeds").every(chosen.folder)
    wanted = set(filter(None, chosen.deeds.split(",")))
    deeds = [deed for deed in deeds if not wanted or deed.name in wanted]
    found: dict[str, dict[str, dict[str, object]]] = {
        how: engine.many(deeds, kills=chosen.kills, how=how, folder=chosen.folder, server=server)
        for how in chosen.how.split(",")
    }
    connections.close_all()
    return found


if __name__ == "__main__":
    sys.exit(main())
