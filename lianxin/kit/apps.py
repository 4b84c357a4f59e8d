"""Django's handle on kit."""

from __future__ import annotations

from django.apps import AppConfig


class KitConfig(AppConfig):
    name = "lianxin.kit"
    label = "kit"
