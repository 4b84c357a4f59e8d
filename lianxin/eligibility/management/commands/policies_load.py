"""`manage.py policies_load`: take policy files into the database, once a version."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from lianxin.eligibility import services
from lianxin.eligibility.adapters import yaml_files
from lianxin.eligibility.models import PolicyVersion
from lianxin.kit.errors import RefusedError
from lianxin.orgs.api import Actor


class Command(BaseCommand):
    help = "Takes in checked policy files (your own or else the samples, if none are named); repeats change nothing."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("folder", nargs="?", type=Path, default=None)

    def handle(self, *_args: Any, **options: Any) -> None:
        folder: Path = options["folder"] or yaml_files.policies_folder()
        if not folder.is_dir():
            raise CommandError(f"{folder}: there is no such folder")
        standing = PolicyVersion.objects.values_list("code", flat=True)
        policies, findings = yaml_files.load_folder(folder, set(standing))
        for each in findings:
            self.stderr.write(str(each))
        if findings:
            raise CommandError(f"{len(findings)} to mend; nothing was taken in")
        try:
            loaded = services.policies_load(actor=Actor.system(), policies=policies)
        except RefusedError as refused:
            raise CommandError(refused.message) from None
        if options["verbosity"]:
            self.stdout.write(f"{loaded.new} new, {loaded.kept} stood already")
