"""Django's handle on vault."""

from __future__ import annotations

from django.apps import AppConfig


class VaultConfig(AppConfig):
    name = "lianxin.vault"
    label = "vault"
