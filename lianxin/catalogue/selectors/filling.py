"""What the union already knows of a person, and a draft as its pages need it."""

from __future__ import annotations

import json
import uuid
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from lianxin.catalogue import policies
from lianxin.catalogue.constants import SHARING
from lianxin.catalogue.models import Draft
from lianxin.catalogue.rules import filling
from lianxin.catalogue.selectors.shelf import Offer, offer_of_version, shelf
from lianxin.files.api import StoredFile, files_of
from lianxin.kit import clock
from lianxin.members.api import (
    FactValue,
    Member,
    Purpose,
    fact_entry,
    facts_known,
    facts_of,
    missing_consents,
    purposes,
)
from lianxin.orgs.api import Actor
from lianxin.procedures.api import Confidentiality, Definition, Evidence, Field, FieldKind
from lianxin.vault import api as vault

ROLL = "roll"


@dataclass(frozen=True)
class Known:
    """Answers the union can give by itself, and where each comes from, by code of field."""

    answers: dict[str, Any]
    sources: dict[str, str]


@dataclass(frozen=True)
class Asked:
    """One sentence a person is asked to agree to; `is_needed` for this very service."""

    code: str
    purpose: Purpose
    is_needed: bool = True


@dataclass(frozen=True)
class Opened:
    """A draft with what its pages show; `is_stale` if the service has changed meanwhile."""

    draft: Draft
    offer: Offer
    known: dict[str, Any]
    answers: dict[str, Any]
    known_fields: list[Field]
    asked_fields: list[Field]
    files: dict[str, list[StoredFile]]
    is_stale: bool
    is_gone: bool

    @property
    def sources(self) -> dict[str, str]:
        """Say in words where each known answer comes from, by code of field."""
        return {code: source_label(source) for code, source in self.draft.sources.items()}

    @property
    def evidence(self) -> list[Evidence]:
        """List the papers to bring."""
        return self.offer.definition.evidence

    @property
    def carried(self) -> list[tuple[Field, Any]]:
        """List what the service itself answered, for her to see; unions are told by it already."""
        return [
            (one, self.answers[one.code])
            for one in self.offer.definition.fields
            if one.is_carried
            and one.code in self.answers
            and one.kind is not FieldKind.ORGANISATION
        ]

    @property
    def saved(self) -> int:
        """Count the fields she need not type."""
        return len(self.known_fields)


def source_label(source: str) -> str:
    """Say in the reader's language where a fact came from."""
    return FactValue("", None, source, clock.now(), None, is_sensitive=False).source_label


def known_of(
    definition: Definition, member: Member | None, *, actor_id: uuid.UUID | None, purpose: str
) -> Known:
    """Answer what facts answer. Facts from elsewhere than the roll need her yes to their purpose.

    Another's look at sensitive ones leaves a trace she can see. Four queries.
    """
    if member is None:
        return Known({}, {})
    names = {one.prefill for one in definition.fields if one.prefill}
    usable = _usable(names, member)
    facts = facts_of(member.pk, sorted(usable), actor_id=actor_id, purpose=purpose)
    agreed = {name: fact for name, fact in facts.items() if _may_use(fact, usable[name])}
    answers, sources = filling.known_answers(definition.fields, agreed)
    return Known(answers, sources)


def known_count(definition: Definition, member: Member | None) -> int:
    """Count the answers the union can give by itself, without opening any. Two queries."""
    if member is None:
        return 0
    names = {one.prefill for one in definition.fields if one.prefill}
    usable, today = _usable(names, member), clock.today()
    known = {
        name
        for name, (source, _since, until) in facts_known(member).items()
        if name in usable and (usable[name] or source == ROLL) and (not until or until >= today)
    }
    return sum(one.prefill in known for one in definition.fields)


