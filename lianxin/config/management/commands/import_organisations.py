"""Build the union tree from a table: code, name, level, parent, and what people need to find it."""

from __future__ import annotations

from pathlib import Path

from django.core.management.base import BaseCommand, CommandError, CommandParser

from lianxin.config.management.tables import read_table
from lianxin.kit.errors import RefusedError
from lianxin.kit.transactions import atomic
from lianxin.orgs.api import Actor, Level, Organisation, organisation_by_code, organisation_create

NEEDED = {"code", "name", "level", "parent"}
KNOWN = NEEDED | {"uscc", "phone", "address", "opening_hours"}


class Command(BaseCommand):
    """All rows or none; an organisation whose code exists is left as it is."""

    help = "Read the union tree from a CSV or workbook; parents stand above their children."

    def add_arguments(self, parser: CommandParser) -> None:
        """Take the file."""
        parser.add_argument("file", type=Path)
        parser.add_argument("--dry-run", action="store_true", help="check, and write nothing")

    def handle(self, **options: object) -> None:
        """Read, create, tell."""
        rows = read_table(Path(str(options["file"])), needed=NEEDED, known=KNOWN)
        made, wrong = 0, []
        try:
            with atomic():
                for line, row in rows:
                    try:
                        made += self._create(row)
                    except RefusedError as refused:
                        wrong.append(f"line {line}: {refused.message}")
                if wrong or options["dry_run"]:
                    raise _UndoneError  # noqa: TRY301  (leaving the block takes everything back)
        except _UndoneError:
            if wrong:
                raise CommandError("\n".join([*wrong, "Nothing was written."])) from None
        left = len(rows) - made
        word = "would be created" if options["dry_run"] else "created"
        self.stdout.write(f"{made} organisations {word}, {left} were there before.")

    def _create(self, row: dict[str, str]) -> int:
        if organisation_by_code(row["code"]) is not None:
            return 0
        if row["level"] not in set(Level):
            levels = ", ".join(Level)
            raise RefusedError(f"“{row['level']}” is no level; levels are {levels}.")
        parent: Organisation | None = None
        if row["parent"]:
            parent = organisation_by_code(row["parent"])
            if parent is None:
                raise RefusedError(f"There is no organisation {row['parent']} above this line.")
        details = {name: row[name] for name in KNOWN - {"level", "parent"}}
        organisation_create(
            actor=Actor.system(), parent=parent, level=Level(row["level"]), **details
        )
        return 1


class _UndoneError(Exception):
    """Everything written so far is taken back."""
