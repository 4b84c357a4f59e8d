"""Django's handle on files."""

from __future__ import annotations

from django.apps import AppConfig


class FilesConfig(AppConfig):
    name = "lianxin.files"
    label = "files"

    def ready(self) -> None:
        from lianxin.files import jobs, slots  # noqa: F401  (jobs register themselves)

        slots.fill()
