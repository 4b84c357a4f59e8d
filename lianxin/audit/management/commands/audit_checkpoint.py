"""Write a signed checkpoint of the audit trail outside the database."""

from __future__ import annotations

from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from lianxin.audit import services


class Command(BaseCommand):
    help = "Sign what the audit trail is now, and write it to the files of checkpoints."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument(
            "--restored",
            action="store_true",
            help="after a restore: declare that rows later than the backup are gone",
        )

    def handle(self, *_args: Any, **options: Any) -> None:
        try:
            written = (
                services.checkpoint_restore()
                if options["restored"]
                else services.checkpoint_write()
            )
        except services.CheckpointError as error:
            raise CommandError(f"No checkpoint: {error}. Run audit_verify.") from error
        if written is None:
            self.stdout.write("nothing new since the last checkpoint")
            return
        rows = sum(mark.size for mark in written.marks)
        said = ", declares a restore" if written.is_restore else ""
        self.stdout.write(f"checkpoint {written.number}: {rows} rows{said}")
