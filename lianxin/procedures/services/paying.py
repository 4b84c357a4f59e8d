"""Money out: one payment a step, batches for the bank, its answer, and the right account after a return."""

from __future__ import annotations

import csv
import io
import secrets
import uuid
from collections.abc import Sequence
from typing import Literal

from django.utils.translation import gettext as _

from lianxin.audit import api as audit
from lianxin.jobs import api as jobs
from lianxin.kit import clock, money
from lianxin.kit.errors import ForbiddenError, RefusedError
from lianxin.kit.ids import new_id
from lianxin.kit.text import Bilingual
from lianxin.kit.transactions import atomic
from lianxin.kit.workdays import SHANGHAI
from lianxin.orgs.api import Actor, Organisation
from lianxin.procedures import policies
from lianxin.procedures.constants import REFUSALS
from lianxin.procedures.models import Dossier, Payment, PaymentBatch, Task
from lianxin.procedures.rules import answers as answer_rules
from lianxin.procedures.rules.definition import Field, FieldKind, Step, StepKind
from lianxin.procedures.rules.grants import GrantFault, granted_fen
from lianxin.procedures.rules.machine import Verb
from lianxin.procedures.selectors.registry import step_kinds
from lianxin.procedures.selectors.values import latest_answers, values_of
from lianxin.procedures.selectors.words import sentence_of
from lianxin.procedures.services.answering import (
    AnswersError,
    answers_write,
)
from lianxin.procedures.services.asking import clock_resume, clock_stop
from lianxin.procedures.services.person import asks_for_account
from lianxin.procedures.services.telling import person_tell
from lianxin.procedures.services.turns import Turn, refusal, turn_begin, turn_end, turn_judge
from lianxin.vault import api as vault

ASK_JOB = "procedures.account_ask"
HEADER = ("付款编号", "收款人", "收款账号", "金额(元)", "用途")
Encoding = Literal["utf-8-sig", "gb18030"]


class PaymentStep:
    """Prepares the payment when the step begins; the bank's answer passes the step."""

    def entered(self, dossier: Dossier, task: Task, step: Step) -> None:
        """Make the one live payment of this step, if it has none."""
        if Payment.objects.filter(
            dossier=dossier, step_code=step.code, state__in=["ready", "batched", "paid"]
        ).exists():
            return
        values = values_of(latest_answers(dossier))
        account = str(values.get(dossier.definition.payee_account) or "")
        payment_make(dossier, step.code, task.organisation_id, account, _sum(dossier, values))
        if not account:
            # Asked in a move of its own, once this one is stored.
            jobs.enqueue(
                ASK_JOB, payload={"dossier_id": str(dossier.pk)}, key=f"{ASK_JOB}:{task.pk}"
            )

    def hindrance(self, dossier: Dossier, task: Task, step: Step, *, is_system: bool) -> str:  # noqa: ARG002  (a protocol)
        """Nobody says "paid" but the record of the payment itself."""
        if is_system:
            return ""
        return _("This step is passed by recording the payment, not by hand.")


def payment_make(
    dossier: Dossier, step_code: str, organisation_id: uuid.UUID, account: str, amount_fen: int
) -> Payment:
    """Make a payment; the database keeps a second live one of the same step out."""
    now = clock.now().astimezone(SHANGHAI)
    row = Payment(
        id=new_id(),
        number=f"P{now:%y%m%d}{secrets.randbelow(10**10):010d}",
        dossier=dossier,
        step_code=step_code,
        organisation_id=organisation_id,
        payee_name=dossier.applicant_name,
        account=account,
        amount_fen=amount_fen,
    )
    row.save(force_insert=True)
    return row


def account_ask(*, dossier_id: uuid.UUID, reason: str = "") -> None:
    """Ask the person for the right account; the clock stands still meanwhile."""
    with atomic():
        dossier = Dossier.objects.get(pk=dossier_id)
        mine = turn_begin(
            actor=Actor.system(), dossier_id=dossier_id, verb=Verb.ASK, key=f"account:{dossier.seq}"
        )
        if mine.is_repeat or mine.dossier.step.kind != StepKind.PAYMENT:
            return
        move = turn_judge(mine)
        clock_stop(mine)
        turn_end(mine, move, note=reason, data={"kind": "account"})
        person_tell(mine.dossier, "returned", task=mine.task)


def payment_account_correct(
    *, actor: Actor, dossier_id: uuid.UUID, account: str, key: str, seen: int | None
) -> Dossier:
    """Give the right account after a return; a new payment takes the place of the returned one.

    Raises:
        AnswersError: this is no account number.
        RefusedError: no account is being asked for.
    """
    with atomic():
        mine = turn_begin(actor=actor, dossier_id=dossier_id, verb=Verb.ANSWER, key=key, seen=seen)
        if mine.is_repeat:
            return mine.dossier
        move = turn_judge(mine)
        if not asks_for_account(mine.dossier):
            raise refusal("nothing_asked")
        number = _account_of(account)
        _account_use(mine, number)
        clock_resume(mine)
        turn_end(mine, move, data={"kind": "account"})
    return mine.dossier


