"""Production does not start until what must be safe is safe."""

from __future__ import annotations

import os
import subprocess
import sys

import pytest
from django.conf import settings

GOOD = {
    "LIANXIN_SECRET_KEY": "vqX8hEw2tJmR4nK9cLz7pYb3sGd6fAu1xWoTiVe5rNqHyMjBkPgZlCxSaDfU",
    "LIANXIN_ALLOWED_HOSTS": "union.example,www.union.example",
}

PROGRAM = """
from lianxin.config.settings import production as chosen
print(chosen.SESSION_COOKIE_SECURE, chosen.DEBUG, chosen.DEMO)
"""


def _start(**changes: str | None) -> subprocess.CompletedProcess[str]:
    kept = {key: value for key, value in os.environ.items() if "LIANXIN" not in key}
    said = {key: value for key, value in (GOOD | changes).items() if value is not None}
    return subprocess.run(
        [sys.executable, "-c", PROGRAM],
        cwd=settings.ROOT, env=kept | said, capture_output=True, text=True, check=False,
    )  # fmt: skip


def test_it_starts_when_all_is_said() -> None:
    done = _start()
    assert done.stdout == "True False False\n", done.stderr


@pytest.mark.parametrize(
    "changes",
    [
        {"LIANXIN_SECRET_KEY": None},
        {"LIANXIN_SECRET_KEY": "short"},
        {"LIANXIN_SECRET_KEY": "ab" * 40},
        {"LIANXIN_SECRET_KEY": "only-for-a-demo-on-ones-own-machine-and-much-longer-than-that"},
        {"LIANXIN_ALLOWED_HOSTS": None},
        {"LIANXIN_ALLOWED_HOSTS": "*"},
        {"LIANXIN_ALLOWED_HOSTS": ".union.example"},
        {"LIANXIN_DEMO": "1"},
        {"LIANXIN_DEBUG": "yes"},
    ],
    ids=str,
)
def test_it_refuses_and_names_what_is_wrong(changes: dict[str, str | None]) -> None:
    done = _start(**changes)
    assert done.returncode != 0
    assert next(iter(changes)) in done.stderr.splitlines()[-1]
