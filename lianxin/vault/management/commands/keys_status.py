"""Which keys there are, what wraps them, and how many values each has sealed."""

from __future__ import annotations

from typing import Any

from django.core.management.base import BaseCommand, CommandParser

from lianxin.vault import services
from lianxin.vault.adapters import keyring as keys


class Command(BaseCommand):
    help = "List the keys; with --count also what is sealed with each (reads everything)."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--count", action="store_true")

    def handle(self, *_args: Any, **options: Any) -> None:
        for kind in keys.KINDS:
            current = keys.current(kind)[0]
            for key_id in keys.ids(kind):
                master = keys.master_of(kind, key_id)
                wrapped = f"wrapped by master {master}" if master else "bare"
                mark = ", current" if key_id == current else ""
                self.stdout.write(f"{kind}-{key_id}: {wrapped}{mark}")
        if options["count"]:
            for (store, head), count in sorted(services.key_usage().items()):
                self.stdout.write(f"{store}: {count} with {head}")
