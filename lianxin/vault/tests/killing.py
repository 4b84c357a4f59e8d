"""Kills rotations with SIGKILL again and again, while readers read and writers write; then counts.

A program of its own, called with the database's address, a folder, the number of rows and of kills.
Prints what was found as JSON.
"""

from __future__ import annotations

import json
import os
import random
import signal
import sys
import time
from contextlib import suppress
from pathlib import Path

import django
from django.conf import settings


def configure(url: str, folder: str) -> None:
    """Take the settings of the test suite, with one database and few apps."""
    os.environ["LIANXIN_DATABASE_URL"] = url
    os.environ["DJANGO_SETTINGS_MODULE"] = "lianxin.config.settings.test"
    settings.VAULT_KEYS = Path(folder) / "keys"
    settings.INSTALLED_APPS = ["lianxin.kit", "lianxin.audit", "lianxin.vault"]
    settings.LOGGING_CONFIG = None
    django.setup()


configure(sys.argv[1], sys.argv[2])

from django.core.management import call_command  # noqa: E402  (settings come first)
from django.db import OperationalError, connection, models  # noqa: E402

from lianxin.kit.ids import new_id  # noqa: E402
from lianxin.kit.testing import end_with_parent  # noqa: E402
from lianxin.vault import services  # noqa: E402
from lianxin.vault.adapters import keyring  # noqa: E402
from lianxin.vault.api import SealedField, reveal  # noqa: E402
from lianxin.vault.models import Rotation  # noqa: E402


class Thing(models.Model):
    """A row whose words say which row it is and how often it was written."""

    id = models.UUIDField(primary_key=True, default=new_id)
    number = models.IntegerField(unique=True)
    words = SealedField()

    class Meta:
        app_label = "vault"

    def __str__(self) -> str:
        return str(self.number)


def fill(rows: int) -> None:
    call_command("migrate", verbosity=0)
    with connection.schema_editor() as editor:
        editor.create_model(Thing)
    Thing.objects.bulk_create([Thing(number=n, words=f"{n}:0") for n in range(rows)])


def rotate() -> None:
    services.data_key_rotate(batch=20, pause=0.002)


def read(rows: int, out: int) -> None:
    """Read rows at random for ever; say each read that failed, and now and then how many were."""
    count = 0
    while True:
        number = random.randrange(rows)  # noqa: S311
        row = Thing.objects.get(number=number)
        try:
            if not reveal(row, "words").startswith(f"{number}:"):
                os.write(out, b"wrong\n")
        except Exception as error:  # noqa: BLE001  (whatever it is, it is what we look for)
            os.write(out, f"failed {error!r}\n".encode())
        count += 1
        if count % 50 == 0:
            os.write(out, b"read 50\n")


def write(rows: int, out: int) -> None:
    """Write a row anew, and say so once it is committed."""
    turn = 0
    while True:
        turn += 1
        row = Thing.objects.get(number=random.randrange(rows))  # noqa: S311
        row.words = f"{row.number}:{turn}"
        with suppress(OperationalError):
            row.save(update_fields=["words"])
            os.write(out, f"wrote {row.number} {turn}\n".encode())
        time.sleep(0.002)


def forked(act, *args) -> int:
    connection.close()
    pid = os.fork()
    if pid:
        return pid
    try:
        end_with_parent()
        os.dup2(os.open(os.devnull, os.O_WRONLY), 2)
        act(*args)
        os._exit(0)
    finally:
        os._exit(1)


def end(pid: int) -> int:
    with suppress(ProcessLookupError):
        os.kill(pid, signal.SIGKILL)
    return os.waitpid(pid, 0)[1]


def main(rows: int, kills: int, folder: Path) -> dict[str, object]:
    fill(rows)
    said = folder / "said"
    out = os.open(said, os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600)
    others = [forked(read, rows, out), forked(write, rows, out)]
    mixed = killed = 0
    while killed < kills:
        rotation = forked(rotate)
        time.sleep(0.02 + random.random() * 0.2)  # noqa: S311
        if not os.waitpid(rotation, os.WNOHANG)[0]:
            end(rotation)
            killed += 1
        mixed += len({head for _store, head in services.key_usage()}) > 1
    keys_before = keyring.ids("data")
    finished = Rotation.objects.exclude(finished_at=None).count()
    for pid in others:
        end(pid)
    done = services.data_key_rotate()
    return {"killed": killed, "finished": finished, "mixed": mixed, **found(said, rows)} | {
        "is_finished": done.is_finished,
        "keys": len(keys_before),
    }


def found(said: Path, rows: int) -> dict[str, object]:
    lines = said.read_text().splitlines()
    last: dict[int, int] = {}
    for line in lines:
        if line.startswith("wrote"):
            _wrote, number, said_turn = line.split()
            last[int(number)] = int(said_turn)
    lost = unreadable = 0
    for row in Thing.objects.all():
        try:
            turn = int(reveal(row, "words").removeprefix(f"{row.number}:"))
        except Exception:  # noqa: BLE001
            unreadable += 1
            continue
        lost += turn < last.get(row.number, 0)
    newest = keyring.ids("data")[-1]
    return {
        "rows": Thing.objects.count() - rows,
        "reads": 50 * lines.count("read 50"),
        "writes": sum(line.startswith("wrote") for line in lines),
        "failed": [line for line in lines if line.startswith(("wrong", "failed"))][:3],
        "lost": lost,
        "unreadable": unreadable,
        "left_behind": sum(
            count for (_s, head), count in services.key_usage().items()
            if not head.endswith(newest)
        ),
    }  # fmt: skip


print(json.dumps(main(int(sys.argv[3]), int(sys.argv[4]), Path(sys.argv[2]))))  # noqa: T201  (the test reads it)
