"""The finance office: what is due, batches for the bank, and the bank's answer."""

from __future__ import annotations

import uuid
from typing import Any

from django import forms
from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_GET, require_POST

from lianxin.kit.access import signed_in
from lianxin.kit.errors import RefusedError
from lianxin.notices.api import mask_name
from lianxin.orgs.api import Ability, Request
from lianxin.procedures import selectors, services
from lianxin.procedures.forms import BankReturnForm
from lianxin.procedures.models import Payment
from lianxin.procedures.selectors.words import PAYMENT_STATES
from lianxin.procedures.services.reconciling import LARGEST_FILE
from lianxin.procedures.views.attempts import attempt, key_of

_TONES = {
    Payment.State.BATCHED: "soon", Payment.State.PAID: "yes", Payment.State.RETURNED: "late",
}  # fmt: skip
STATES = {
    state: (words, _TONES.get(Payment.State(state), "")) for state, words in PAYMENT_STATES.items()
}
ENCODINGS = ("utf-8-sig", "gb18030")

# These pages wear `signed_in`: for everybody outside the finance office there is no such page (404).


@signed_in
@require_GET
def payment_list(request: Request) -> HttpResponse:
    """Show what is due, the batches, and where the bank's answer is read in."""
    _finance_only(request)
    return _list(request)


@signed_in
@require_POST
def payment_batch_new(request: Request) -> HttpResponse:
    """Put the ticked payments of one till into a batch."""
    _finance_only(request)
    made = None
    for till, payment_ids in _ticked(request).items():
        try:
            made = services.batch_create(
                actor=request.actor, organisation_id=till, key=f"{key_of(request)}:{till.hex[-8:]}",
                payment_ids=payment_ids,
            )  # fmt: skip
        except RefusedError as refused:
            messages.warning(request, refused.message)
    if made is None:
        messages.info(request, _("Nothing was ticked, so there is no batch."))
        return redirect("procedures:payment_list")
    return redirect("procedures:payment_batch", made.pk)


@signed_in
@require_GET
def payment_batch(request: Request, batch_id: uuid.UUID) -> HttpResponse:
    """Show one batch and how each of its payments fared."""
    _finance_only(request)
    batch = selectors.batch_of(request.actor, batch_id)
    if batch is None:
        raise Http404
    rows = [(payment, *STATES[Payment.State(payment.state)]) for payment in batch.payments.all()]
    return render(request, "procedures/payment_batch.html", {"batch": batch, "rows": rows})


@signed_in
@require_POST
def payment_export(request: Request, batch_id: uuid.UUID) -> HttpResponse:
    """Give the file for the bank; taking it is noted."""
    _finance_only(request)
    batch = selectors.batch_of(request.actor, batch_id)
    encoding = request.POST.get("encoding", "")
    if batch is None or encoding not in ENCODINGS:
        raise Http404
    sheet = services.batch_export(actor=request.actor, batch_id=batch_id, encoding=encoding)  # type: ignore[arg-type]  # checked above
    charset = "gb18030" if encoding == "gb18030" else "utf-8"
    answer = HttpResponse(sheet, content_type=f"text/csv; charset={charset}")
    answer["Content-Disposition"] = f'attachment; filename="{batch.number}.csv"'
    return answer


@signed_in
@require_POST
def payment_return(request: Request) -> HttpResponse:
    """Read the bank's answer in and say of each odd row what is odd."""
    tills = _finance_only(request)
    form = BankReturnForm(request.POST, request.FILES, tills=tills)
    results: list[services.ReturnResult] = []

    def read() -> None:
        sent = form.cleaned_data["file"]
        till = uuid.UUID(form.cleaned_data["till"])
        results.append(
            services.bank_return_read(
                actor=request.actor,
                organisation_id=till,
                name=sent.name,
                data=sent.read(LARGEST_FILE + 1),  # one more byte than is taken is enough to refuse
            )
        )

    attempt(form, read)
    return _list(request, form, results[0] if results else None)


def _finance_only(request: Request) -> list[tuple[str, str]]:
    posts = request.actor.with_ability(Ability.PAYMENT_MANAGE)
    if not posts:
        raise Http404
    return [(str(post.organisation_id), post.organisation_name) for post in posts]


def _list(
    request: Request,
    form: forms.Form | None = None,
    result: services.ReturnResult | None = None,
) -> HttpResponse:
    page = selectors.payments_for(request.actor, after=request.GET.get("after"))
    shown: dict[str, Any] = {
        "page": page,
        "due": [(payment, mask_name(payment.payee_name)) for payment in page.rows],
        "due_fen": sum(payment.amount_fen for payment in page.rows),
        "batches": selectors.batches_for(request.actor).rows,
        "form": form if form and result is None else BankReturnForm(tills=_finance_only(request)),
        "result": result,
        "said": _said(result) if result else "",
        "key": uuid.uuid4().hex,
    }
    return render(request, "procedures/payment_list.html", shown)


def _said(result: services.ReturnResult) -> str:
    if result.was_read_before:
        return _("This file was read in before; nothing was changed.")
    paid = ngettext("%(n)d was paid", "%(n)d were paid", result.paid) % {"n": result.paid}
    back = ngettext("%(n)d came back", "%(n)d came back", result.returned) % {"n": result.returned}
    return _("%(paid)s, %(back)s.") % {"paid": paid, "back": back}


def _ticked(request: Request) -> dict[uuid.UUID, list[uuid.UUID]]:
    """Part the ticked payments by their till."""
    found: dict[uuid.UUID, list[uuid.UUID]] = {}
    for text in request.POST.getlist("payment"):
        till, _colon, payment = text.partition(":")
        try:
            found.setdefault(uuid.UUID(till), []).append(uuid.UUID(payment))
        except ValueError:
            continue
    return found
