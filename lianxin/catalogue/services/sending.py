"""Sending a draft: one dossier whatever the thumb does, and the files go along."""

from __future__ import annotations

import uuid

from lianxin.catalogue.constants import CHANGED, DRAFT_FILES, NIGHTS
from lianxin.catalogue.models import Draft
from lianxin.catalogue.selectors.filling import Opened, opened
from lianxin.catalogue.services.drafts import draft_locked, offer_open
from lianxin.catalogue.services.staying import stay_answers, stay_carry, stay_held
from lianxin.files import api as files
from lianxin.kit import clock
from lianxin.kit.errors import StaleError
from lianxin.kit.transactions import atomic
from lianxin.members.api import account_begin, member_of
from lianxin.orgs.api import Actor, Organisation
from lianxin.procedures.api import dossier_submit


def draft_send(*, actor: Actor, draft_id: uuid.UUID, version_id: uuid.UUID) -> uuid.UUID:
    """Send a draft in and return the dossier's id; sent before, it is the same dossier.

    Raises:
        AnswersError: something is missing or odd; the draft stays.
        StaleError: the service changed since the page was shown; the draft stays.
        RefusedError: closed now, gone, or nobody may handle it.
    """
    with atomic():
        draft = draft_locked(actor, draft_id)
        if draft.dossier_id is not None:
            return draft.dossier_id
        offer = offer_open(draft.item.code)
        staying = stay_held(actor) if offer.code == NIGHTS else None
        found = opened(draft)
        if offer.version_id != version_id or found.is_stale:
            raise StaleError(str(CHANGED))
        ids = [uuid.UUID(one) for codes in draft.papers.values() for one in codes]
        files.release(object_kind=DRAFT_FILES, object_id=draft.pk, file_ids=ids)
        dossier = dossier_submit(
            actor=actor,
            version_id=offer.procedure_id,
            answers={**found.answers, **(stay_answers(staying) if staying else {})},
            papers={code: [uuid.UUID(one) for one in ids] for code, ids in draft.papers.items()},
            key=str(draft.key),
            applicant_id=_helped_account(actor, draft),
            subject_kind=offer.definition.subject_kind if draft.person else "",
            subject_id=draft.person_id,
            organisation_id=_root_for(actor, draft),
            sources=_sources(found),
        )
        if staying is not None:
            stay_carry(staying, dossier)
        draft.dossier_id, draft.sent_at = dossier.pk, clock.now()
        draft.save(update_fields=["dossier_id", "sent_at"])
    return dossier.pk


def _helped_account(actor: Actor, draft: Draft) -> uuid.UUID | None:
    """Return whose case it becomes when an officer filled it in; she may never have signed in."""
    if draft.person_id is None or not draft.is_helped:
        return None
    return account_begin(actor=actor, member_id=draft.person_id)


def _sources(found: Opened) -> dict[str, str]:
    """Say where an answer comes from, if it is still the one that was known."""
    return {
        code: label
        for code, label in found.sources.items()
        if code in found.known and found.answers.get(code) == found.known[code]
    }


def _root_for(actor: Actor, draft: Draft) -> uuid.UUID | None:
    """Let the case of somebody on no roll begin at the top: the federation is there for everyone."""
    if draft.person_id is not None or member_of(actor.account_id) is not None:
        return None
    root = Organisation.objects.filter(depth=1).order_by("path").first()
    return root.pk if root else None
