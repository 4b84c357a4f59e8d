"""One's own places: the list, one of them with its ticket, giving it back, saying yes to an offer."""

from __future__ import annotations

import uuid

import segno
from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from lianxin.allocation.models import Claim, Pool
from lianxin.allocation.rules.claims import State
from lianxin.allocation.rules.opening import pool_cases
from lianxin.allocation.rules.tickets import code_of
from lianxin.allocation.selectors.draws import draw_of_pool
from lianxin.allocation.selectors.entering import is_door_open
from lianxin.allocation.selectors.mine import claims_ahead, claims_past
from lianxin.allocation.selectors.showing import (
    amend_page,
    claim_sentence,
    is_spent,
    page_of_thing,
)
from lianxin.allocation.services import claim_cancel, offer_accept, ticket_of
from lianxin.kit import clock
from lianxin.kit.access import signed_in
from lianxin.kit.errors import RefusedError
from lianxin.kit.paging import page_of
from lianxin.orgs.api import Request


@signed_in
@require_safe
def mine(request: Request) -> HttpResponse:
    """List one's own places: what is ahead, then what was."""
    ahead = [(claim, claim_sentence(claim)) for claim in claims_ahead(request.user.pk)[:50]]
    page = page_of(
        claims_past(request.user.pk), request.GET.get("after"), size=20, order=("-made_at", "-id")
    )
    past = [(claim, claim_sentence(claim)) for claim in page.rows]
    return render(request, "allocation/mine.html", {"ahead": ahead, "past": past, "page": page})


@signed_in
@require_safe
def claim(request: Request, claim_id: uuid.UUID) -> HttpResponse:
    """Show a place of one's own: where it stands, the ticket, giving it back."""
    own = _own(request, claim_id)
    cases = pool_cases.get(own.pool.kind)
    is_kept = own.state == State.CONFIRMED and is_door_open(own.pool)
    context = {
        "claim": own,
        "pool": own.pool,
        "sentence": claim_sentence(own),
        "more_url": page_of_thing(own.pool),
        "case_url": cases.page(own.key) if cases else "",
        "amend_url": amend_page(own),
        # What a borrowed phone keeps, the next one finds.
        "keeps": not request.session.get("is_shared"),
        "may_cancel": own.lives and not own.used and not is_spent(own) and not is_kept,
        "is_kept": is_kept and not own.used and own.pool.ends_at and own.pool.ends_at > clock.now(),
        "draw": draw_of_pool(own.pool_id) if own.pool.method == Pool.Method.DRAW else None,
    }
    is_off = own.pool.off_at is not None and not own.used
    if own.state == State.CONFIRMED and not is_spent(own) and not is_off:
        code = segno.make(ticket_of(own), error="l", boost_error=False)
        context["picture"] = code.svg_data_uri(scale=6, border=4, light="#fff")
        context["code"] = code_of(own.pk)
        context["seats"] = [seat.label for seat in own.seats.order_by("number")]
    return render(request, "allocation/claim.html", context)


@signed_in
@require_POST
def cancel(request: Request, claim_id: uuid.UUID) -> HttpResponse:
    """Give a place back."""
    own = _own(request, claim_id)
    try:
        claim_cancel(actor=request.actor, claim_id=own.pk)
    except RefusedError as refused:
        messages.error(request, refused.message)
    else:
        messages.success(request, _("Given back. Thank you: somebody else can come now."))
    return redirect("allocation:claim", claim_id=own.pk)


@signed_in
@require_POST
def accept(request: Request, claim_id: uuid.UUID) -> HttpResponse:
    """Say yes to a place that came free."""
    own = _own(request, claim_id)
    try:
        offer_accept(actor=request.actor, claim_id=own.pk)
    except RefusedError as refused:
        messages.error(request, refused.message)
    else:
        messages.success(request, _("It is yours. Here is your ticket."))
    return redirect("allocation:claim", claim_id=own.pk)


def _own(request: Request, claim_id: uuid.UUID) -> Claim:
    rows = Claim.objects.filter(account_id=request.user.pk)
    return get_object_or_404(rows.select_related("pool__organisation", "account"), pk=claim_id)
