"""What the printed papers say: the receipt of a submission, the written decision; and the till's lists."""

from __future__ import annotations

import datetime as dt
import uuid
from dataclasses import dataclass

from lianxin.kit.paging import Page, page_of
from lianxin.orgs.api import Actor, Organisation, line_of
from lianxin.procedures import policies
from lianxin.procedures.constants import OBJECTION_WORKDAYS
from lianxin.procedures.models import Entry, Payment, PaymentBatch, Repair
from lianxin.procedures.rules.grants import tier_of
from lianxin.procedures.rules.machine import Outcome, State, Verb
from lianxin.procedures.selectors.dossiers import Bundle
from lianxin.procedures.selectors.timeline import note_of


@dataclass(frozen=True)
class Receipt:
    """Proof that an application came in, and until when it is answered."""

    number: str
    service: str
    name: str
    organisation: str
    office: str
    submitted_at: dt.datetime
    due_at: dt.datetime | None
    papers: list[str]


@dataclass(frozen=True)
class Decision:
    """The written decision: who, what, why, and how to object."""

    number: str
    service: str
    name: str
    office: str
    outcome: str
    decided_at: dt.datetime
    reasons: str
    amount_fen: int | None
    tier: str
    basis: str
    objection_workdays: int
    objection_until: dt.datetime | None
    objection_office: str


def receipt_of(bundle: Bundle) -> Receipt | None:
    """Return the receipt of a submitted dossier; None before the person has confirmed."""
    dossier = bundle.dossier
    if dossier.submitted_at is None or not bundle.tasks:
        return None
    labels = {one.code: str(one.label) for one in bundle.definition.evidence}
    first = bundle.tasks[0]
    return Receipt(
        number=dossier.number,
        service=str(dossier.version.name),
        name=dossier.applicant_name,
        organisation=dossier.organisation.name,
        office=first.organisation.name,
        submitted_at=dossier.submitted_at,
        due_at=first.due_at,
        papers=[labels.get(paper.code, paper.code) for paper in bundle.papers],
    )


def decision_of(bundle: Bundle) -> Decision | None:
    """Return the written decision of a dossier; None while there is none."""
    dossier = bundle.dossier
    if dossier.decided_at is None or dossier.outcome not in {Outcome.GRANTED, Outcome.REFUSED}:
        return None
    entry = _deciding(bundle)
    tier = tier_of(bundle.definition, dossier.tier)
    office = entry.organisation if entry else None
    return Decision(
        number=dossier.number,
        service=str(dossier.version.name),
        name=dossier.applicant_name,
        office=office.name if office else "",
        outcome=dossier.outcome,
        decided_at=dossier.decided_at,
        reasons=note_of(entry) if entry else "",
        amount_fen=dossier.amount_fen,
        tier=str(tier.name) if tier else "",
        basis=dossier.version.code,
        objection_workdays=OBJECTION_WORKDAYS,
        objection_until=dossier.objection_until if dossier.state == State.CLOSED else None,
        objection_office=_above(office),
    )


def payments_for(
    actor: Actor, *, state: str = Payment.State.READY, after: str | None = None, size: int = 50
) -> Page[Payment]:
    """List the payments of the actor's tills in one state, oldest first; accounts stay sealed."""
    rows = policies.payments_visible_to(actor, Payment.objects.filter(state=state)).select_related(
        "dossier", "dossier__version", "organisation", "batch"
    )
    return page_of(rows, after, size=size, order=("opened_at", "id"))


def batches_for(actor: Actor, *, after: str | None = None, size: int = 20) -> Page[PaymentBatch]:
    """List the batches of the actor's tills, newest first."""
    rows = policies.batches_visible_to(actor, PaymentBatch.objects.all()).select_related(
        "organisation"
    )
    return page_of(rows, after, size=size, order=("-created_at", "-id"))


def batch_of(actor: Actor, batch_id: uuid.UUID) -> PaymentBatch | None:
    """Return one batch of the actor's tills with its payments."""
    rows = policies.batches_visible_to(actor, PaymentBatch.objects.all())
    return (
        rows.filter(pk=batch_id).select_related("organisation").prefetch_related("payments").first()
    )


def repairs_for(actor: Actor) -> list[Repair]:
    """List what is still to be put right at the actor's desk, the most urgent first."""
    rows = policies.repairs_visible_to(actor, Repair.objects.filter(done_at__isnull=True))
    return list(rows.select_related("dossier", "dossier__version").order_by("due_at")[:100])


def _deciding(bundle: Bundle) -> Entry | None:
    decisive = {"decision": Verb.APPROVE}
    codes = {step.code for step in bundle.definition.route if step.kind in decisive}
    is_refused = bundle.dossier.outcome == Outcome.REFUSED
    for entry in reversed(bundle.entries):
        if is_refused and entry.verb == Verb.REFUSE:
            return entry
        if (
            not is_refused
            and entry.verb == Verb.APPROVE
            and (not codes or entry.step_code in codes)
        ):
            return entry
    return None


def _above(office: Organisation | None) -> str:
    if office is None:
        return ""
    line = line_of(office)
    return line[-2].name if len(line) > 1 else office.name
