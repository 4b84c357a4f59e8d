"""Check policy files: rule, words, law and their own examples."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from lianxin.eligibility.adapters import yaml_files


class Command(BaseCommand):
    help = "Check policy files; exits 1 with file, line and a pointer into the expression."
    requires_system_checks = []

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument(
            "files", nargs="*", type=Path, help="files or folders; default: those shipped"
        )

    def handle(self, *_args: Any, **options: Any) -> None:
        places: list[Path] = options["files"] or [yaml_files.DATA / "policies"]
        count, findings = 0, []
        for place in places:
            if not place.exists():
                raise CommandError(f"{place}: there is no such file")
            if place.is_dir():
                policies, found = yaml_files.load_folder(place)
                count += len(policies)
            else:
                policy, found = yaml_files.load(place)
                count += policy is not None
            findings += found
        for each in findings:
            self.stderr.write(str(each))
        if findings:
            raise CommandError(f"{len(findings)} to mend in {count} policies")
        self.stdout.write(f"{count} policies, each true to its own examples")
