"""For tests that commit for real: the heads of the chain, which a flushed database has lost."""

from __future__ import annotations

from lianxin.audit.models import SHARDS, AuditHead


def seed_heads() -> None:
    """Put back what the migration laid; where the heads stand, nothing changes."""
    heads = [AuditHead(shard=shard) for shard in range(SHARDS)]
    AuditHead.objects.bulk_create(heads, ignore_conflicts=True)
