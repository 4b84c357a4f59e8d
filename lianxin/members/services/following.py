"""Rows that follow from one entry on the roll to another, for the parts of a merge."""

from __future__ import annotations

import uuid

from django.db import models


def rows_follow(
    model: type[models.Model],
    kept_id: uuid.UUID,
    gone_id: uuid.UUID,
    *,
    column: str = "member_id",
    alone: tuple[str, ...] = (),
) -> int:
    """Let the rows of one member follow to another; return how many.

    `alone` names what may stand only once for a member: where the kept one has it already, the row
    of the other stays with the entry that is kept as history. Inside `atomic`; again changes nothing.
    """
    rows = model._default_manager.filter(**{column: gone_id})
    if alone:
        held = set(model._default_manager.filter(**{column: kept_id}).values_list(*alone))
        doubled = [pk for pk, *key in rows.values_list("pk", *alone) if tuple(key) in held]
        rows = rows.exclude(pk__in=doubled)
    return rows.update(**{column: kept_id})