def batch_create(
    *,
    actor: Actor,
    organisation_id: uuid.UUID,
    key: str,
    payment_ids: Sequence[uuid.UUID] | None = None,
) -> PaymentBatch:
    """Put payments that wait into one batch: those named, or all of the organisation.

    Never one's own, nor one without an account.

    Raises:
        ForbiddenError: not the actor's till.
        RefusedError: nothing waits.
    """
    organisation, payer_id = till_of(actor, organisation_id)
    with atomic():
        made = PaymentBatch.objects.filter(created_by_id=payer_id, key=key).first()
        if made is not None:
            return made
        waiting = policies.payments_visible_to(actor, Payment.objects.all()).filter(
            organisation=organisation, state=Payment.State.READY, account__isnull=False
        )
        if payment_ids is not None:
            waiting = waiting.filter(pk__in=list(payment_ids))
        pks = sorted(waiting.values_list("pk", flat=True))
        rows = list(
            Payment.objects.select_for_update()
            .filter(pk__in=pks, state=Payment.State.READY)
            .order_by("pk")
        )
        if not rows:
            raise RefusedError(_("No payment waits here."))
        batch = PaymentBatch.objects.create(
            number=f"B{clock.now().astimezone(SHANGHAI):%y%m%d}{secrets.randbelow(10**6):06d}",
            organisation=organisation,
            created_by_id=payer_id,
            key=key,
            payment_count=len(rows),
            total_fen=sum(row.amount_fen for row in rows),
        )
        Payment.objects.filter(pk__in=[row.pk for row in rows]).update(
            state=Payment.State.BATCHED, batch=batch
        )
        audit.record(
            actor_id=actor.account_id, action="payment.batched", kind="payment_batch",
            object_id=batch.pk, detail={"count": len(rows), "total_fen": batch.total_fen},
        )  # fmt: skip
    return batch


def batch_export(*, actor: Actor, batch_id: uuid.UUID, encoding: Encoding = "utf-8-sig") -> bytes:
    """Write a batch as CSV for the bank; each account opened leaves a trace its owner can see."""
    visible = policies.batches_visible_to(actor, PaymentBatch.objects.all())
    batch = visible.select_related("organisation").filter(pk=batch_id).first()
    if batch is None:
        raise ForbiddenError(str(REFUSALS["not_yours"]))
    rows = Payment.objects.filter(batch=batch).select_related("dossier").order_by("number")
    lines: list[Sequence[str]] = [HEADER]
    with atomic():
        for row in rows:
            vault.note_opening(
                actor_id=actor.account_id, kind="payment", object_id=row.pk, fields=["account"],
                purpose="payment.export", subject_id=row.dossier.applicant_id,
            )  # fmt: skip
            # Noted above, for all payments of the batch alike.
            account = vault.reveal(row, "account")
            amount = money.yuan(row.amount_fen).replace(",", "")
            lines.append(
                (row.number, harmless(row.payee_name), account, amount, row.dossier.number)
            )
        if batch.exported_at is None:
            batch.exported_at = clock.now()
            batch.save(update_fields=["exported_at"])
        audit.record(
            actor_id=actor.account_id, action="payment.exported", kind="payment_batch",
            object_id=batch.pk, detail={"count": len(lines) - 1},
        )  # fmt: skip
    sheet = io.StringIO()
    csv.writer(sheet, lineterminator="\r\n").writerows(lines)
    return sheet.getvalue().encode(encoding, errors="replace")


def harmless(text: str) -> str:
    """Keep a cell from being read as a formula by a spreadsheet (OWASP: CSV injection)."""
    return (
        f"'{text}" if text[:1] in {"=", "+", "-", "@", "\t", "\r", "＝", "＋", "－", "＠"} else text
    )


def _account_of(typed: str) -> str:
    field = Field(code="account", kind=FieldKind.BANK_ACCOUNT, label=_LABEL)
    parsed = answer_rules.parse([field], {"account": typed})
    if parsed.faults:
        raise AnswersError({"account": sentence_of(parsed.faults["account"], field)})
    return str(parsed.values["account"])


def _account_use(mine: Turn, number: str) -> None:
    dossier, task = mine.dossier, mine.running_task
    ready = Payment.objects.filter(dossier=dossier, step_code=task.step_code, state="ready").first()
    if ready is not None:
        ready.account = number
        ready.save()
    else:
        last = Payment.objects.filter(dossier=dossier, step_code=task.step_code).latest("opened_at")
        payment_make(dossier, task.step_code, last.organisation_id, number, last.amount_fen)
    code, row = dossier.definition.payee_account, latest_answers(dossier)
    if code and row is not None:
        before = values_of(row)
        answers_write(
            dossier, {**before, code: number}, actor=mine.actor, sources=row.sources, before=before
        )


def _sum(dossier: Dossier, values: dict[str, object]) -> int:
    if dossier.amount_fen is None:
        try:
            dossier.amount_fen = granted_fen(
                dossier.definition, values, tier=dossier.tier, named=None
            )
        except GrantFault:
            raise RefusedError(_("Nobody has settled the sum yet, so it cannot be paid.")) from None
    return dossier.amount_fen


def till_of(actor: Actor, organisation_id: uuid.UUID) -> tuple[Organisation, uuid.UUID]:
    """Return an organisation this actor pays for, and the account that pays.

    Raises:
        ForbiddenError: she does not.
    """
    organisation = Organisation.objects.filter(pk=organisation_id).first()
    account_id = actor.account_id
    if organisation is None or account_id is None or not policies.may_pay(actor, organisation.path):
        raise ForbiddenError(str(REFUSALS["not_yours"]))
    return organisation, account_id


_LABEL = Bilingual(en="Account", zh_Hans="账号")
step_kinds.fill(StepKind.PAYMENT, PaymentStep())
