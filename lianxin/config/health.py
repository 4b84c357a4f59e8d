"""What a monitor may ask: is the process alive, and could it serve somebody now?"""

from __future__ import annotations

import datetime as dt
import shutil
from collections.abc import Callable
from functools import cache
from pathlib import Path

from django.conf import settings
from django.db import connection
from django.db.migrations.executor import MigrationExecutor
from django.db.models import Max
from django.http import HttpRequest, JsonResponse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from lianxin.jobs.models import Pulse
from lianxin.kit import clock, workdays
from lianxin.kit.access import public
from lianxin.notify import api as notify

WORKER_SILENT_AFTER = dt.timedelta(minutes=2)
DISK_FREE = 500 * 1024 * 1024
CALENDAR_DAYS = 45
MESSAGES_NEARLY = 0.8
Answer = tuple[str, str]  # "ok", "warning" or "failed", and what an operator should know


@public
@never_cache
@require_safe
def healthz(_request: HttpRequest) -> JsonResponse:
    """Say that this process answers; touches nothing else, so that a slow database restarts nobody."""
    return JsonResponse({"alive": True})


@public
@never_cache
@require_safe
def readyz(_request: HttpRequest) -> JsonResponse:
    """Say whether everything a request needs stands; 503 while something does not."""
    found = check_all()
    failed = any(state == "failed" for state, _ in found.values())
    return JsonResponse(
        {
            "ready": not failed,
            "checks": {
                name: {"state": state, "note": note} for name, (state, note) in found.items()
            },
        },
        status=503 if failed else 200,
    )


def check_all() -> dict[str, Answer]:
    """Ask everything; one that breaks is a failure, never an error page."""
    found: dict[str, Answer] = {}
    for name, check in CHECKS.items():
        try:
            found[name] = check()
        except Exception as error:  # noqa: BLE001  (whatever it is, the monitor must hear of it)
            found[name] = ("failed", type(error).__name__)
    return found


def _database() -> Answer:
    with connection.cursor() as cursor:
        cursor.execute("SELECT 1")
    return "ok", connection.vendor


def _migrations() -> Answer:
    missing = _unapplied()
    if missing:
        _unapplied.cache_clear()
        return "failed", f"{missing} not applied: run manage.py migrate"
    return "ok", ""


@cache
def _unapplied() -> int:
    """Count what `migrate` would do; remembered once it is nothing, since only a restart adds some."""
    executor = MigrationExecutor(connection)
    return len(executor.migration_plan(executor.loader.graph.leaf_nodes()))


def _worker() -> Answer:
    beat: dt.datetime | None = Pulse.objects.aggregate(last=Max("beat_at"))["last"]
    if beat is None:
        return "failed", "no job worker has run yet: start manage.py work"
    silent = clock.now() - beat
    if silent > WORKER_SILENT_AFTER:
        return "failed", f"the job worker has been silent for {int(silent.total_seconds())} s"
    return "ok", ""


def _disk() -> Answer:
    folder = Path(settings.VAR)
    while not folder.exists():
        folder = folder.parent
    free = shutil.disk_usage(folder).free
    return "ok" if free >= DISK_FREE else "failed", f"{free // (1024 * 1024)} MB free"


def _calendar() -> Answer:
    left = workdays.days_left(clock.now().astimezone(workdays.SHANGHAI).date())
    if left < CALENDAR_DAYS:
        # Deadlines go on as estimates and say so: no reason to send people away.
        return "warning", f"working days are known for {left} more days: add the next year"
    return "ok", f"known until {workdays.known_until()}"


def _channels() -> Answer:
    if not settings.DEMO and ".twin." in settings.SMS_CHANNEL:
        return "warning", "no SMS channel is set: nobody receives a code (LIANXIN_SMS_CHANNEL)"
    return "ok", ""


def _messages() -> Answer:
    used, most = notify.sms_used(), notify.cap_per_day()
    if used >= most * MESSAGES_NEARLY:
        # Whoever has a passkey still comes in: no reason to send people away.
        return (
            "warning",
            f"{used} of {most} text messages of this day are used (LIANXIN_SMS_CAP_PER_DAY)",
        )
    return "ok", ""


CHECKS: dict[str, Callable[[], Answer]] = {
    "database": _database,
    "migrations": _migrations,
    "worker": _worker,
    "disk": _disk,
    "calendar": _calendar,
    "channels": _channels,
    "messages": _messages,
}
