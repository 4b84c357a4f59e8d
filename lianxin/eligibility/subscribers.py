"""When something becomes known of a member, what fits her is found anew."""

from __future__ import annotations

import uuid

from lianxin.eligibility import services
from lianxin.jobs import api as jobs
from lianxin.kit.events import subscribe
from lianxin.kit.transactions import atomic
from lianxin.members import api as members
from lianxin.members.events import (
    ConsentGiven,
    ConsentWithdrawn,
    FactSaved,
    MemberLinked,
    MemberMoved,
    MembershipChanged,
    MembersImported,
    MembersMerged,
)
from lianxin.orgs.api import Organisation


def on_fact(event: FactSaved) -> None:
    services.outcomes_recompute(member_id=event.member_id)


def on_moved(event: MemberMoved) -> None:
    services.outcomes_recompute(member_id=event.member_id)


def on_membership(event: MembershipChanged) -> None:
    """Being a member is a condition of most policies: retained, ended, restored, it is asked anew."""
    services.outcomes_recompute(member_id=event.member_id)


def on_merged(event: MembersMerged) -> None:
    """What both entries knew stands at one now; for the other nobody looks any more."""
    for member_id in (event.kept_id, event.gone_id):
        services.outcomes_recompute(member_id=member_id)


def on_imported(event: MembersImported) -> None:
    """A roll corrected entries of people who sign in: they are looked at anew, batch by batch."""
    place = Organisation.objects.filter(pk=event.organisation_id).first()
    since = members.import_began(event.run_id)
    if event.updated == 0 or place is None or since is None:
        return
    with atomic():
        jobs.enqueue(
            services.RECOMPUTE_IMPORTED,
            payload={"path": place.path, "since": since.isoformat(), "after": ""},
            key=f"recompute:{event.run_id}",
        )


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
    subscribe(MembershipChanged, on_membership)
    subscribe(MembersMerged, on_merged)
    subscribe(MembersImported, on_imported)
    subscribe(MemberLinked, on_linked)
    subscribe(ConsentGiven, on_consent)
    subscribe(ConsentWithdrawn, on_withdrawn)
