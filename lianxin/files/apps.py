"""Django's handle on files."""

from __future__ import annotations

from django.apps import AppConfig


class FilesConfig(AppConfig):
    name = "lianxin.files"
    label = "files"
