"""Run everything in one command: web workers and the job worker, watched and brought back."""

from __future__ import annotations

import ctypes
import os
import signal
import socket
import subprocess
import sys
import time
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path
from types import FrameType

from django.conf import settings
from django.core.management import call_command
from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.db import connections

from lianxin.config import health

PATIENCE = 20  # seconds a child may take to finish what it is doing
STEADY = 10  # a child that lived this long is brought back at once
LONGEST_PAUSE = 30
_PR_SET_PDEATHSIG = 1


@dataclass
class Child:
    """One process to be kept alive."""

    name: str
    command: list[str]
    process: subprocess.Popen[bytes] | None = None
    started: float = 0.0
    pause: float = 0.0
    due: float = field(default=0.0)

    def start(self) -> None:
        """Start it; should this supervisor be killed, the kernel ends the child too."""
        libc = ctypes.CDLL(None)
        self.started = time.monotonic()
        self.process = subprocess.Popen(  # noqa: S603
            self.command,
            start_new_session=True,  # Ctrl-C is for the supervisor, who ends its children in order
            preexec_fn=lambda: libc.prctl(_PR_SET_PDEATHSIG, signal.SIGTERM),  # noqa: PLW1509
        )

    def watch(self) -> str:
        """Note a death and bring it back when due; returns a word for the operator, or ""."""
        now = time.monotonic()
        if self.process is not None and self.process.poll() is not None:
            code, lived = self.process.returncode, now - self.started
            self.process = None
            self.pause = 0.0 if lived >= STEADY else min(max(1.0, self.pause * 2), LONGEST_PAUSE)
            self.due = now + self.pause
            return f"{self.name} ended ({code}); starting it again in {self.pause:.0f} s"
        if self.process is None and now >= self.due:
            self.start()
        return ""

    def signal(self, number: int) -> None:
        """Send a signal if it lives."""
        if self.process is not None:
            with suppress(ProcessLookupError):
                self.process.send_signal(number)

    def gone(self) -> bool:
        """Tell whether it has ended."""
        return self.process is None or self.process.poll() is not None


class Command(BaseCommand):
    """Supervise until Ctrl-C or SIGTERM."""

    help = "Run the web server and the job worker together; Ctrl-C ends both."
    requires_system_checks = []  # the children check; a second start should be quick

    def add_arguments(self, parser: CommandParser) -> None:
        """Take address and size from the command line or the environment."""
        parser.add_argument("--host", default=os.environ.get("LIANXIN_HOST", "127.0.0.1"))
        parser.add_argument("--port", type=int, default=int(os.environ.get("LIANXIN_PORT", "8000")))
        parser.add_argument(
            "--workers", type=int, default=int(os.environ.get("LIANXIN_WORKERS", "2"))
        )
        parser.add_argument(
            "--threads", type=int, default=int(os.environ.get("LIANXIN_THREADS", "4"))
        )
        parser.add_argument("--only", choices=["web", "work"], help="run one of the two")
        parser.add_argument("--prepare", action="store_true", help="run `prepare` first")
        parser.add_argument("--demo", action="store_true", help="with --prepare: load the demo")

    def handle(self, **options: object) -> None:
        """Start, watch, and stop cleanly."""
        host, port, only = str(options["host"]), int(str(options["port"])), options["only"]
        children = [
            Child("web", self._web(host, port, options)),
            Child("work", [sys.executable, self._manage(), "work"]),
        ]
        children = [child for child in children if only in {None, child.name}]
        if only != "work":
            self._must_be_free(host, port)
        if options["prepare"]:
            call_command("prepare", demo=bool(options["demo"]))
            connections.close_all()
        self._greet(host, port, web=only != "work")
        self._supervise(children)

    def _web(self, host: str, port: int, options: dict[str, object]) -> list[str]:
        return [
            sys.executable, "-m", "gunicorn", "lianxin.config.wsgi:application",
            "--bind", f"[{host}]:{port}" if ":" in host else f"{host}:{port}",
            "--worker-class", "gthread", "--workers", str(options["workers"]),
            "--threads", str(options["threads"]), "--preload", "--no-control-socket",
            "--timeout", "60", "--graceful-timeout", str(PATIENCE - 5),
            # A fresh worker now and then keeps memory flat; never two at the same moment.
            "--max-requests", "20000", "--max-requests-jitter", "4000",
            "--worker-tmp-dir", "/dev/shm" if Path("/dev/shm").is_dir() else "/tmp",  # noqa: S108
            "--log-level", "warning",
        ]  # fmt: skip

    def _manage(self) -> str:
        return str(settings.ROOT / "manage.py")

    def _must_be_free(self, host: str, port: int) -> None:
        family = socket.AF_INET6 if ":" in host else socket.AF_INET
        with socket.socket(family, socket.SOCK_STREAM) as probe:
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            try:
                probe.bind((host, port))
            except OSError as error:
                raise CommandError(
                    f"Cannot listen on {host}:{port} ({error.strerror}). "
                    f"Choose another port: LIANXIN_PORT={port + 1} make run"
                ) from error

    def _greet(self, host: str, port: int, *, web: bool) -> None:
        state, note = health.CHECKS["calendar"]()
        if state != "ok":
            self.stderr.write(self.style.WARNING(f"Calendar: {note} (docs/guide/operator.md)."))
        if web:
            shown = f"[{host}]" if ":" in host else host
            self.stdout.write(f"Lianxin 连心 is at http://{shown}:{port}   (Ctrl-C ends it)")
            self.stdout.flush()

    def _supervise(self, children: list[Child]) -> None:
        asked: list[int] = []

        def stop(number: int, _frame: FrameType | None) -> None:
            asked.append(number)

        for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
            signal.signal(number, stop)
        while not asked:
            for child in children:
                word = child.watch()
                if word:
                    self.stderr.write(self.style.WARNING(word))
            time.sleep(0.2)
        self._end(children, asked)

    def _end(self, children: list[Child], asked: list[int]) -> None:
        for child in children:
            child.signal(signal.SIGTERM)
        patience = time.monotonic() + PATIENCE
        while not all(child.gone() for child in children):
            # Asked twice means now.
            if len(asked) > 1 or time.monotonic() > patience:
                for child in children:
                    child.signal(signal.SIGKILL)
            time.sleep(0.1)
        self.stdout.write("Stopped.")
