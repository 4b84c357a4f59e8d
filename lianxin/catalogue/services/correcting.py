"""Carrying out what was decided about an entry on the roll, and sending the wish for it.

A correction is a case like any other: it waits at the desk of her union, with a clock in working
days, papers, a reason when it is refused, and an objection. Here stands what is special to it.
"""

from __future__ import annotations

import uuid
from collections.abc import Mapping, Sequence
from typing import Any

from django.utils.translation import gettext as _

from lianxin.catalogue.constants import CORRECTION
from lianxin.catalogue.selectors.correcting import correction_of, correction_running, needs_paper
from lianxin.catalogue.selectors.filling import contents_of, own_draft
from lianxin.catalogue.selectors.shelf import Offer
from lianxin.catalogue.services.drafts import draft_begin, draft_drop, draft_keep
from lianxin.catalogue.services.sending import draft_send
from lianxin.kit.errors import RefusedError
from lianxin.kit.transactions import atomic
from lianxin.members.api import (
    Correction,
    Member,
    correction_fault,
    correction_hindrance,
    member_of,
    roll_correct,
)
from lianxin.notify import api as notify
from lianxin.orgs.api import Actor, Organisation
from lianxin.procedures.api import AnswersError, Dossier, Outcome, case_facts

PAPER = "proof"


def correction_send(
    *,
    actor: Actor,
    offer: Offer,
    what: str,
    typed: Mapping[str, Any],
    papers: Mapping[str, Sequence[uuid.UUID]],
) -> uuid.UUID:
    """Ask for one field of the roll to be put right; return the draft that was sent.

    Sent before and not decided: it is refused, with where to find it. What was typed stays.

    Raises:
        AnswersError: something is missing or odd, the paper among it.
        RefusedError: closed now, gone, or on no roll.
    """
    before = own_draft(actor, CORRECTION)
    if before is not None and contents_of(before)["typed"].get("what", what) != what:
        draft_drop(actor=actor, draft_id=before.pk)
    draft = draft_begin(actor=actor, code=CORRECTION)
    blank = {one.code: "" for one in offer.definition.fields}
    draft = draft_keep(
        actor=actor, draft_id=draft.pk, typed={**blank, **typed, "what": what}, papers=papers
    )
    shows_it = bool(draft.papers.get(PAPER)) or typed.get("in_person") == "yes"
    if needs_paper(what) and not shows_it:
        raise AnswersError(
            {PAPER: _("Please add a photo of the paper, or tick that you show it in person.")}
        )
    draft_send(actor=actor, draft_id=draft.pk, version_id=offer.version_id)
    return draft.pk


def correction_check(
    applicant_id: uuid.UUID,
    values: Mapping[str, Any],
    origin: Organisation,  # noqa: ARG001  (the slot asks with it)
) -> dict[str, str]:
    """Say what is wrong with a wish before it sets out, by code of field."""
    member = member_of(applicant_id)
    if member is None:
        return {"what": _("We have not found you on a union’s roll yet.")}
    what = str(values.get("what", ""))
    if correction_running(member.pk, what) is not None:
        return {"what": _("You have asked for this already. You find it among your cases.")}
    fault = correction_fault(correction_of(member.pk, values))
    return {f"right_{what}": fault} if fault else {}


def correction_hindrance_of(dossier: Dossier) -> str:
    """Say why a correction cannot be granted as it stands, or ""; for the officer who decides."""
    wanted = _wanted(dossier.pk)
    return correction_hindrance(wanted[0]) if wanted else ""


def correction_follow(*, dossier_id: uuid.UUID) -> Member | None:
    """Put the roll right as it was granted; again changes nothing.

    Where something came up since the decision she is told to call; the roll stays as it is.
    """
    found = _wanted(dossier_id)
    if found is None or found[1].outcome != Outcome.GRANTED:
        return None
    correction, dossier, actor_id = found
    try:
        return roll_correct(correction=correction, actor_id=actor_id, dossier_id=dossier_id)
    except RefusedError as refused:
        if dossier.applicant_id is not None:
            _tell_hindered(dossier, dossier.applicant_id, refused.message)
        return None


def _wanted(dossier_id: uuid.UUID) -> tuple[Correction, Dossier, uuid.UUID | None] | None:
    case = case_facts(dossier_id, CORRECTION)
    if case is None or case.dossier.subject_id is None:
        return None
    return correction_of(case.dossier.subject_id, case.values), case.dossier, case.passed_by


def _tell_hindered(dossier: Dossier, account_id: uuid.UUID, said: str) -> None:
    with atomic(), notify.words_for(account_id):
        notify.notify(
            account_id=account_id,
            kind="membership",
            title=_("Putting the roll right needs one more word with your union"),
            body=said,
            url=f"/cases/{dossier.pk}/",
            key=f"correction.hindered:{dossier.pk}",
        )
