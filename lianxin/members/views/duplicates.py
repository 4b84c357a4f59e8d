"""Two entries that may be one person: the list at the desk, and the judgement."""

from __future__ import annotations

import uuid

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods

from lianxin.kit.access import officer
from lianxin.kit.errors import RefusedError
from lianxin.kit.paging import page_of
from lianxin.members.models import Suspicion
from lianxin.members.selectors.duplicates import compared, suspicions_of
from lianxin.members.services.duplicates import members_merge, suspicion_dismiss
from lianxin.orgs.api import Ability, Request


@officer
@require_GET
def duplicate_list(request: Request) -> HttpResponse:
    """List the pairs that wait for a judgement, the oldest first."""
    if not request.actor.can(Ability.MEMBER_HELP):
        raise Http404
    page = page_of(suspicions_of(request.actor), request.GET.get("after"), order=("found_at", "id"))
    return render(request, "members/duplicate_list.html", {"page": page})


@officer
@require_http_methods(["GET", "HEAD", "POST"])
def duplicate(request: Request, suspicion_id: uuid.UUID) -> HttpResponse:
    """Compare two entries side by side, masked; say which stays, or that they are two people."""
    found = suspicions_of(request.actor, settled=True).filter(pk=suspicion_id).first()
    if found is None:
        raise Http404
    said = ""
    if request.method == "POST":
        try:
            messages.success(request, _judged(request, found))
            return redirect("members:duplicate_list")
        except RefusedError as refused:
            said = refused.message
    shown = {"pair": found, "rows": compared(found), "said": said}
    return render(request, "members/duplicate.html", shown)


def _judged(request: Request, found: Suspicion) -> str:
    kept = request.POST.get("kept", "")
    if kept == "both":
        suspicion_dismiss(actor=request.actor, suspicion_id=found.pk)
        return _("Two people. We will not ask about this pair again.")
    sides = {"first": found.first_id, "second": found.second_id}
    if kept not in sides:
        raise RefusedError(_("Please choose which of the two entries stays."))
    members_merge(actor=request.actor, suspicion_id=found.pk, kept_id=sides[kept])
    return _("One entry now. Cases, facts and family came along; the other stays as history.")
