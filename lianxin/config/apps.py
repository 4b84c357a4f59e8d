"""Ties neighbours together once every app is loaded."""

from __future__ import annotations

from django.apps import AppConfig


class ConfigConfig(AppConfig):
    name = "lianxin.config"
    label = "config"

    def ready(self) -> None:
        from lianxin.config import wiring  # noqa: F401  (imported for its registrations)
