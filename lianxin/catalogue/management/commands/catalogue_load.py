"""Load the service catalogue: idempotent, all of it or nothing, each change a version."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandParser

from lianxin.catalogue import conf
from lianxin.catalogue.services import CatalogueError, catalogue_load
from lianxin.orgs.api import Actor


class Command(BaseCommand):
    """Bring the database to the state of the catalogue's folder."""

    help = "Load the service catalogue; changed files become versions, absent ones are retired."

    def add_arguments(self, parser: CommandParser) -> None:
        """Take another folder than the one in use."""
        parser.add_argument("folder", nargs="?", type=Path, help="default: the catalogue in use")

    def handle(self, **options: Any) -> None:
        """Load, and tell what changed."""
        try:
            loaded = catalogue_load(actor=Actor.system(), path=options["folder"] or conf.folder())
        except CatalogueError as error:
            for fault in error.faults:
                self.stderr.write(str(fault))
            self.stderr.write(f"{len(error.faults)} fault(s); nothing was loaded.")
            sys.exit(1)
        for word in ("added", "changed", "retired"):
            for code in getattr(loaded, word):
                self.stdout.write(f"{word}: {code}")
        self.stdout.write(f"{len(loaded.unchanged)} unchanged.")
