"""A person's copy of her cases, and what goes when she closes her account."""

from __future__ import annotations

import uuid
from typing import Any

from django.utils.timezone import localdate
from django.utils.translation import gettext_lazy as _

from lianxin.kit.errors import RefusedError
from lianxin.kit.ids import new_id
from lianxin.kit.transactions import atomic
from lianxin.members.api import Hold, Person
from lianxin.orgs.api import Actor
from lianxin.procedures.models import Dossier, Payment, Rating
from lianxin.procedures.rules.machine import Outcome, State
from lianxin.procedures.selectors.dossiers import dossier_bundle, my_dossiers
from lianxin.procedures.selectors.saying import answer_said
from lianxin.procedures.selectors.timeline import timeline
from lianxin.procedures.selectors.words import OUTCOMES, PAYMENT_STATES, RATINGS, STATES
from lianxin.procedures.services.disposing import dossier_dispose, kept_for
from lianxin.procedures.services.person import dossier_withdraw
from lianxin.vault import api as vault

TABLES = (
    "procedures.Dossier", "procedures.AnswerSet", "procedures.EvidencePaper", "procedures.Entry",
    "procedures.Recusal", "procedures.Task", "procedures.Objection", "procedures.Rating",
    "procedures.Repair", "procedures.Appointment", "procedures.Payment", "procedures.PaymentBatch",
    "procedures.BankReturn",
)  # fmt: skip
# Nothing was decided in these, so there is no record the union must keep.
_UNDECIDED = [Outcome.WITHDRAWN, Outcome.LAPSED]


def procedures_export(person: Person) -> list[dict[str, Any]]:
    """Return all cases of a person with what she answered and what happened."""
    actor = Actor(account_id=person.account_id)
    return [_case(actor, row) for row in my_dossiers(person.account_id)]


def subjects_merge(kept_id: uuid.UUID, gone_id: uuid.UUID) -> None:
    """Let cases be about the entry that stays, when two entries are one person."""
    Dossier.objects.filter(subject_kind="member", subject_id=gone_id).update(subject_id=kept_id)


def procedures_erase(person: Person) -> None:
    """Withdraw what still runs, and empty what was never decided.

    A decided case is a record of the union's decision and money: it stays, readable to its handlers
    alone, until its years are over and `dossiers_dispose` empties it. Words of ratings go at once.
    """
    if person.account_id is None:
        return
    actor = Actor(account_id=person.account_id)
    for dossier in Dossier.objects.filter(applicant_id=person.account_id).exclude(
        state=State.CLOSED
    ):
        try:
            dossier_withdraw(actor=actor, dossier_id=dossier.pk, key=str(new_id()), seen=None)
        except RefusedError:
            continue  # money on its way finds its end first
    undecided = Dossier.objects.filter(
        applicant_id=person.account_id, state=State.CLOSED, outcome__in=_UNDECIDED
    )
    for dossier in undecided:
        dossier_dispose(dossier_id=dossier.pk, actor_id=person.account_id)
    with atomic():
        Rating.objects.filter(dossier__applicant_id=person.account_id).update(words=None)


def procedures_holds(person: Person) -> list[Hold]:
    """Name each decided case that stays, with the law and its last day."""
    if person.account_id is None:
        return []
    decided = Dossier.objects.filter(
        applicant_id=person.account_id,
        state=State.CLOSED,
        disposed_at=None,
        closed_at__isnull=False,
    ).exclude(outcome__in=_UNDECIDED)
    paid = set(Payment.objects.values_list("dossier_id", flat=True).filter(dossier__in=decided))
    return [
        Hold(
            what=f"{row.version.name} · {row.number}",
            law=_("Accounting records: Measures for accounting archives (会计档案管理办法)")
            if row.pk in paid
            else _("The union’s record of its decision: Archives Law (档案法)"),
            until=localdate(row.closed_at + kept_for(row)) if row.closed_at else None,
        )
        for row in decided.select_related("version").order_by("closed_at")
    ]


def _case(actor: Actor, dossier: Dossier) -> dict[str, Any]:
    bundle = dossier_bundle(actor, dossier.pk)
    if bundle is None:
        return {"number": dossier.number}
    return {
        "number": dossier.number,
        "service": str(dossier.version.name),
        "state": dossier.state,
        "outcome": dossier.outcome,
        "filled_in_by": dossier.helped_by.display_name if dossier.helped_by else None,
        "signed_on_paper": bundle.is_signed,
        "acted_for_you": dossier.carried_by.display_name if dossier.carried_by else None,
        "answers": {row.field.code: row.value for row in bundle.answers},
        "sources": {row.field.code: row.source for row in bundle.answers if row.source},
        "papers": [str(paper.file_id) for paper in bundle.papers],
        "happened": [
            {"at": line.at.isoformat(), "who": line.who, "what": line.words, "note": line.note}
            for line in timeline(actor, bundle)
        ],
        "payments": [_payment(payment) for payment in bundle.payments],
        "objection": vault.reveal(bundle.objection, "words") if bundle.objection else None,
        "rating": bundle.rating.level if bundle.rating else None,
    }


def procedures_page(person: Person) -> list[dict[str, Any]]:
    """Return the same for the page she reads: answers by their question, codes in words, sums in yuan."""
    actor = Actor(account_id=person.account_id)
    return [_case_in_words(actor, row) for row in my_dossiers(person.account_id)]


def _case_in_words(actor: Actor, dossier: Dossier) -> dict[str, Any]:
    told = _case(actor, dossier)
    bundle = dossier_bundle(actor, dossier.pk)
    if bundle is None:
        return told
    words = {str(row.field.label): answer_said(row.field, row.value) for row in bundle.answers}
    known = {str(row.field.label): row.source for row in bundle.answers if row.source}
    told |= {
        "state": str(STATES.get(dossier.state, dossier.state)),
        "outcome": str(OUTCOMES.get(dossier.outcome, "")),
        "answers": words,
        "sources": known,
        "rating": str(dict(RATINGS)[bundle.rating.level]) if bundle.rating else None,
    }
    for shown, payment in zip(told["payments"], bundle.payments, strict=True):
        shown["state"] = str(PAYMENT_STATES[Payment.State(payment.state)])
    return told


def _payment(payment: Payment) -> dict[str, Any]:
    # Opened for its owner, who asks for her own copy.
    return {
        "number": payment.number,
        "amount_fen": payment.amount_fen,
        "state": payment.state,
        "account": vault.reveal(payment, "account"),
    }
