"""Prove the audit trail whole, or name the first broken row of each shard."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from lianxin.audit import selectors
from lianxin.audit.adapters import signing


class Command(BaseCommand):
    help = (
        "Check the audit trail against its hash chain, its heads and all signed checkpoints; exits "
        "1 and names the first broken rows."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--checkpoints", type=Path, help="a copy of the folder, kept elsewhere")
        parser.add_argument(
            "--public-key", type=Path, help="the key as audit_key printed it, instead of our own"
        )

    def handle(self, *_args: Any, **options: Any) -> None:
        keys = None
        if path := options["public_key"]:
            try:
                keys = [signing.public_key_from(path)]
            except (OSError, ValueError) as error:
                raise CommandError(f"{path.name} holds no public key: {error}") from error
        place = options["checkpoints"]
        if place and not place.is_dir():
            raise CommandError(f"{place.name} is no folder")
        report = selectors.trail_verify(place=place, keys=keys)
        for note in report.notes:
            self.stdout.write(f"note: {note}")
        for broken in [*report.breaches, *report.faults]:
            self.stderr.write(str(broken))
        if not report.is_whole:
            wrong = len(report.breaches), len(report.faults)
            raise CommandError(
                "the audit trail is broken: {} shard(s), {} fault(s) of checkpoints".format(*wrong)
            )
        self.stdout.write(f"{report.rows} rows and {report.checkpoints} checkpoints, all in order")
