"""Codes become sentences: faults of answers, lines of the timeline, states and outcomes."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from lianxin.kit import money
from lianxin.procedures.models import Payment
from lianxin.procedures.rules.answers import Fault
from lianxin.procedures.rules.definition import Field, FieldKind
from lianxin.procedures.rules.machine import Outcome, State

_FAULTS: dict[str, str | Promise] = {
    "missing": gettext_lazy("We still need this from you."),
    "paper_missing": gettext_lazy("Please add this paper, a photo is enough."),
    "unreadable": gettext_lazy("We could not read this. Please write it once more."),
    "not_whole": gettext_lazy("Please write a whole number with digits, for example 3."),
    "not_money": gettext_lazy("Please write the amount in yuan with digits, for example 1234.50."),
    "not_date": gettext_lazy("Please write the day like 2026-03-08."),
    "not_choice": gettext_lazy("Please pick one of the choices."),
    "not_phone": gettext_lazy("A phone number has 11 digits; please look at it once more."),
    "not_id_number": gettext_lazy(
        "This is not the number of an identity card, passport or permit. Please compare it with the paper."
    ),
    "not_bank_account": gettext_lazy("A bank account has 8 to 30 digits and nothing else."),
    "not_organisation": gettext_lazy(
        "We do not know this organisation. Please pick it from the list."
    ),
}


def sentence_of(fault: Fault, field: Field | None) -> str:
    """Say what is wrong with one answer, and what to do."""
    if fault.row and field is not None:
        column = next((one for one in field.columns if one.code == fault.column), None)
        inner = sentence_of(Fault(fault.code, fault.limit), column)
        return _("Row %(row)d, %(column)s: %(sentence)s") % {
            "row": fault.row, "column": column.label if column else fault.column, "sentence": inner,
        }  # fmt: skip
    counted = _COUNTED.get(fault.code)
    if counted is not None:
        return counted(fault.limit, field)
    return str(_FAULTS[fault.code])


def _number(limit: int, field: Field | None) -> str:
    if field is not None and field.kind is FieldKind.MONEY:
        return _("%(amount)s yuan") % {"amount": money.yuan(limit)}
    return str(limit)


_COUNTED: dict[str, Callable[[int, Field | None], str]] = {
    "too_long": lambda limit, _f: (
        ngettext("Please keep it to %d character.", "Please keep it to %d characters.", limit)
        % limit
    ),
    "too_short": lambda limit, _f: (
        ngettext(
            "Please write at least %d character.", "Please write at least %d characters.", limit
        )
        % limit
    ),
    "too_small": lambda limit, field: _("This must be at least %s.") % _number(limit, field),
    "too_large": lambda limit, field: _("This can be at most %s.") % _number(limit, field),
    "too_many_choices": lambda limit, _f: _("Please pick at most %d.") % limit,
    "too_many_rows": lambda limit, _f: _("There is room for %d rows.") % limit,
    "too_few_rows": lambda limit, _f: (
        ngettext("Please fill in at least %d row.", "Please fill in at least %d rows.", limit)
        % limit
    ),
    "too_many_files": lambda limit, _f: (
        ngettext("At most %d file is enough here.", "At most %d files are enough here.", limit)
        % limit
    ),
}

STATES: dict[str, str | Promise] = {
    State.AWAITING: gettext_lazy("waits for your confirmation"),
    State.OPEN: gettext_lazy("in progress"),
    State.WAITING: gettext_lazy("waits for your answer"),
    State.CLOSED: gettext_lazy("closed"),
}
OUTCOMES: dict[str, str | Promise] = {
    Outcome.GRANTED: gettext_lazy("granted"),
    Outcome.REFUSED: gettext_lazy("refused"),
    Outcome.WITHDRAWN: gettext_lazy("withdrawn"),
    Outcome.SETTLED: gettext_lazy("closed without a decision"),
    Outcome.LAPSED: gettext_lazy("never confirmed"),
}
PAYMENT_STATES: dict[str, str | Promise] = {
    Payment.State.READY: gettext_lazy("ready"),
    Payment.State.BATCHED: gettext_lazy("with the bank"),
    Payment.State.PAID: gettext_lazy("paid"),
    Payment.State.RETURNED: gettext_lazy("came back"),
    Payment.State.CANCELLED: gettext_lazy("cancelled"),
}
RATINGS = (
    (5, gettext_lazy("Very satisfied")),
    (4, gettext_lazy("Satisfied")),
    (3, gettext_lazy("All right")),
    (2, gettext_lazy("Not satisfied")),
    (1, gettext_lazy("Very dissatisfied")),
)

_LINES: dict[str, str | Promise] = {
    "submit": gettext_lazy("The application was sent."),
    "submit.helped": gettext_lazy("An officer filled this in with the person."),
    "confirm": gettext_lazy("The person confirmed it with a code."),
    "confirm.signed": gettext_lazy("The person signed it on paper."),
    "confirm.carried": gettext_lazy("Another officer carries the case for the person now."),
    "amend": gettext_lazy("The person changed: %(changed)s."),
    "ask": gettext_lazy("We asked for one more thing. The clock stands still."),
    "ask.account": gettext_lazy("The bank sent the payment back. We asked for the right account."),
    "answer": gettext_lazy("The person answered. The clock runs again."),
    "answer.account": gettext_lazy("The person gave the right account. The payment is sent again."),
    "approve": gettext_lazy("%(step)s: passed."),
    "approve.skipped": gettext_lazy("%(step)s: passed. Not needed in this line: %(skipped)s."),
    "approve.objection": gettext_lazy("The objection was upheld: %(step)s is passed after all."),
    "refuse": gettext_lazy("%(step)s: refused."),
    "refuse.objection": gettext_lazy("The objection was looked at and the refusal stands."),
    "refer": gettext_lazy("Referred to %(to)s."),
    "hand_over": gettext_lazy("Handed over to a colleague."),
    "recuse": gettext_lazy("An officer stepped back, so that nobody close to the case handles it."),
    "take": gettext_lazy("An officer took it on."),
    "escalate": gettext_lazy("This took too long, so %(to)s has taken over."),
    "remind": gettext_lazy("The office was reminded that this is due."),
    "withdraw": gettext_lazy("The person withdrew it."),
    "close": gettext_lazy("Closed without a decision."),
    "close.lapsed": gettext_lazy("It was not confirmed in time and has lapsed."),
    "reopen": gettext_lazy("Opened again."),
    "reopen.payment": gettext_lazy("The bank sent the payment back, so the case was opened again."),
    "object": gettext_lazy("The person objected. It is looked at again one level up."),
    "object.notice": gettext_lazy("Somebody objected to the public notice."),
    "object.notice_settled": gettext_lazy("An objection to the public notice was answered."),
    "rate": gettext_lazy("The person said how it was."),
    "repair": gettext_lazy("What went wrong was put right."),
}


def line_words(verb: str, data: dict[str, Any], names: dict[str, str]) -> str:
    """Write one line of the timeline; `names` fills in steps, fields and organisations."""
    kind = f"{verb}.{data['kind']}" if data.get("kind") else verb
    if verb == "approve" and not data.get("kind") and data.get("skipped"):
        kind = "approve.skipped"
    template = str(_LINES.get(kind) or _LINES.get(verb) or verb)
    return template % {"step": "", "to": "", "changed": "", "skipped": "", **names}
