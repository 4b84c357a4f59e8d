"""What every test run needs first: the same examples each time, and patience with a busy machine."""

from __future__ import annotations

import os
import shutil

import pytest
from hypothesis import HealthCheck, settings

# A change is judged by the same examples each time; on a developer's machine chance looks further.
settings.register_profile(
    "house",
    deadline=None,
    max_examples=100,
    derandomize="CI" in os.environ,
    suppress_health_check=[HealthCheck.too_slow],
)
settings.load_profile("house")


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    """Repeat what tests have to tell (`record_property("told", …)`): one that passes is not heard."""
    for report in terminalreporter.stats.get("passed", []):
        for name, told in report.user_properties:
            if name == "told":
                terminalreporter.write_line(f"{report.nodeid.rpartition('::')[2]}: {told}")


@pytest.fixture(autouse=True)
def _audit_heads(request: pytest.FixtureRequest) -> None:
    """A test that commits for real begins with a flushed database: the audit chain needs its heads."""
    mark = request.node.get_closest_marker("django_db")
    commits = bool(mark and mark.kwargs.get("transaction"))
    if commits or {"transactional_db", "live_server"} & set(request.fixturenames):
        from lianxin.audit.testing import seed_heads  # noqa: PLC0415  (Django is set up only now)

        request.getfixturevalue("transactional_db")
        # What an earlier test signed speaks of rows that were flushed since.
        shutil.rmtree(request.getfixturevalue("settings").AUDIT_CHECKPOINTS, ignore_errors=True)
        seed_heads()
