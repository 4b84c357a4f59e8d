"""What stations know of a person: which ones she looks after."""

from __future__ import annotations

import uuid

from lianxin.kit.transactions import atomic
from lianxin.stations.models import Keeping


def account_export(account_id: uuid.UUID | None) -> list[dict[str, str]]:
    """List the stations a person is named for."""
    if account_id is None:
        return []
    rows = Keeping.objects.filter(account_id=account_id).select_related("station")
    return [
        {"station": row.station.name, "code": row.station.code, "since": row.since_on.isoformat()}
        for row in rows.order_by("since_on", "pk")
    ]


def account_erase(account_id: uuid.UUID | None) -> None:
    """Strike a person off the stations she looked after."""
    if account_id is None:
        return
    with atomic():
        Keeping.objects.filter(account_id=account_id).delete()
