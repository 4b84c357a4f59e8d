"""The page at the desk that says which other systems may call."""

from __future__ import annotations

from django.http import HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from lianxin.gateway import selectors
from lianxin.kit.access import officer
from lianxin.kit.errors import ForbiddenError
from lianxin.orgs.api import Ability, Request


@officer
@require_GET
def clients(request: Request) -> HttpResponse:
    """List the clients that act for organisations in the administrator's reach."""
    if not request.actor.can(Ability.CLIENT_VIEW):
        raise ForbiddenError(_("This page is for the security administrator."))
    rows, page = selectors.client_page(request.actor, request.GET.get("after"))
    return render(request, "gateway/clients.html", {"rows": rows, "page": page})
