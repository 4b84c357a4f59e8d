"""Django's handle on accounts."""

from __future__ import annotations

from django.apps import AppConfig


class AccountsConfig(AppConfig):
    name = "lianxin.accounts"
    label = "accounts"

    def ready(self) -> None:
        from lianxin.accounts import jobs, slots  # noqa: F401  (jobs register themselves)

        slots.fill()
