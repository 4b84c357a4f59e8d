"""Prove the union tree from the console: shape, children, counts, and the codes copied into members."""

from __future__ import annotations

import json
from dataclasses import asdict
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from lianxin.orgs.services import tree_check


class Command(BaseCommand):
    help = "Check that the union tree is sound and its counts are true; ends with 1 if not."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--repair", action="store_true", help="put right what is wrong")
        parser.add_argument(
            "--lines", action="store_true", help="also put right the codes copied into members"
        )

    def handle(self, *_args: Any, **options: Any) -> None:
        report = tree_check(repair=options["repair"], lines=options["lines"])
        self.stdout.write(json.dumps(asdict(report), ensure_ascii=False))
        if report.orphans or not (report.is_sound or options["repair"]):
            raise CommandError("The tree or its counts are not as they should be.")
