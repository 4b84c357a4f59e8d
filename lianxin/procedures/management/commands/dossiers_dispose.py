"""Empties the dossiers whose years are over; the same happens every night by itself."""

from __future__ import annotations

from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand

from lianxin.procedures.services import dossiers_dispose


class Command(BaseCommand):
    help = "Empty closed dossiers older than their years of answers, papers, notes and names."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument(
            "--years", type=int, help="instead of what definitions and settings say"
        )
        parser.add_argument("--dry-run", action="store_true", help="only count them")

    def handle(self, **options: Any) -> None:
        is_dry_run = options["dry_run"]
        count = dossiers_dispose(years=options["years"], is_dry_run=is_dry_run, most=10**9)
        self.stdout.write(f"{count} would be emptied." if is_dry_run else f"{count} emptied.")
