"""A person's own copy of everything, and erasure when she closes her account."""

from __future__ import annotations

import uuid
from typing import Any

from lianxin.audit import api as audit
from lianxin.files import api as files
from lianxin.kit import clock
from lianxin.kit.transactions import atomic
from lianxin.members.constants import SIGNED_PAGE
from lianxin.members.models import (
    Closing,
    Consent,
    ExportedMember,
    Fact,
    ImportMark,
    Member,
    MemberExport,
    Relative,
)
from lianxin.members.rules.facts import FactKind
from lianxin.members.rules.privacy import Person, privacy_erase, privacy_export
from lianxin.members.selectors.dictionary import dictionary
from lianxin.members.selectors.facts import facts_known, facts_read
from lianxin.members.selectors.membership import membership_export
from lianxin.members.selectors.people import member_of, members_by_id
from lianxin.orgs.api import Actor, OfficerReset, Post, PostProposal
from lianxin.vault import api as vault

TABLES = (
    "members.Member",
    "members.Fact",
    "members.Relative",
    "members.Consent",
    "members.Closing",
    "members.MembershipEvent",
    "members.Transfer",
    "members.Card",
    "members.Suspicion",
    "members.ImportMark",
    "members.ExportedMember",
    "members.MemberExport",
)


def copy_of(actor: Actor) -> dict[str, Any]:
    """Gather what every app keeps about the actor; the copy itself is noted in the audit trail."""
    person = person_of(actor)
    copied = {key: part.read(person) for key, part in privacy_export.items()}
    with atomic():
        audit.record(
            actor_id=actor.account_id,
            action="members.copy_made",
            kind="accounts.User",
            object_id=str(actor.account_id),
            subject_id=actor.account_id,
        )
    return {"made_at": clock.now().isoformat(), **copied}


def person_of(actor: Actor) -> Person:
    """Return whom an account's copy is about."""
    member = member_of(actor.account_id)
    return Person(account_id=actor.account_id, member_id=member.pk if member else None)


def erase_person(*, account_id: uuid.UUID) -> None:
    """Let every app erase what it may; again changes nothing. Inside `atomic`."""
    member = member_of(account_id)
    person = Person(account_id=account_id, member_id=member.pk if member else None)
    for part in privacy_erase:
        part.erase(person)


def members_export(person: Person) -> dict[str, Any]:
    """Return the roll entry, facts with sources, family and consents, opened for their owner."""
    member = members_by_id([person.member_id]).get(person.member_id) if person.member_id else None
    consents = Consent.objects.filter(account_id=person.account_id).order_by("given_at")
    copied: dict[str, Any] = {
        "consents": [
            {
                "purpose": row.purpose,
                "wording": row.wording,
                "given_at": row.given_at.isoformat(),
                "withdrawn_at": row.withdrawn_at.isoformat() if row.withdrawn_at else None,
            }
            for row in consents
        ]
    }
    copied["closing"] = [
        {"at": row.asked_at.isoformat(), "on": row.due_on.isoformat()}
        for row in Closing.objects.filter(account_id=person.account_id).order_by("asked_at")
    ]
    taken = (
        MemberExport.objects.filter(account_id=person.account_id).order_by("created_at")
        if person.account_id  # who has no account never took a list out
        else MemberExport.objects.none()
    )
    copied["lists_taken_out"] = [
        {"at": row.created_at.isoformat(), "for": row.purpose, "rows": row.rows} for row in taken
    ]
    if member is not None:
        found = facts_read(member, facts_known(member))
        copied["facts"] = {name: _plain(name, fact.value) for name, fact in found.items()}
        copied["sources"] = {name: fact.source for name, fact in found.items()}
        copied["told"] = {
            name: {
                "recorded_at": fact.recorded_at.isoformat(),
                "expires_on": fact.expires_on.isoformat() if fact.expires_on else None,
                "purpose": dictionary().facts[name].purpose,
            }
            for name, fact in found.items()
        }
        copied["membership"] = membership_export(member.pk)
        copied["signed_pages"] = [
            {"at": page.created_at.isoformat(), "size": page.size}
            for page in files.files_of(SIGNED_PAGE, member.pk)
        ]
        copied["family"] = [
            {"relation": row.relation, "name": vault.reveal(row, "name")}
            for row in Relative.objects.filter(member=member)
        ]
        copied["lists"] = [
            {"at": row.export.created_at.isoformat(), "for": row.export.purpose}
            for row in ExportedMember.objects.filter(member=member).select_related("export")
        ]
        copied["yearly_checks"] = [
            row.run.started_at.isoformat()
            for row in ImportMark.objects.filter(member=member).select_related("run")
        ]
    return copied


def members_erase(person: Person) -> None:
    """Erase what she told and agreed to; the roll entry stays, as the union's register must.

    So does who took a list of members out: it must stay provable.
    """
    if person.member_id is not None:
        told = ("self", "dossier")
        Fact.objects.filter(member_id=person.member_id, source__in=told).delete()
        Relative.objects.filter(member_id=person.member_id).delete()
        Member.objects.filter(pk=person.member_id).update(account=None)
    Consent.objects.filter(account_id=person.account_id).delete()
    Closing.objects.filter(account_id=person.account_id, done_at=None).delete()


def posts_export(person: Person) -> list[dict[str, Any]]:
    """Return the posts of a person; they stay, so that decisions keep their names."""
    rows = Post.objects.filter(account_id=person.account_id).select_related("organisation")
    return (
        [
            {
                "organisation": row.organisation.name,
                "role": row.role,
                "from": row.starts_on.isoformat(),
                "to": row.ends_on.isoformat() if row.ends_on else None,
            }
            for row in rows.order_by("starts_on")
        ]
        + [
            {
                "organisation": row.organisation.name,
                "role": row.role,
                "state": row.state,
                "from": row.starts_on.isoformat(),
                "to": row.ends_on.isoformat() if row.ends_on else None,
            }
            for row in PostProposal.objects.filter(account_id=person.account_id)
            .select_related("organisation")
            .order_by("proposed_at")
        ]
        + [
            {"new_way_in": row.state, "at": row.asked_at.isoformat(), "by": str(row.asked_by)}
            for row in OfficerReset.objects.filter(account_id=person.account_id)
            .select_related("asked_by")
            .order_by("asked_at")
        ]
    )


def openings_export(person: Person) -> list[dict[str, Any]]:
    """Return who opened a person's sensitive data; the trail itself can lose no row."""
    found = [
        row
        for subject in (person.account_id, person.member_id)
        if subject is not None
        for row in audit.openings_of(subject)[:1000]
    ]
    return [
        {"at": row.at.isoformat(), "by": str(row.actor_id or ""), "for": row.purpose}
        for row in found
    ]


def _plain(name: str, value: Any) -> Any:
    kind = dictionary().facts[name].kind
    return value.isoformat() if kind is FactKind.DATE else value
