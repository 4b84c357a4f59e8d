"""`manage.py work`: run what is due until stopped; `--once` runs it and ends."""

from __future__ import annotations

import os
import signal
from types import FrameType
from typing import Any

from django.core.management.base import BaseCommand, CommandParser

from lianxin.jobs import services
from lianxin.jobs.rules import Lane


class Command(BaseCommand):
    """The job worker: a quick and a long lane, timers, and the sign of life for /readyz."""

    help = "Runs background work until stopped (Ctrl-C, SIGTERM)."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--once", action="store_true", help="do what is due, then end")
        parser.add_argument("--lane", choices=[lane.value for lane in Lane], help="this lane only")
        parser.add_argument(
            "--grace", type=float, default=20.0, help="seconds to finish when stopped"
        )

    def handle(self, *_args: Any, **options: Any) -> None:
        if options["once"]:
            services.leases_reap()
            services.periodic_tick()
            self.stdout.write(f"{services.run_due()} done")
            return
        lanes = (Lane(options["lane"]),) if options["lane"] else tuple(Lane)
        worker = services.Worker(lanes)
        self._mind_signals(worker)
        self.stdout.write(f"worker {worker.name} is ready")
        self.stdout.flush()
        if not worker.run(grace=options["grace"]):
            # A thread still works: its lease lapses, and the next worker takes it up.
            self.stderr.write("stopped in the middle of a job")
            self.stderr.flush()
            os._exit(1)

    def _mind_signals(self, worker: services.Worker) -> None:
        def stop(_number: int, _frame: FrameType | None) -> None:
            for number in (signal.SIGTERM, signal.SIGINT):
                # A second Ctrl-C ends at once.
                signal.signal(number, signal.SIG_DFL)
            worker.stop()

        for number in (signal.SIGTERM, signal.SIGINT):
            signal.signal(number, stop)
