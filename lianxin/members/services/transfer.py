"""Carrying a membership over to another union, as its case goes on: asked, released, taken in.

The case (a dossier of the service `membership-transfer`) is where people decide. Here the roll
follows it. `transfer_follow` is told how far the case is and makes up for whatever is missing, so it
may come late, twice, or out of order, and be cut off anywhere.
"""

from __future__ import annotations

import uuid

from lianxin.kit import clock
from lianxin.kit.transactions import atomic
from lianxin.members.models import Member, Transfer
from lianxin.members.rules.membership import HELD, Move
from lianxin.members.services.membership import Why, locked, moved, under_way
from lianxin.orgs.api import Organisation

Phase = Transfer.Phase


def transfer_follow(
    *,
    dossier_id: uuid.UUID,
    member_id: uuid.UUID,
    to_organisation_id: uuid.UUID,
    goal: Transfer.Phase,
    reason: str = "",
    actor_id: uuid.UUID | None = None,
) -> Transfer | None:
    """Bring a membership to where its case stands; `reason` is of the last move (`agreed`, `silence`, …).

    Meanwhile she stays a member of her union with all its services. Publishes `MembershipChanged` for
    each stage, `MemberMoved` at the end. Returns None where there is nothing to carry: the membership
    is over, or on the way elsewhere.
    """
    with atomic():
        held = locked(member_id)
        row = Transfer.objects.select_for_update().filter(dossier_id=dossier_id).first()
        if goal == Phase.STAYED:
            return _stay(held, row, Why(actor_id=actor_id, reason=reason, dossier_id=dossier_id))
        if row is not None and row.phase == Phase.ACCEPTED:
            return row
        if held.state not in HELD:
            return row
        why = Why(actor_id=actor_id, dossier_id=dossier_id)
        row = _set_out(held, row, dossier_id, to_organisation_id, why)
        if row is not None and goal in {Phase.IN, Phase.ACCEPTED}:
            release = reason if reason in {"agreed", "silence"} else "agreed"
            _release(held, row, Why(actor_id=actor_id, reason=release, dossier_id=dossier_id))
        if row is not None and goal == Phase.ACCEPTED:
            _accept(held, row, why)
        return row


def _set_out(
    held: Member,
    row: Transfer | None,
    dossier_id: uuid.UUID,
    to_organisation_id: uuid.UUID,
    why: Why,
) -> Transfer | None:
    if row is not None and row.phase != Phase.STAYED:
        return row
    if under_way(held.pk) is not None or held.organisation_id == to_organisation_id:
        return row
    towards = Organisation.objects.get(pk=to_organisation_id)
    moved(held, Move.ASK_TRANSFER, why, towards=towards)
    if row is not None:  # refused, and the objection was upheld: it goes on
        row.phase, row.settled_at = Phase.OUT, None
        row.save(update_fields=["phase", "settled_at"])
        return row
    return Transfer.objects.create(
        member=held,
        from_organisation_id=held.organisation_id,
        to_organisation=towards,
        dossier_id=dossier_id,
    )


def _release(held: Member, row: Transfer, why: Why) -> None:
    if row.phase != Phase.OUT:
        return
    moved(held, Move.RELEASE, why)
    row.phase, row.released_at = Phase.IN, clock.now()
    row.save(update_fields=["phase", "released_at"])


def _accept(held: Member, row: Transfer, why: Why) -> None:
    if row.phase != Phase.IN:
        return
    moved(held, Move.ACCEPT, why, towards=row.to_organisation)
    row.phase, row.settled_at = Phase.ACCEPTED, clock.now()
    row.save(update_fields=["phase", "settled_at"])


def _stay(held: Member, row: Transfer | None, why: Why) -> Transfer | None:
    if row is None or row.phase not in {Phase.OUT, Phase.IN}:
        return row
    moved(held, Move.STAY, why)
    row.refresh_from_db()
    return row
