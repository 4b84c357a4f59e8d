"""`manage.py policies_match`: who fits which policy, over all members or over a table of people."""

from __future__ import annotations

import datetime as dt
import importlib.util
import time
import uuid
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from lianxin.eligibility.adapters import bulk, yaml_files
from lianxin.eligibility.adapters.sought import Finder
from lianxin.eligibility.models import MatchRun
from lianxin.eligibility.services import matching
from lianxin.kit import clock
from lianxin.kit.errors import RefusedError
from lianxin.orgs.api import Organisation, organisation_by_code


class Command(BaseCommand):
    help = "Finds who fits which policy: among all members (the database), or in a Parquet table of facts, which needs no database."
    requires_system_checks: list[str] = []

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--policy", action="append", default=[], metavar="CODE", help="only this policy; may be repeated")  # fmt: skip
        parser.add_argument("--organisation", default="", metavar="CODE", help="only this union and those below it")  # fmt: skip
        parser.add_argument("--as-of", type=dt.date.fromisoformat, metavar="D", help="the day asked about (today); of another day members are only counted")  # fmt: skip
        parser.add_argument("--run", type=uuid.UUID, metavar="ID", help="go on with this run")
        parser.add_argument("--cancel", type=uuid.UUID, metavar="ID", help="stop this run")
        parser.add_argument("--engine", choices=["polars", "spark"], default="polars")
        parser.add_argument("--master", default="local[*]", help="of a Spark cluster")
        table = parser.add_argument_group("a table instead of the members")
        table.add_argument("--facts", type=Path, metavar="FILE.parquet", help="a file or a folder")
        table.add_argument("--policies", type=Path, metavar="DIR")
        table.add_argument("--out", type=Path, metavar="DIR")
        table.add_argument("--region", default="", metavar="R", help="with this region's law, and only its policies")  # fmt: skip

    def handle(self, *_args: Any, **options: Any) -> None:
        if refused := _misplaced(options):
            raise CommandError(refused)
        if options["facts"] is None:
            self._members(options)
            return
        if options["policies"] is None or options["out"] is None:
            raise CommandError("with --facts also say --policies and --out")
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

    def _members(self, options: dict[str, Any]) -> None:
        if options["cancel"]:
            stopped = matching.match_cancel(run_id=options["cancel"])
            self.stdout.write("stopped" if stopped else "there is no such run at work")
            return
        try:
            with self._finder(options) as finder:
                run = matching.match_go(run=self._run(options), say=self._say, finder=finder)
        except RefusedError as refused:
            raise CommandError(refused.message) from None
        except bulk.BulkError as error:
            raise CommandError(str(error)) from None
        except matching.MatchStoppedError:
            raise CommandError("stopped: cancelled, or taken over by another process") from None
        for line in matching.counts_told(run):
            self.stdout.write(line)
        seconds = (run.finished_at - run.started_at).total_seconds() if run.finished_at else 0
        self.stdout.write(f"{run.people:,} people, {run.changed:,} outcomes changed, {seconds:.1f} s")  # fmt: skip

    @contextmanager
    def _finder(self, options: dict[str, Any]) -> Iterator[Finder]:
        if options["engine"] == "spark":
            if importlib.util.find_spec("pyspark") is None:
                raise CommandError("Spark is not installed: requirements/spark.txt, and Java 17")
            from lianxin.eligibility.adapters import spark_everyone  # noqa: PLC0415  (heavy)

            with spark_everyone.sealed_session(options["master"]) as spark:
                yield spark_everyone.SparkFinder(spark)
            return
        if not matching.is_possible():
            raise CommandError("The engine is not installed: make bulk")
        bulk.keep_memory()
        from lianxin.eligibility.adapters.polars_everyone import PolarsFinder  # noqa: PLC0415  (heavy)

        yield PolarsFinder()

    def _run(self, options: dict[str, Any]) -> MatchRun:
        if options["run"]:
            run = MatchRun.objects.filter(pk=options["run"]).first()
            if run is None:
                raise CommandError("there is no such run")
            return run
        organisation: Organisation | None = None
        if options["organisation"]:
            organisation = organisation_by_code(options["organisation"])
            if organisation is None:
                raise CommandError(f"there is no union {options['organisation']}")
        return matching.match_begin(codes=options["policy"], organisation=organisation, as_of=options["as_of"])  # fmt: skip

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
        bulk.keep_memory()
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
        if unheard := set(wanted) - {each.code for each in policies}:
            raise CommandError(f"there is no policy {', '.join(sorted(unheard))}")
        as_of = options["as_of"] or clock.today()
        return bulk.rules_of(policies, as_of, options["region"], self._say, wanted)

    def _say(self, line: str) -> None:
        self.stderr.write(line)
        self.stderr.flush()


_OF_A_TABLE, _OF_MEMBERS = ("policies", "out", "region"), ("organisation", "run", "cancel")
_OF_A_NEW_RUN = ("policy", "organisation", "as_of")


def _misplaced(options: Mapping[str, Any]) -> str:
    """Name what was said and would not be heard: a run over everybody is not begun by mistake."""
    if options["facts"] is None:
        return _unheard("is about a table: say --facts as well", options, _OF_A_TABLE) or _taken_up(options)  # fmt: skip
    return _unheard("is about the members, not about a table (--facts)", options, _OF_MEMBERS)


def _taken_up(options: Mapping[str, Any]) -> str:
    if options["run"] and options["cancel"]:
        return "--run goes on, --cancel stops: say one of them"
    if options["run"] or options["cancel"]:
        return _unheard("was settled when the run began: leave it out", options, _OF_A_NEW_RUN)
    return ""


def _unheard(words: str, options: Mapping[str, Any], names: Sequence[str]) -> str:
    said = [f"--{name.replace('_', '-')}" for name in names if options[name]]
    return f"{', '.join(said)} {words}" if said else ""
