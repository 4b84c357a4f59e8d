"""Look a catalogue over before it is loaded: each fault with file, line and what to do."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandParser

from lianxin.catalogue import conf
from lianxin.catalogue.selectors.checking import catalogue_check


class Command(BaseCommand):
    """Print the faults and end with 1, or say that all is well."""

    help = "Check the files of the service catalogue; ends with 1 if one cannot be loaded."

    def add_arguments(self, parser: CommandParser) -> None:
        """Take another folder than the one in use."""
        parser.add_argument("folder", nargs="?", type=Path, help="default: the catalogue in use")

    def handle(self, **options: Any) -> None:
        """Check, and tell."""
        folder, faults = catalogue_check(options["folder"] or conf.folder())
        wrong = [fault for fault in faults if not fault.is_warning]
        for fault in faults:
            mark = "note: " if fault.is_warning else ""
            self.stdout.write(f"{fault.path}:{fault.line}: {mark}{fault.sentence}")
        if wrong:
            self.stderr.write(f"{len(wrong)} fault(s); nothing was loaded.")
            sys.exit(1)
        self.stdout.write(
            f"{len(folder.items)} services behind {len(folder.categories)} doors: all is well."
        )
