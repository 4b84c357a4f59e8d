"""Kills a reader of a roll with SIGKILL at one commit after the other, and counts what is left.

Runs as a program of its own, with the database's address and the file: a child reads it and is
killed at its nth commit point, then another goes on, until one comes to the end. Prints JSON.
"""

from __future__ import annotations

import json
import os
import signal
import sys
from pathlib import Path

import django

os.environ["LIANXIN_DATABASE_URL"] = sys.argv[1]
os.environ["DJANGO_SETTINGS_MODULE"] = "lianxin.config.settings.test"
django.setup()

from django.core.management import call_command  # noqa: E402  (settings come first)
from django.db import connection  # noqa: E402

from lianxin.jobs.testing import crash_at  # noqa: E402
from lianxin.members.models import ImportRejection, ImportRun, Member  # noqa: E402
from lianxin.members.services.importing.running import members_import  # noqa: E402
from lianxin.members.testing import federation  # noqa: E402
from lianxin.orgs.api import Actor, Organisation  # noqa: E402


def read(path: Path, point: int) -> bool:
    """Read in a child that is killed at a commit point; return whether it came to the end."""
    connection.close()
    pid = os.fork()
    if pid:
        _pid, status = os.waitpid(pid, 0)
        assert not os.WIFSIGNALED(status) or os.WTERMSIG(status) == signal.SIGKILL
        return os.WIFEXITED(status)
    try:
        city = Organisation.objects.get(code="JZ")
        with crash_at(point, kill=True):
            members_import(
                actor=Actor.system(), path=path, organisation=city, is_resumed=True, batch_size=14
            )
    finally:
        os._exit(0)


def main(path: Path) -> dict[str, object]:
    call_command("migrate", verbosity=0)
    federation()
    before, count = Member.objects.count(), Organisation.objects.get(code="JZ").member_count
    kills = 0
    # Before and after the commit of a batch, in turns; the first two points are the run's own.
    while not ImportRun.objects.filter(state="done").exists():
        kills += not read(path, 3 + kills % 2)
    read(path, 0)
    run = ImportRun.objects.get()
    return {
        "kills": kills,
        "state": run.state,
        "counts": [run.rows, run.created, run.updated, run.duplicate, run.rejected],
        "members": Member.objects.count() - before,
        "different": Member.objects.filter(source="roll", name="苏晓").values("id_index").distinct().count(),
        "counted": Organisation.objects.get(code="JZ").member_count - count,
        "rejections": ImportRejection.objects.count(),
    }  # fmt: skip


print(json.dumps(main(Path(sys.argv[2]))))  # noqa: T201  (the test reads it)
