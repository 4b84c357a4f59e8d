"""Django's handle on jobs."""

from __future__ import annotations

from django.apps import AppConfig


class JobsConfig(AppConfig):
    name = "lianxin.jobs"
    label = "jobs"
