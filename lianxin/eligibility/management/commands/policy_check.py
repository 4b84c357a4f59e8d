"""Check policy files: rule, words, law and their own examples."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from lianxin.eligibility.adapters import yaml_files
from lianxin.eligibility.adapters.yaml_files import Finding
from lianxin.eligibility.rules.policy import Policy


class Command(BaseCommand):
    help = "Check policy files; exits 1 with file, line and a pointer into the expression."
    requires_system_checks = []

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument(
            "files",
            nargs="*",
            type=Path,
            help="files or folders; default: your own, else those shipped",
        )

    def handle(self, *_args: Any, **options: Any) -> None:
        places: list[Path] = options["files"] or [yaml_files.policies_folder()]
        try:
            yaml_files.parameters()
        except yaml_files.ParametersError as error:
            raise CommandError(str(error)) from None
        policies, findings = [], []
        for place in places:
            if not place.exists():
                raise CommandError(f"{place}: there is no such file")
            read, found = self._read(place, self._codes(places))
            policies += read
            findings += found
        count = len(policies)
        for each in findings:
            self.stderr.write(str(each))
        if findings:
            raise CommandError(f"{len(findings)} to mend in {count} policies")
        self.stdout.write(f"{count} policies, each true to its own examples")

    def _read(self, place: Path, codes: Collection[str]) -> tuple[list[Policy], list[Finding]]:
        return yaml_files.load_folder(place, codes) if place.is_dir() else yaml_files.load_paths([place], codes)  # fmt: skip

    def _codes(self, places: Iterable[Path]) -> set[str]:
        """Say which policies there are to exclude: those checked, beside them, and those shipped."""
        folders = {place if place.is_dir() else place.parent for place in places}
        paths = (path for folder in (*folders, yaml_files.policies_folder(), yaml_files.DATA / "policies") for path in yaml_files.paths_of(folder))  # fmt: skip
        return yaml_files.codes_in(paths)
