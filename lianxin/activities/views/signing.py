"""Changing afterwards what one told when one signed up."""

from __future__ import annotations

import uuid

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from lianxin.activities.constants import POOL_KIND
from lianxin.activities.forms import asking
from lianxin.activities.selectors.signing import asks_anything, session_of_pool
from lianxin.allocation.api import Claim, claim_amend
from lianxin.kit.access import signed_in
from lianxin.kit.errors import RefusedError
from lianxin.orgs.api import Request


@signed_in
@require_http_methods(["GET", "HEAD", "POST"])
def sign_up_amend(request: Request, claim_id: uuid.UUID) -> HttpResponse:
    """Change who comes along, and what was answered."""
    account_id = uuid.UUID(str(request.user.pk))
    rows = Claim.objects.filter(account_id=account_id, pool__kind=POOL_KIND)
    own = get_object_or_404(rows.select_related("pool"), pk=claim_id)
    session = session_of_pool(own.pool.object_id)
    if session is None or not own.lives or not asks_anything(session.pk):
        raise Http404
    form = asking.amending(session, own, account_id, request.POST or None)
    if request.method == "POST" and form.is_valid():
        told = form.details
        try:
            claim_amend(actor=request.actor, claim_id=own.pk, size=told.size, details=told.written())  # fmt: skip
        except RefusedError as refused:
            form.add_error(None, refused.message)
        else:
            messages.success(request, _("Changed. Your place stays yours."))
            return redirect("allocation:claim", claim_id=own.pk)
    return render(request, "activities/sign_up_amend.html", {"form": form, "claim": own, "session": session})  # fmt: skip
