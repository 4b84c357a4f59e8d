"""One's own places."""

from __future__ import annotations

import uuid

from django.http import HttpResponse
from django.shortcuts import get_object_or_404, render
from django.views.decorators.http import require_safe

from lianxin.allocation.models import Claim
from lianxin.kit.access import signed_in
from lianxin.orgs.api import Request


@signed_in
@require_safe
def claim(request: Request, claim_id: uuid.UUID) -> HttpResponse:
    """Show a place of one's own: where it stands, the ticket, giving it back."""
    own = Claim.objects.filter(account_id=request.user.pk).select_related("pool__organisation")
    return render(request, "allocation/claim.html", {"claim": get_object_or_404(own, pk=claim_id)})
