"""`manage.py jobs_dead`: show what was given up; `--retry` gives it another round of tries."""

from __future__ import annotations

from typing import Any

from django.core.management.base import BaseCommand, CommandParser

from lianxin.jobs import selectors, services


class Command(BaseCommand):
    """What background work was given up, and a second chance for it."""

    help = "Lists jobs and deliveries that were given up."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--retry", action="store_true", help="try all of them again")

    def handle(self, *_args: Any, **options: Any) -> None:
        for job in selectors.dead_jobs():
            self._show(f"job {job.name} {job.key or job.pk}", job.fault)
        for delivery in selectors.dead_deliveries():
            self._show(f"{delivery.event.name} -> {delivery.handler}", delivery.fault)
        if options["retry"]:
            self.stdout.write(f"{services.dead_retry()} get another round")

    def _show(self, what: str, fault: str) -> None:
        self.stdout.write(what)
        for line in fault.splitlines():
            self.stdout.write(f"    {line}")
