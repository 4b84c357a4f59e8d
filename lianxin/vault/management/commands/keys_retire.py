"""Put away a key nothing needs any more."""

from __future__ import annotations

from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from lianxin.kit.errors import RefusedError
from lianxin.vault import services
from lianxin.vault.adapters.keyring import BusyError


class Command(BaseCommand):
    help = "Move a data key (or master key) that seals nothing any more into retired/."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("kind", choices=["data", "index", "master"])
        parser.add_argument("key_id", metavar="ID", help="for example 0001")
        parser.add_argument(
            "--at-once",
            action="store_true",
            help="do not wait an hour after the rotation; only while nothing else runs",
        )

    def handle(self, *_args: Any, **options: Any) -> None:
        kind, key_id = options["kind"], options["key_id"]
        try:
            services.key_retire(kind, key_id, at_once=options["at_once"])
        except (RefusedError, BusyError) as error:
            raise CommandError(f"Not retired: {error}") from error
        if kind == "index":
            self.stdout.write(
                f"Nothing is found by index-{key_id} alone any more. Its file stays: newer digests are "
                "made over its own."
            )
            return
        self.stdout.write(
            f"{kind}-{key_id} lies in retired/ now. Old backups may need it: destroy it with the "
            "last of them."
        )
