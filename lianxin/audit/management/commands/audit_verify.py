"""Prove the audit trail whole, or name the first broken row of each shard."""

from __future__ import annotations

from typing import Any

from django.core.management.base import BaseCommand, CommandError

from lianxin.audit import selectors


class Command(BaseCommand):
    help = "Check the hash chain of the audit trail; exits 1 and names the first broken rows."

    def handle(self, *_args: Any, **_options: Any) -> None:
        broken = selectors.breaches()
        for breach in broken:
            self.stderr.write(f"shard {breach.shard}, row {breach.position}: {breach.reason}")
        if broken:
            raise CommandError(f"the audit trail is broken in {len(broken)} shard(s)")
        self.stdout.write(f"{selectors.row_count()} rows, all in order")
