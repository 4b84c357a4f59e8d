"""Django's handle on members."""

from __future__ import annotations

from django.apps import AppConfig


class MembersConfig(AppConfig):
    name = "lianxin.members"
    label = "members"

    def ready(self) -> None:
        from lianxin.members import jobs as _jobs  # noqa: F401  (registers them)
        from lianxin.members import slots, subscribers

        slots.fill()
        subscribers.listen()