def _usable(names: Iterable[str], member: Member) -> dict[str, bool]:
    """Part facts: those agreed to (True), and those of the roll entry itself, which are her own union's."""
    entries = {name: entry for name in names if (entry := fact_entry(name))}
    wanted = sorted({entry.purpose for entry in entries.values()} - {"membership"})
    refused = set(missing_consents(member.account_id, wanted)) if member.account_id else set(wanted)
    usable = {}
    for name, entry in entries.items():
        is_agreed = entry.purpose not in refused
        if is_agreed or entry.column:
            usable[name] = is_agreed
    return usable


def _may_use(fact: FactValue, is_agreed: bool) -> bool:
    return fact.is_fresh and (is_agreed or fact.source == ROLL)


def consents_asked(offer: Offer, account_id: uuid.UUID | None) -> list[Asked]:
    """List the sentences still to agree to before one begins; the last, to be remembered, is free."""
    wanted = [*offer.card.consents]
    remembers = any(one.remember for one in offer.definition.fields)
    if remembers and SHARING not in wanted:
        wanted.append(SHARING)
    missing = set(missing_consents(account_id, wanted)) if account_id else set(wanted)
    return [
        Asked(code, purposes()[code], is_needed=code in offer.card.consents)
        for code in wanted
        if code in missing
    ]


def drafts_of(account_id: uuid.UUID | None) -> list[Draft]:
    """List the applications somebody has begun and not sent, newest first. One query."""
    if account_id is None:
        return []
    found = Draft.objects.filter(account_id=account_id, sent_at=None)
    found = found.select_related("item", "version", "person")
    return list(found.order_by("-updated_at", "-id"))


def is_quiet(draft: Draft) -> bool:
    """Say whether a glance at a screen must not tell of it: a counsellor's talk, a complaint."""
    offer = shelf().offer(draft.item.code)
    quiet = {Confidentiality.SEALED, Confidentiality.RESTRICTED}
    return offer is None or offer.definition.confidentiality in quiet


def own_draft(actor: Actor, code: str) -> Draft | None:
    """Return what somebody has begun for herself of one service."""
    found = policies.own_drafts(actor).filter(sent_at=None, person=None, item__code=code)
    return found.select_related("version").first()


def draft_of(actor: Actor, draft_id: uuid.UUID) -> Draft | None:
    """Return one of one's own drafts, also one that was sent."""
    found = policies.own_drafts(actor).filter(pk=draft_id)
    return found.select_related("item", "version__procedure", "person__organisation").first()


def opened(draft: Draft) -> Opened:
    """Open a draft for its writer's eyes, on the version that is current. One query for its files."""
    current = shelf().offer(draft.item.code)
    offer = current or offer_of_version(draft.version)
    fields = offer.definition.fields
    kept = contents_of(draft)
    known = filling.carried_over(fields, kept["known"])
    answers = filling.carried_over(fields, {**kept["known"], **kept["typed"]})
    known_fields, asked_fields = filling.part([one for one in fields if not one.is_carried], known)
    return Opened(
        draft=draft,
        offer=offer,
        known=known,
        answers=answers,
        known_fields=known_fields,
        asked_fields=asked_fields,
        files=_files(draft, offer),
        is_stale=offer.version_id != draft.version_id,
        is_gone=current is None,
    )


def contents_of(draft: Draft) -> dict[str, dict[str, Any]]:
    """Open what a draft holds: what was known, and what was typed over it, by code of field."""
    if draft.answers is None:
        return {"known": {}, "typed": {}}
    # Opened for its writer, or for the machine that sends it: nobody else ever reads a draft.
    found: dict[str, dict[str, Any]] = json.loads(vault.reveal(draft, "answers"))
    return found


def guardian_of(draft: Draft) -> str:
    """Open the name of the guardian who agreed, for the machine that records the consent."""
    return vault.reveal(draft, "guardian_name") if draft.guardian_name is not None else ""


def _files(draft: Draft, offer: Offer) -> dict[str, list[StoredFile]]:
    if not draft.papers:
        return {}
    stored = {str(file.pk): file for file in files_of("catalogue.draft", draft.pk)}
    return {
        one.code: [stored[pk] for pk in draft.papers.get(one.code, []) if pk in stored]
        for one in offer.definition.evidence
    }
