"""Seal everything again with a new data key, while the service goes on."""

from __future__ import annotations

import time
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.db import OperationalError

from lianxin.vault import services
from lianxin.vault.adapters.keyring import BusyError

SAY_EVERY = 2.0  # seconds


class Command(BaseCommand):
    help = (
        "Make a new data key and seal everything again with it, online. Stopped or killed, the "
        "next call goes on where it was. `index`: a new key for what is found by digest. With "
        "--master: wrap all keys with a new master key."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("kind", nargs="?", choices=["data", "index"], default="data")
        parser.add_argument("--batch", type=int, help="rows at a time")
        parser.add_argument(
            "--pause", type=float, default=0.0, help="seconds of rest between batches"
        )
        parser.add_argument("--master", action="store_true", help="a new master key instead")

    def handle(self, *_args: Any, **options: Any) -> None:
        try:
            if options["master"]:
                master, count = services.master_key_rotate()
                self.stdout.write(f"{count} keys are wrapped by master key {master}")
            elif options["kind"] == "index":
                self._rotate_index(options["batch"] or services.INDEX_BATCH, options["pause"])
            else:
                self._rotate(options["batch"] or services.BATCH, options["pause"])
        except (BusyError, OperationalError) as error:
            raise CommandError(f"Not rotated: {error}") from error

    def _rotate(self, batch: int, pause: float) -> None:
        began = time.monotonic()
        self._said = began
        done = services.data_key_rotate(batch=batch, pause=pause, told=self._tell)
        seconds = max(time.monotonic() - began, 0.001)
        for place in done.broken:
            self.stderr.write(f"does not open with any key, left as it is: {place}")
        if not done.is_finished:
            raise CommandError("Some rows were held each time. Run it again; nothing is lost.")
        self.stdout.write(
            f"{done.resealed} values sealed again with data key {done.key_id}, {done.rows} rows "
            f"looked at in {done.rounds} rounds, {seconds:.1f} s ({done.resealed / seconds:.0f} a second)"
        )

    def _rotate_index(self, batch: int, pause: float) -> None:
        self._said = began = time.monotonic()
        done = services.index_key_rotate(batch=batch, pause=pause, told=self._tell)
        if not done.is_finished:
            raise CommandError("Some rows were held each time. Run it again; nothing is lost.")
        self.stdout.write(
            f"{done.resealed} digests changed to index key {done.key_id}, {done.rows} rows looked at "
            f"in {done.rounds} rounds, {time.monotonic() - began:.1f} s"
        )

    def _tell(self, store: str, rows: int, resealed: int) -> None:
        if time.monotonic() - self._said >= SAY_EVERY:
            self._said = time.monotonic()
            self.stdout.write(f"{store}: {rows} rows, {resealed} done")
