"""What an application teaches, so that nothing is asked twice; and what a decision makes true."""

from __future__ import annotations

import datetime as dt
import uuid
from typing import Any

from django.utils import timezone

from lianxin.catalogue.models import Draft, ServiceVersion
from lianxin.catalogue.rules import filling
from lianxin.catalogue.selectors.filling import contents_of, guardian_of
from lianxin.eligibility.api import proposal_follow
from lianxin.kit.transactions import atomic
from lianxin.members.api import (
    FactKind,
    Member,
    consent_give,
    fact_entry,
    fact_save,
    facts_of,
    member_of,
    members_by_id,
    missing_consents,
    purposes,
)
from lianxin.orgs.api import Actor
from lianxin.procedures.api import Dossier, Field, Outcome, answers_check


def told_remember(*, dossier_id: uuid.UUID) -> int:
    """Keep what was told in an application as facts, then empty its draft; return how many.

    Only what differs from what was known, only with her yes to the fact's purpose. Again changes
    nothing: the draft is empty by then. A helped person's consents are recorded here, since the
    application sets out only when she has confirmed.
    """
    with atomic():
        draft = (
            Draft.objects.select_for_update(of=("self",))
            .select_related("item", "version__procedure", "person__organisation")
            .filter(dossier_id=dossier_id)
            .exclude(answers=None)
            .first()
        )
        if draft is None:
            return 0
        member = draft.person or member_of(draft.account_id)
        count = 0
        if member is not None and member.account_id is not None:
            if draft.is_helped:
                _record_consents(draft, member.account_id)
            if draft.person is None or draft.is_helped:
                count = _remember(draft, member, dossier_id)
        draft.answers = draft.guardian_name = None
        draft.sources, draft.papers = {}, {}
        draft.save()
    return count


def proposed_follow(*, dossier_id: uuid.UUID) -> None:
    """Tell what was proposed for a member that a case of it is on its way. Again changes nothing."""
    dossier = Dossier.objects.select_related("version").filter(pk=dossier_id).first()
    if dossier is None or dossier.subject_kind != "member" or dossier.subject_id is None:
        return
    member = members_by_id([dossier.subject_id]).get(dossier.subject_id)
    if member is not None:
        proposal_follow(
            member_id=member.pk,
            service=dossier.version.code,
            dossier_id=dossier.pk,
            applicant_id=dossier.applicant_id,
        )


def grants_write(*, dossier_id: uuid.UUID) -> int:
    """Write down what a favourable decision makes true; return how many facts. Again is the same."""
    dossier = Dossier.objects.select_related("version").filter(pk=dossier_id).first()
    if dossier is None or dossier.outcome != Outcome.GRANTED or dossier.subject_kind != "member":
        return 0
    version = (
        ServiceVersion.objects.filter(procedure_id=dossier.version_id).order_by("-number").first()
    )
    member = (
        members_by_id([dossier.subject_id]).get(dossier.subject_id) if dossier.subject_id else None
    )
    if version is None or member is None:
        return 0
    written = 0
    with atomic():
        for grant in version.card.grants:
            value = _granted(grant.value, dossier)
            if value is None:
                continue
            fact_save(
                actor=Actor.system(), member_id=member.pk, name=grant.fact, value=value,
                source="grant", source_id=str(dossier.pk),
            )  # fmt: skip
            written += 1
    return written


def _granted(value: str, dossier: Dossier) -> Any:
    if value == "tier":
        return dossier.tier or None
    if value == "decided_on":
        return timezone.localtime(dossier.decided_at).date() if dossier.decided_at else None
    return value


def _record_consents(draft: Draft, account_id: uuid.UUID) -> None:
    herself = Actor(account_id=account_id)
    guardian = guardian_of(draft)
    for purpose in missing_consents(account_id, draft.version.card.consents):
        consent_give(actor=herself, purpose=purpose, guardian_name=guardian)


def _remember(draft: Draft, member: Member, dossier_id: uuid.UUID) -> int:
    definition = draft.version.procedure.definition
    kept = contents_of(draft)
    values = answers_check(definition, {**kept["known"], **kept["typed"]}).values
    before = answers_check(definition, kept["known"], partial=True).values
    told = [
        one
        for one in definition.fields
        if one.remember and one.code in values and values[one.code] != before.get(one.code)
    ]
    agreed = _agreed(told, member)
    for one in agreed:
        fact_save(
            actor=Actor.system(), member_id=member.pk, name=one.remember,
            value=_as_fact(one, values[one.code], member), source="dossier",
            source_id=str(dossier_id),
        )  # fmt: skip
    return len(agreed)


def _agreed(told: list[Field], member: Member) -> list[Field]:
    wanted = {one.remember: entry.purpose for one in told if (entry := fact_entry(one.remember))}
    asked = sorted(set(wanted.values()) & set(purposes()))
    missing = set(missing_consents(member.account_id, asked)) if member.account_id else set(asked)
    return [one for one in told if one.remember in wanted and wanted[one.remember] not in missing]


def _as_fact(one: Field, value: Any, member: Member) -> Any:
    entry = fact_entry(one.remember)
    if entry is None:
        return value
    if entry.kind is FactKind.DATE:
        return dt.date.fromisoformat(value)
    if entry.kind is FactKind.LIST:
        # She told us of one child now and of another before: both stay known.
        held = facts_of(
            member.pk, [one.remember], actor_id=member.account_id, purpose="remember"
        ).get(one.remember)
        return filling.merged_rows(held.value if held else [], value)
    return value
