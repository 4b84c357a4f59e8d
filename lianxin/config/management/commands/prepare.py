"""Bring the database and the static files up to date, and do nothing where nothing changed."""

from __future__ import annotations

import hashlib
import subprocess
import sys
from pathlib import Path

from django.conf import settings
from django.contrib.staticfiles.finders import get_finders
from django.core.files.storage import FileSystemStorage
from django.core.management import call_command
from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.db import connection
from django.db.migrations.executor import MigrationExecutor

from lianxin.accounts.models import User


class Command(BaseCommand):
    """Make ready to serve; with --demo also fill an empty database with the demo federation."""

    help = "Migrate, collect static files, and with --demo load the demo into an empty database."
    requires_system_checks = []

    def add_arguments(self, parser: CommandParser) -> None:
        """Take the switch of the demo."""
        parser.add_argument("--demo", action="store_true")

    def handle(self, **options: object) -> None:
        """Do what is needed."""
        settings.VAR.mkdir(parents=True, exist_ok=True)
        executor = MigrationExecutor(connection)
        if executor.migration_plan(executor.loader.graph.leaf_nodes()):
            self.stdout.write("Preparing the database …")
            call_command("migrate", interactive=False, verbosity=0)
        self._collect()
        if options["demo"] and settings.DEMO:
            self._load_demo()

    def _collect(self) -> None:
        mark = settings.VAR / "static.mark"
        now = _fingerprint()
        if mark.exists() and mark.read_text() == now:
            return
        self.stdout.write("Collecting static files …")
        call_command("collectstatic", interactive=False, verbosity=0, clear=True)
        mark.write_text(now)

    def _load_demo(self) -> None:
        unfinished = settings.VAR / "demo.unfinished"
        if User.objects.exists() and not unfinished.exists():
            return
        if User.objects.exists():
            self.stdout.write("The demo was not loaded to its end last time; starting it anew …")
            call_command("flush", interactive=False, verbosity=0)
        self.stdout.write("Loading the demo federation (about a minute, only this once) …")
        self.stdout.flush()
        unfinished.touch()
        connection.close()
        loaded = subprocess.run(
            [sys.executable, "-m", "tools.demo"], cwd=settings.ROOT, check=False
        )
        if loaded.returncode:
            raise CommandError("The demo could not be loaded; the lines above say why.")
        unfinished.unlink()


def _fingerprint() -> str:
    """Sum up the names, sizes and times of all static files."""
    found = hashlib.sha256(str(settings.STATIC_ROOT).encode())
    for finder in get_finders():
        for name, storage in sorted(finder.list([]), key=lambda pair: pair[0]):
            if isinstance(storage, FileSystemStorage):
                stat = Path(storage.path(name)).stat()
                found.update(f"{name}{stat.st_size}{stat.st_mtime_ns}".encode())
    return found.hexdigest()
