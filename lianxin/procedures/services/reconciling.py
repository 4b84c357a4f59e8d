"""The bank's answer: each payment of its file is paid or came back; the same file twice changes nothing."""

from __future__ import annotations

import datetime as dt
import hashlib
import io
import uuid
import zipfile
from dataclasses import dataclass, field, replace
from typing import Any

from lianxin.audit import api as audit
from lianxin.jobs import api as jobs
from lianxin.kit import clock
from lianxin.kit.errors import ForbiddenError, RefusedError
from lianxin.kit.transactions import atomic
from lianxin.orgs.api import Actor
from lianxin.procedures import policies
from lianxin.procedures.constants import BANK_FAULTS, BANK_PROBLEMS, REFUSALS
from lianxin.procedures.events import PaymentRecorded, PaymentReturned
from lianxin.procedures.models import BankReturn, Dossier, Payment, Task
from lianxin.procedures.rules.bankfile import BankFileFault, BankLine, lines_of, rows_of_text
from lianxin.procedures.rules.definition import StepKind
from lianxin.procedures.rules.machine import Outcome, State, Verb
from lianxin.procedures.rules.routing import Seat
from lianxin.procedures.selectors.seats import seat_for
from lianxin.procedures.services.deciding import step_approve
from lianxin.procedures.services.desks import task_back
from lianxin.procedures.services.paying import ASK_JOB, till_of
from lianxin.procedures.services.telling import person_tell
from lianxin.procedures.services.turns import turn_begin, turn_end, turn_judge

LARGEST_FILE = 20 * 1024 * 1024
LARGEST_UNPACKED = 400 * 1024 * 1024
OWN = "own"
_BOOKS = (b"PK", b"\xd0\xcf\x11\xe0")  # a workbook, whatever its name says


@dataclass(frozen=True)
class Problem:
    """A row a person has to look at."""

    row: int
    number: str
    code: str

    @property
    def sentence(self) -> str:
        """Say what to look at."""
        return str(BANK_PROBLEMS[self.code])


@dataclass
class ReturnResult:
    """What the file did."""

    paid: int = 0
    returned: int = 0
    unchanged: int = 0
    problems: list[Problem] = field(default_factory=list)
    was_read_before: bool = False


def bank_return_read(
    *, actor: Actor, organisation_id: uuid.UUID, name: str, data: bytes
) -> ReturnResult:
    """Read the file a bank sent back (CSV in UTF-8 or GB18030, or a workbook) and record each payment.

    Safe to repeat: a file that was cut off by a kill goes on where it stopped. Publishes
    PaymentRecorded and PaymentReturned.

    Raises:
        ForbiddenError: not the actor's till.
        RefusedError: the file cannot be read; nothing was changed.
    """
    organisation, reader_id = till_of(actor, organisation_id)
    digest = hashlib.sha256(data).hexdigest()
    before = BankReturn.objects.filter(organisation=organisation, digest=digest).first()
    if before is not None:
        return _from_plain(before.result)
    result = ReturnResult()
    for line in _lines(name, data):
        code = _apply(actor, organisation.path, line)
        if code in {"paid", "returned", "unchanged"}:
            setattr(result, code, getattr(result, code) + 1)
        else:
            result.problems.append(Problem(line.row, line.number, code))
    with atomic():
        # A file with the reader's own money in it is not done: a colleague reads it once more.
        if all(problem.code != OWN for problem in result.problems):
            BankReturn.objects.get_or_create(
                organisation=organisation,
                digest=digest,
                defaults={"read_by_id": reader_id, "result": _to_plain(result)},
            )
        audit.record(
            actor_id=actor.account_id, action="payment.reconciled", kind="organisation",
            object_id=organisation.pk,
            detail={"paid": result.paid, "returned": result.returned, "problems": len(result.problems)},
        )  # fmt: skip
    return result


