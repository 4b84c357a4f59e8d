"""What is to be put right after a bad rating."""

from __future__ import annotations

from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_GET

from lianxin.kit import clock
from lianxin.kit.access import officer
from lianxin.orgs.api import Ability, Request
from lianxin.procedures import selectors


@officer
@require_GET
def repair_list(request: Request) -> HttpResponse:
    """List what waits to be put right, the most urgent first."""
    if not request.actor.can(Ability.DOSSIER_HANDLE):
        raise Http404
    return render(
        request,
        "procedures/repair_list.html",
        {"repairs": selectors.repairs_for(request.actor), "now": clock.now()},
    )
