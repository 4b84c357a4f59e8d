"""Shifts of helpers: kept for whoever did them, taken out by her."""

from __future__ import annotations

import uuid

from lianxin.activities.models import Helped, Session
from lianxin.activities.selectors.helping import helpers_of, minutes_of
from lianxin.kit.transactions import atomic


def shifts_keep(session: Session) -> None:
    """Write a shift down for each who did it; inside `atomic`. Again changes nothing."""
    minutes = minutes_of(session)
    rows = [Helped(session=session, account_id=one, minutes=minutes) for one in helpers_of(session)]
    Helped.objects.bulk_create(rows, batch_size=500, ignore_conflicts=True)


def shift_drop(*, account_id: uuid.UUID, helped_id: int) -> bool:
    """Take a shift out of one's own list for good; again changes nothing."""
    with atomic():
        gone, _rows = Helped.objects.filter(pk=helped_id, account_id=account_id).delete()
    return bool(gone)
