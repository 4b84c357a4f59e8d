"""Index keys rotate and die while people are looked for and let in: nobody twice, nobody lost.

    python -m tests.kills.digests FOLDER --kills 8

On the database LIANXIN_DATABASE_URL names, which must be empty, or on one in the folder. Readers
look people up by number, phone and last digits; those who let in take the number of somebody who
may be there already, wait a moment between digest and writing, and leave it to the database to
refuse a second. The rotation is killed at random, then ends; then another one begins. Prints JSON.
"""

from __future__ import annotations

import argparse
import json
import os
import random
import signal
import sys
import time
from collections import Counter
from contextlib import suppress
from pathlib import Path
from typing import Any

import django
from django.conf import settings

PEOPLE = 240  # there at the beginning
NUMBERS = 360  # which those who let in choose from


def main() -> int:
    """Read the command line; 1 where somebody was lost, doubled or not found."""
    parser = argparse.ArgumentParser(prog="tests.kills.digests")
    parser.add_argument("folder", type=Path)
    parser.add_argument("--kills", type=int, default=8)
    chosen = parser.parse_args()
    os.environ.setdefault("LIANXIN_DATABASE_URL", "")
    if not os.environ["LIANXIN_DATABASE_URL"]:
        os.environ["LIANXIN_DATABASE_URL"] = f"sqlite:///{chosen.folder}/digests.sqlite3"
    os.environ["DJANGO_SETTINGS_MODULE"] = "lianxin.config.settings.test"
    settings.VAULT_KEYS = chosen.folder / "keys"
    django.setup()
    found = _World(chosen.folder).run(chosen.kills)
    sys.stdout.write(json.dumps(found, ensure_ascii=False) + "\n")
    return int(bool(found["faults"]))


class _World:
    """A union of people with numbers, and processes that look, let in and rotate."""

    def __init__(self, folder: Path) -> None:
        from django.core.management import call_command  # noqa: PLC0415  (settings come first)

        from lianxin.members.testing import federation  # noqa: PLC0415

        call_command("migrate", verbosity=0)
        self.union = federation().organisation("yangtze")
        for serial in range(PEOPLE):
            _let_in(self.union, serial)
        self.said = folder / "said"
        self.out = os.open(self.said, os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600)

    def run(self, kills: int) -> dict[str, Any]:
        """Rotate and be killed, rotate to the end, and once more; then look."""
        from lianxin.vault import services  # noqa: PLC0415

        others = [_forked(self.look), _forked(self.look), _forked(self.meet), _forked(self.meet)]
        killed = 0
        for _ in range(2):
            target = killed + kills // 2
            while killed < target:
                pid = _forked(self.rotate)
                time.sleep(random.uniform(0.02, 0.5))  # noqa: S311
                if not os.waitpid(pid, os.WNOHANG)[0]:
                    _end(pid)
                    killed += 1
            finished = any(
                services.index_key_rotate(batch=7, settle=0.1).is_finished for _ in range(5)
            )
        for pid in others:
            _end(pid)
        return {"killed": killed, **self.found(is_finished=finished)}

    def rotate(self) -> None:
        """Rotate in small steps."""
        from lianxin.vault import services  # noqa: PLC0415

        services.index_key_rotate(batch=7, pause=0.01, settle=0.1)

    def look(self) -> None:
        """Look for people who are there, for ever; say who is not found."""
        from lianxin.members.api import Member  # noqa: PLC0415
        from lianxin.members.selectors.people import member_by_id_number  # noqa: PLC0415
        from lianxin.orgs.testing import invented_phone  # noqa: PLC0415
        from lianxin.vault import api as vault  # noqa: PLC0415

        while True:
            serial = random.randrange(PEOPLE)  # noqa: S311
            phone = invented_phone(serial)
            tails = vault.blind_indexes(phone[-4:], purpose="phone_tail")
            if member_by_id_number(_number(serial)) is None:
                self.say(f"failed number {serial}")
            if not Member.objects.filter(
                phone_index__in=vault.blind_indexes(phone, purpose="phone")
            ):
                self.say(f"failed phone {serial}")
            if not Member.objects.filter(tail_index__in=[one[:24] for one in tails]):
                self.say(f"failed tail {serial}")
            self.say("looked")

    def meet(self) -> None:
        """Let somebody in who may be there already, for ever; say who was let in."""
        from django.db import IntegrityError, OperationalError, connection  # noqa: PLC0415

        while True:
            serial = random.randrange(NUMBERS)  # noqa: S311
            try:
                _let_in(self.union, serial, hesitate=True)
                self.say(f"in {serial}")
            except IntegrityError as refused:
                self.say("old" if "index key of before" in str(refused) else "held")
            except OperationalError as refused:
                self.say("old" if "index key of before" in str(refused) else "busy")
                connection.close()

    def say(self, words: str) -> None:
        os.write(self.out, f"{words}\n".encode())

    def found(self, *, is_finished: bool) -> dict[str, Any]:
        """Count people by their numbers in plain text, which no digest can hide."""
        from lianxin.members.api import Member  # noqa: PLC0415
        from lianxin.members.selectors.people import member_by_id_number  # noqa: PLC0415
        from lianxin.vault import api as vault  # noqa: PLC0415
        from lianxin.vault.adapters import keyring  # noqa: PLC0415
        from lianxin.vault.services.indexing import columns  # noqa: PLC0415

        lines = self.said.read_text().splitlines()
        there = Counter(vault.reveal(one, "id_number") for one in Member.objects.all())
        newest = keyring.ids("index")[-1]
        faults = [line for line in lines if line.startswith("failed")][:5]
        faults += [f"{n} times the same person" for n in there.values() if n > 1]
        told = {int(line.split()[1]) for line in lines if line.startswith("in ")} | set(
            range(PEOPLE)
        )
        faults += [f"lost {serial}" for serial in told if _number(serial) not in there]
        faults += [f"not found {n}" for n in there if member_by_id_number(n) is None]
        for column in columns():
            for digest in column.model._base_manager.values_list(column.name, flat=True):
                if digest and not digest.startswith(f"{newest}:"):
                    faults.append(f"{column.label} has {digest[:5]}")
        if not is_finished:
            faults.append("the rotation does not come to its end")
        kinds = Counter(line.split()[0] for line in lines)
        return {"people": sum(there.values()), "keys": newest, **kinds, "faults": faults[:10]}


