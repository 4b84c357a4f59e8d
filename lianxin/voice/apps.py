"""Django's handle on voice."""

from __future__ import annotations

from django.apps import AppConfig


class VoiceConfig(AppConfig):
    name = "lianxin.voice"
    label = "voice"

    def ready(self) -> None:
        from lianxin.voice import slots

        slots.fill()
