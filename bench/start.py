"""Cold start and memory of a web worker: ≤ 1.2 s CPU and ≤ 140 MB, beside a bare Django.

Each side is a process of its own that starts, answers one request and tells what it used.
"""

from __future__ import annotations

import os
import statistics
import subprocess
import sys
import tempfile

ROUNDS = 5
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


def _run(code: str, var: str) -> tuple[float, float]:
    done = subprocess.run(
        [sys.executable, "-c", code],
        env={**os.environ, "LIANXIN_VAR": var},
        capture_output=True,
        text=True,
        check=True,
    )
    cpu, megabytes = done.stdout.split()[-2:]
    return float(cpu), float(megabytes)


def main() -> None:
    """Print median CPU seconds and megabytes of both sides, and their ratio."""
    with tempfile.TemporaryDirectory() as var:
        env = {**os.environ, "LIANXIN_VAR": var}
        for command in (["migrate", "-v0"], ["collectstatic", "--no-input", "-v0"]):
            subprocess.run([sys.executable, "manage.py", *command], env=env, check=True)
        rounds = [(_run(OURS, var), _run(BARE, var)) for _ in range(ROUNDS)]
    for at, unit, limit in ((0, "CPU s", 1.2), (1, "MB", 140.0)):
        ours = statistics.median(pair[0][at] for pair in rounds)
        bare = statistics.median(pair[1][at] for pair in rounds)
        print(
            f"{unit:6} ours {ours:7.2f}  bare Django {bare:7.2f}  ratio {ours / bare:4.2f}  limit {limit}"
        )
