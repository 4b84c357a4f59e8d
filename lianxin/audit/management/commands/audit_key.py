"""Print the public key that checkpoints are signed with."""

from __future__ import annotations

from typing import Any

from django.core.management.base import BaseCommand

from lianxin.audit.adapters import signing


class Command(BaseCommand):
    help = "Print the public key of the checkpoints; keep it where this machine cannot change it."

    def handle(self, *_args: Any, **_options: Any) -> None:
        self.stdout.write(signing.pem(signing.own_key().public_key()), ending="")
