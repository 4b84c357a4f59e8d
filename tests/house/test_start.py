"""A web worker starts light: what only jobs, files or the API need is loaded when they come."""

from __future__ import annotations

import subprocess
import sys

from tests.house import ROOT

HEAVY = {
    "ninja", "pydantic", "polars", "pyarrow", "numpy", "sqlglot", "pyspark", "duckdb", "ortools",
    "python_calamine", "openpyxl", "xlsxwriter", "weasyprint", "PIL", "pypinyin", "opencc",
    "rjieba", "babel", "unittest", "pytest", "hypothesis",
}  # fmt: skip
STARTED = """
import sys
import lianxin.config.wsgi, lianxin.config.urls
print(*sorted({name.partition(".")[0] for name in sys.modules}))
"""


def test_a_web_worker_starts_without_heavy_libraries() -> None:
    loaded = subprocess.run(
        [sys.executable, "-c", STARTED], check=True, capture_output=True, text=True, cwd=ROOT
    ).stdout.split()
    assert "django" in loaded
    assert sorted(HEAVY & set(loaded)) == []