def _number(serial: int) -> str:
    import datetime as dt  # noqa: PLC0415

    from lianxin.members.testing import invented_id_number  # noqa: PLC0415

    return invented_id_number(dt.date(1961, 1, 1) + dt.timedelta(days=serial // 900), serial % 900)


def _let_in(union: Any, serial: int, *, hesitate: bool = False) -> None:
    """Write an entry as the services do: digests first, the row a moment later."""
    from lianxin.kit.transactions import atomic  # noqa: PLC0415
    from lianxin.members.api import Member  # noqa: PLC0415
    from lianxin.orgs.testing import invented_phone  # noqa: PLC0415
    from lianxin.vault import api as vault  # noqa: PLC0415

    number, phone = _number(serial), invented_phone(serial)
    row = Member(
        name="周一", organisation=union, id_number=number, phone=phone, source="roll",
        id_index=vault.blind_index(number, purpose="id_number"),
        phone_index=vault.blind_index(phone, purpose="phone"),
        tail_index=vault.blind_index(phone[-4:], purpose="phone_tail")[:24],
    )  # fmt: skip
    if hesitate:
        time.sleep(random.choice([0, 0.002, 0.05, 0.3]))  # noqa: S311
    with atomic():
        row.save(force_insert=True)


def _forked(act: Any) -> int:
    from django.db import connection  # noqa: PLC0415

    from lianxin.kit.testing import end_with_parent  # noqa: PLC0415

    connection.close()
    if pid := os.fork():
        return pid
    try:
        end_with_parent()
        random.seed()
        act()
        os._exit(0)
    except BaseException as error:  # noqa: BLE001  (whatever ends it is a fault)
        sys.stderr.write(f"{act.__name__}: {error!r}\n")
    finally:
        os._exit(1)


def _end(pid: int) -> None:
    with suppress(ProcessLookupError):
        os.kill(pid, signal.SIGKILL)
    os.waitpid(pid, 0)


if __name__ == "__main__":
    sys.exit(main())
