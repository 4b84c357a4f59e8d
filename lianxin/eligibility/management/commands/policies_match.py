"""`manage.py policies_match`: who fits which policy, over a whole table of people."""

from __future__ import annotations

import datetime as dt
import time
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from lianxin.eligibility.adapters import bulk, yaml_files
from lianxin.kit import clock


class Command(BaseCommand):
    help = "Evaluates policies over a Parquet table of facts; needs no database."
    requires_system_checks: list[str] = []

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument(
            "--facts", type=Path, required=True, metavar="FILE.parquet", help="a file or a folder"
        )
        parser.add_argument("--policies", type=Path, required=True, metavar="DIR")
        parser.add_argument("--out", type=Path, required=True, metavar="DIR")
        parser.add_argument("--policy", action="append", default=[], metavar="CODE", help="only this policy; may be repeated")  # fmt: skip
        parser.add_argument("--as-of", type=dt.date.fromisoformat, metavar="D", help="the day asked about (today)")  # fmt: skip
        parser.add_argument("--region", default="", metavar="R", help="with this region's law, and only its policies")  # fmt: skip
        parser.add_argument("--engine", choices=["polars", "spark"], default="polars")
        parser.add_argument("--master", default="local[*]", help="of a Spark cluster")

    def handle(self, *_args: Any, **options: Any) -> None:
        started = time.monotonic()
        try:
            counts = self._match(options)
        except (bulk.BulkError, FileNotFoundError) as error:
            raise CommandError(str(error)) from None
        seconds = time.monotonic() - started
        for code, each in counts["policies"].items():
            self.stdout.write(
                f"{code}: fits {each['yes']:,}, not {each['no']:,}, unknown {each['unknown']:,}"
            )
        self.stdout.write(
            f"{counts['people']:,} people, {len(counts['policies'])} policies, {seconds:.1f} s"
        )

    def _match(self, options: dict[str, Any]) -> dict[str, Any]:
        out: Path = options["out"]
        order = bulk.Order(
            facts=options["facts"],
            out=out,
            rules=self._rules(options),
            as_of=options["as_of"] or clock.today(),
            say=self._say,
        )
        order.files()
        out.mkdir(parents=True, exist_ok=True)
        if options["engine"] == "spark":
            from lianxin.eligibility.adapters import spark_engine  # noqa: PLC0415  (heavy)

            return spark_engine.match(order, options["master"])
        from lianxin.eligibility.adapters import polars_match  # noqa: PLC0415  (heavy)

        return polars_match.match(order)

    def _rules(self, options: dict[str, Any]) -> tuple[bulk.BulkRule, ...]:
        if not options["policies"].is_dir():
            raise CommandError(f"{options['policies']}: there is no such folder")
        policies, findings = yaml_files.load_folder(options["policies"])
        if findings:
            for each in findings:
                self.stderr.write(str(each))
            raise CommandError(f"{len(findings)} to mend in the policies; nothing was matched")
        wanted = options["policy"]
        chosen = [each for each in policies if not wanted or each.code in wanted]
        if unheard := set(wanted) - {each.code for each in chosen}:
            raise CommandError(f"there is no policy {', '.join(sorted(unheard))}")
        as_of = options["as_of"] or clock.today()
        return bulk.rules_of(chosen, as_of, options["region"], self._say)

    def _say(self, line: str) -> None:
        self.stderr.write(line)
        self.stderr.flush()