def payment_record(
    *, actor: Actor, payment_id: uuid.UUID, paid_on: dt.date | None = None
) -> Payment:
    """Record one payment as paid without a bank file; again changes nothing.

    Raises:
        ForbiddenError: not the actor's till, or one's own money.
        RefusedError: it came back, or was cancelled.
    """
    return _settle_one(actor, payment_id, is_paid=True, reason="", paid_on=paid_on)


def payment_return(*, actor: Actor, payment_id: uuid.UUID, reason: str) -> Payment:
    """Record one payment as come back; the person is asked for the right account."""
    return _settle_one(actor, payment_id, is_paid=False, reason=reason, paid_on=None)


def _settle_one(
    actor: Actor, payment_id: uuid.UUID, *, is_paid: bool, reason: str, paid_on: dt.date | None
) -> Payment:
    visible = policies.payments_visible_to(actor, Payment.objects.all())
    payment = visible.filter(pk=payment_id).first()
    if payment is None:
        raise ForbiddenError(str(REFUSALS["not_yours"]))
    with atomic():
        code = _settle(actor, payment.pk, is_paid=is_paid, reason=reason, paid_on=paid_on)
    if code in BANK_PROBLEMS:
        raise RefusedError(str(BANK_PROBLEMS[code]))
    payment.refresh_from_db()
    return payment


def _lines(name: str, data: bytes) -> list[BankLine]:
    if len(data) > LARGEST_FILE:
        raise RefusedError(str(BANK_FAULTS["too_long"]), field="file")
    try:
        is_book = data.startswith(_BOOKS) or name.lower().endswith((".xlsx", ".xls"))
        return lines_of(_rows_of_book(data) if is_book else rows_of_text(data))
    except BankFileFault as fault:
        raise RefusedError(str(BANK_FAULTS[str(fault)]), field="file") from None


def _rows_of_book(data: bytes) -> list[list[Any]]:
    from python_calamine import CalamineError, CalamineWorkbook  # noqa: PLC0415  (kept out of the web worker's start)

    _refuse_bomb(data)
    try:
        book = CalamineWorkbook.from_filelike(io.BytesIO(data))
        rows: list[list[Any]] = book.get_sheet_by_index(0).to_python()
    except (CalamineError, ValueError, OSError):
        raise BankFileFault("unreadable") from None
    return [[_plain_number(cell) for cell in row] for row in rows]


def _refuse_bomb(data: bytes) -> None:
    """Look how large a workbook becomes before it is unpacked."""
    if not data.startswith(b"PK"):
        return
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as packed:
            size = sum(entry.file_size for entry in packed.infolist())
    except (zipfile.BadZipFile, ValueError, OSError, NotImplementedError):
        raise BankFileFault("unreadable") from None
    if size > LARGEST_UNPACKED:
        raise BankFileFault("too_long")


def _plain_number(cell: Any) -> Any:
    return f"{cell:.2f}" if isinstance(cell, float) else cell


def _apply(actor: Actor, till_path: str, line: BankLine) -> str:
    """Record one row in a transaction of its own; return what it did, or the code of its problem."""
    found = (
        Payment.objects.filter(number=line.number).select_related("organisation", "dossier").first()
    )
    path = found.organisation.path if found else ""
    if found is None or not path.startswith(till_path) or not policies.may_pay(actor, path):
        return "unknown_number"
    visible = policies.payments_visible_to(actor, Payment.objects.filter(pk=found.pk))
    if not actor.is_system and not visible.exists():
        return OWN
    if line.is_paid is None:
        return "unclear_state"
    if line.amount_fen is not None and line.amount_fen != found.amount_fen:
        return "wrong_amount"
    if found.state == Payment.State.READY:
        return "never_sent"
    with atomic():
        return _settle(actor, found.pk, is_paid=line.is_paid, reason=line.reason, paid_on=None)


