"""Read a roll from a workbook into the base; see `services.importing`."""

from __future__ import annotations

import json
import time
from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError
from django.utils import translation
from django.utils.translation import gettext as _

from lianxin.kit.errors import RefusedError
from lianxin.members.services.importing.running import members_import
from lianxin.orgs.api import Actor, organisation_by_code


class Command(BaseCommand):
    help = (
        "Import members from a workbook (xlsx, xls, ods) or CSV into a union and those below it. "
        "The last line printed is JSON: rows, created, updated, duplicate, rejected; warned: taken, but something was left out."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("file", type=Path, metavar="FILE")
        parser.add_argument("--organisation", required=True, metavar="CODE")
        parser.add_argument(
            "--dry-run", action="store_true", help="decide everything, write nothing"
        )
        parser.add_argument(
            "--errors",
            type=Path,
            metavar="OUT.xlsx",
            help="where rejected rows go (default: FILE-rejected.xlsx)",
        )
        parser.add_argument(
            "--resume", action="store_true", help="go on where a run of this file was cut off"
        )
        parser.add_argument(
            "--language",
            default=settings.LANGUAGE_CODE,
            choices=[c for c, _n in settings.LANGUAGES],
        )

    def handle(self, *_args: Any, **options: Any) -> None:
        with translation.override(options["language"]):
            self.stdout.write(json.dumps(self._import(options), ensure_ascii=False))

    def _import(self, options: dict[str, Any]) -> dict[str, Any]:
        source: Path = options["file"]
        errors: Path = options["errors"] or source.with_name(f"{source.stem}-rejected.xlsx")
        organisation = organisation_by_code(options["organisation"])
        if organisation is None:
            raise CommandError(
                _("There is no union of the code %(code)s.") % {"code": options["organisation"]}
            )
        started = time.monotonic()
        try:
            outcome = members_import(
                actor=Actor.system(),
                path=source,
                organisation=organisation,
                is_dry_run=options["dry_run"],
                is_resumed=options["resume"],
                errors_path=errors,
                progress=lambda rows: self.stderr.write(f"{rows:,}"),
            )
        except RefusedError as refused:
            raise CommandError(refused.message) from None
        return {
            **outcome.plain(),
            "errors": str(errors) if outcome.rejected or outcome.warned else "",
            "dry_run": options["dry_run"],
            "seconds": round(time.monotonic() - started, 1),
        }
