"""When something becomes known of a member, what fits her is found anew."""

from __future__ import annotations

import uuid

from lianxin.eligibility import services
from lianxin.kit.events import subscribe
from lianxin.members import api as members
from lianxin.members.events import (
    ConsentGiven,
    ConsentWithdrawn,
    FactSaved,
    MemberLinked,
    MemberMoved,
)


def on_fact(event: FactSaved) -> None:
    services.outcomes_recompute(member_id=event.member_id)


def on_moved(event: MemberMoved) -> None:
    services.outcomes_recompute(member_id=event.member_id)


def on_linked(event: MemberLinked) -> None:
    services.outcomes_recompute(member_id=event.member_id)


def on_consent(event: ConsentGiven) -> None:
    _of_account(event.account_id)


def on_withdrawn(event: ConsentWithdrawn) -> None:
    _of_account(event.account_id)


def _of_account(account_id: uuid.UUID) -> None:
    member = members.member_of(account_id)
    if member is not None:
        services.outcomes_recompute(member_id=member.pk)


def listen() -> None:
    """Subscribe; called once by apps.py."""
    subscribe(FactSaved, on_fact)
    subscribe(MemberMoved, on_moved)
    subscribe(MemberLinked, on_linked)
    subscribe(ConsentGiven, on_consent)
    subscribe(ConsentWithdrawn, on_withdrawn)
