"""Cold start and memory of a web worker: ≤ 1.2 s CPU and ≤ 140 MB, beside a bare Django.

    BENCH_START_ROUNDS=5 python -m bench start

Each side is a process of its own that starts, answers its first requests and tells what it used, in
turns. Both find their modules compiled, as an installation has them (the operator's guide compiles
at install and upgrade; a bare Django comes compiled by pip). A third row starts ours from source,
as after a `git pull` nobody compiled: told, not judged.
"""

from __future__ import annotations

import os
import shutil
import statistics
import subprocess
import sys
import tempfile
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
ROUNDS = int(os.environ.get("BENCH_START_ROUNDS", "5"))
REPORT = """
import resource
used = resource.getrusage(resource.RUSAGE_SELF)
print(used.ru_utime + used.ru_stime, used.ru_maxrss / 1024)
"""
OURS = (
    """
import os
os.environ["DJANGO_SETTINGS_MODULE"] = "lianxin.config.settings.run"
from lianxin.config.wsgi import application
from django.test import Client
for path in ("/healthz", "/notices/", "/suggestions/new/"):
    assert Client().get(path).status_code in (200, 302), path
"""
    + REPORT
)
BARE = (
    """
import django
from django.conf import settings
settings.configure(ROOT_URLCONF=__name__, ALLOWED_HOSTS=["*"], SECRET_KEY="x",
    INSTALLED_APPS=["django.contrib.auth", "django.contrib.contenttypes", "django.contrib.sessions"],
    DATABASES={"default": {"ENGINE": "django.db.backends.sqlite3", "NAME": ":memory:"}})
from django.http import HttpResponse
from django.urls import path
urlpatterns = [path("", lambda request: HttpResponse("ok"))]
from django.core.wsgi import get_wsgi_application
get_wsgi_application()
from django.test import Client
assert Client().get("/").status_code == 200
"""
    + REPORT
)


def _run(code: str, env: dict[str, str]) -> tuple[float, float]:
    done = subprocess.run(
        [sys.executable, "-c", code], env=env, capture_output=True, text=True, check=True
    )
    cpu, megabytes = done.stdout.split()[-2:]
    return float(cpu), float(megabytes)


def main() -> None:
    """Print median CPU seconds and megabytes of the sides, and their ratio."""
    with tempfile.TemporaryDirectory() as folder:
        plain = {k: v for k, v in os.environ.items() if k != "PYTHONDONTWRITEBYTECODE"}
        plain |= {"LIANXIN_VAR": f"{folder}/var"}
        compiled = plain | {"PYTHONPYCACHEPREFIX": f"{folder}/compiled"}
        source = plain | {
            "PYTHONPYCACHEPREFIX": f"{folder}/libraries",
            "PYTHONDONTWRITEBYTECODE": "1",
        }
        for command in (["migrate", "-v0"], ["collectstatic", "--no-input", "-v0"]):
            subprocess.run([sys.executable, "manage.py", *command], env=compiled, check=True)
        for code in (OURS, BARE):  # the first run writes the byte code
            _run(code, compiled)
        shutil.copytree(f"{folder}/compiled", f"{folder}/libraries")
        shutil.rmtree(f"{folder}/libraries/{ROOT.relative_to(ROOT.anchor)}/lianxin")
        sides = [(OURS, compiled), (BARE, compiled), (OURS, source)]
        rounds = [[_run(*side) for side in sides] for _ in range(ROUNDS)]
    over = []
    for at, unit, limit in ((0, "CPU s", 1.2), (1, "MB", 140.0)):
        ours, bare, uncompiled = (
            statistics.median(one[side][at] for one in rounds) for side in range(3)
        )
        print(
            f"{unit:6} ours {ours:7.2f}  bare Django {bare:7.2f}  ratio {ours / bare:4.2f}  "
            f"limit {limit}  (ours not compiled: {uncompiled:.2f})"
        )
        if ours > limit:
            over.append(unit)
    if over:
        sys.exit(f"over the limit: {', '.join(over)}")
