"""Give officers their login names and posts from a table, and their first passwords on a list."""

from __future__ import annotations

import csv
import os
from pathlib import Path

from django.core.management.base import BaseCommand, CommandError, CommandParser

from lianxin.accounts.api import User, officer_create
from lianxin.config.management.tables import read_table
from lianxin.kit.errors import RefusedError
from lianxin.kit.transactions import atomic
from lianxin.orgs.api import Actor, Reach, Role, organisation_by_code, post_grant

NEEDED = {"login", "name", "organisation", "role"}
KNOWN = NEEDED | {"phone", "reach"}


class Command(BaseCommand):
    """All rows or none. One person may have several rows: one a post."""

    help = "Read officers and their posts from a CSV or workbook; writes first passwords to a file."

    def add_arguments(self, parser: CommandParser) -> None:
        """Take the table and where the passwords go."""
        parser.add_argument("file", type=Path)
        parser.add_argument("--passwords", type=Path, required=True, metavar="FILE")

    def handle(self, **options: object) -> None:
        """Read, create, write the list."""
        target = Path(str(options["passwords"]))
        if target.exists():
            raise CommandError(f"{target} exists; name a new file.")
        rows = read_table(Path(str(options["file"])), needed=NEEDED, known=KNOWN)
        handed: list[tuple[str, str, str]] = []
        wrong: list[str] = []
        with atomic():
            for line, row in rows:
                try:
                    handed += self._post(row)
                except RefusedError as refused:
                    wrong.append(f"line {line}: {refused.message}")
            if wrong:
                raise CommandError("\n".join([*wrong, "Nothing was written."]))
            _write(target, handed)
        self.stdout.write(f"{len(rows)} posts given, {len(handed)} first passwords in {target}.")
        self.stdout.write("Hand each over in person, then destroy the file.")

    def _post(self, row: dict[str, str]) -> list[tuple[str, str, str]]:
        organisation = organisation_by_code(row["organisation"])
        if organisation is None:
            raise RefusedError(f"There is no organisation {row['organisation']}.")
        if row["role"] not in set(Role) or row["reach"] not in {"", *Reach}:
            raise RefusedError(f"Roles are {', '.join(Role)}; reach is {', '.join(Reach)}.")
        handed = []
        user = User.objects.filter(login_name=row["login"].lower()).first()
        if user is None:
            user, password = officer_create(
                actor_id=None, login_name=row["login"], display_name=row["name"], phone=row["phone"]
            )
            handed.append((row["login"], row["name"], password))
        post_grant(
            actor=Actor.system(), account_id=user.pk, organisation=organisation,
            role=Role(row["role"]), reach=Reach(row["reach"] or Reach.HERE),
        )  # fmt: skip
        return handed


def _write(target: Path, handed: list[tuple[str, str, str]]) -> None:
    """Write the list for its owner's eyes only, before anything is committed."""
    handle = os.open(target, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(handle, "w", encoding="utf-8-sig", newline="") as out:
        csv.writer(out).writerows([("login", "name", "first password"), *handed])
        out.flush()
        os.fsync(out.fileno())
