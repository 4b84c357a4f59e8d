"""Django's handle on jobs."""

from __future__ import annotations

from django.apps import AppConfig


class JobsConfig(AppConfig):
    name = "lianxin.jobs"
    label = "jobs"

    def ready(self) -> None:
        from lianxin.jobs import jobs  # noqa: F401  (jobs register themselves)
        from lianxin.jobs.adapters import tasks  # noqa: F401  (registers how tasks are run)