def _settle(
    actor: Actor, payment_id: uuid.UUID, *, is_paid: bool, reason: str, paid_on: dt.date | None
) -> str:
    dossier_id = Payment.objects.values_list("dossier_id", flat=True).get(pk=payment_id)
    # The dossier first, then its payment: the same order everywhere.
    Dossier.objects.select_for_update(of=("self",)).get(pk=dossier_id)
    payment = Payment.objects.select_for_update(of=("self",)).get(pk=payment_id)
    if payment.state == Payment.State.CANCELLED:
        return "cancelled"
    wanted = Payment.State.PAID if is_paid else Payment.State.RETURNED
    if payment.state == wanted:
        return "unchanged"
    if payment.state == Payment.State.RETURNED:
        return "was_returned"
    if not is_paid and not _may_come_back(payment):
        return "gone_on"
    payment.state, payment.reason, payment.settled_at = wanted, reason, clock.now()
    payment.paid_on = (paid_on or clock.today()) if is_paid else None
    payment.save()
    audit.record(
        actor_id=actor.account_id, action=f"payment.{wanted}", kind="payment",
        object_id=payment.pk, subject_id=payment.dossier.applicant_id,
    )  # fmt: skip
    if is_paid:
        _paid(payment)
        return "paid"
    _returned(payment)
    return "returned"


def _paid(payment: Payment) -> None:
    """Tell it, and let the dossier go on if it still stands there."""
    jobs.publish(
        PaymentRecorded(
            payment_id=payment.pk, dossier_id=payment.dossier_id, amount_fen=payment.amount_fen
        )
    )
    dossier = payment.dossier
    person_tell(dossier, "paid", day=clock.now())
    if dossier.state == State.OPEN and dossier.step.code == payment.step_code:
        step_approve(
            actor=Actor.system(), dossier_id=dossier.pk, key=f"paid:{payment.pk}", seen=None
        )


def _returned(payment: Payment) -> None:
    jobs.publish(PaymentReturned(payment_id=payment.pk, dossier_id=payment.dossier_id))
    if payment.dossier.state == State.CLOSED:
        _open_again(payment)
    jobs.enqueue(
        ASK_JOB,
        payload={"dossier_id": str(payment.dossier_id), "reason": payment.reason},
        key=f"{ASK_JOB}:{payment.pk}",
    )


def _open_again(payment: Payment) -> None:
    mine = turn_begin(
        actor=Actor.system(),
        dossier_id=payment.dossier_id,
        verb=Verb.REOPEN,
        key=f"returned:{payment.pk}",
    )
    if mine.is_repeat:
        return
    move = turn_judge(mine)
    granted_at = mine.dossier.decided_at
    route = mine.dossier.definition.route
    mine.dossier.step_index = next(
        n for n, one in enumerate(route) if one.code == payment.step_code
    )
    seat = seat_for(mine.dossier, mine.dossier.step)
    if not isinstance(seat, Seat):
        seat = Seat(payment.organisation_id, (), is_nobody_free=True)
    task = task_back(mine, seat)
    # The decision stands: only the money has to find its way.
    mine.dossier.decided_at = granted_at
    turn_end(
        mine,
        replace(move, outcome=Outcome.GRANTED),
        data={"kind": "payment", "to": str(task.organisation_id)},
    )


def _may_come_back(payment: Payment) -> bool:
    """A payment may come back while its step runs, or after the whole dossier was closed."""
    dossier = payment.dossier
    if dossier.disposed_at is not None:
        return False
    if dossier.state == State.CLOSED:
        return dossier.outcome == Outcome.GRANTED
    at_step = Task.objects.live().filter(dossier=dossier, kind=StepKind.PAYMENT)
    return at_step.filter(step_code=payment.step_code).exists()


def _to_plain(result: ReturnResult) -> dict[str, Any]:
    return {
        "paid": result.paid,
        "returned": result.returned,
        "unchanged": result.unchanged,
        "problems": [[one.row, one.number, one.code] for one in result.problems],
    }


def _from_plain(plain: dict[str, Any]) -> ReturnResult:
    problems = [Problem(row, number, code) for row, number, code in plain["problems"]]
    done = plain["paid"] + plain["returned"] + plain["unchanged"]
    return ReturnResult(unchanged=done, problems=problems, was_read_before=True)
