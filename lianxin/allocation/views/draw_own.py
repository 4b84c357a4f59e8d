"""A person's own line in a draw, and her receipt of it."""

from __future__ import annotations

import uuid

from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.views.decorators.http import require_safe

from lianxin.allocation.models import Claim
from lianxin.allocation.selectors.draw_showing import own_sentence, strata_of
from lianxin.allocation.selectors.draws import OwnLine, own_line, receipt_of
from lianxin.kit.access import signed_in
from lianxin.orgs.api import Request


@signed_in
@require_safe
def draw_line(request: Request, claim_id: uuid.UUID) -> HttpResponse:
    """Show one's own line: number in the list, place in the order, what went in."""
    claim, own = _own(request, claim_id)
    strata = strata_of(own.draw.rule)
    context = {
        "claim": claim,
        "own": own,
        "draw": own.draw,
        "sentence": own_sentence(own),
        "is_missing": bool(own.draw.root) and own.row is None and not own.ended,
        "stratum": strata[own.row.stratum] if own.row and strata else "",
    }
    return render(request, "allocation/draw_line.html", context)


@signed_in
@require_safe
def draw_receipt(request: Request, claim_id: uuid.UUID) -> HttpResponse:
    """Hand out the signed receipt, to be kept by whoever applied and did not give it back before."""
    claim, own = _own(request, claim_id)
    if own.ended:
        raise Http404
    name = f"receipt-{own.line[:8]}.json"
    headers = {"Content-Disposition": f'attachment; filename="{name}"'}
    return HttpResponse(receipt_of(claim, own), content_type="application/json", headers=headers)


def _own(request: Request, claim_id: uuid.UUID) -> tuple[Claim, OwnLine]:
    rows = Claim.objects.filter(account_id=request.user.pk).select_related("pool__organisation")
    claim = get_object_or_404(rows, pk=claim_id)
    own = own_line(claim)
    if own is None:
        raise Http404
    return claim, own
