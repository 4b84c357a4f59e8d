"""The pages at the desk that say which other systems may call, and let a security administrator change it."""

from __future__ import annotations

import uuid
from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import (
    require_GET,
    require_http_methods,
    require_POST,
    require_safe,
)

from lianxin.accounts.api import secret_held, secret_hold
from lianxin.gateway import policies, selectors, services
from lianxin.gateway.forms import ClientForm, RotationForm
from lianxin.gateway.selectors import ShownClient
from lianxin.kit.access import officer
from lianxin.kit.errors import ForbiddenError, RefusedError
from lianxin.orgs.api import Ability, Request


@officer
@require_GET
def clients(request: Request) -> HttpResponse:
    """List the clients that act for organisations in the administrator's reach."""
    if not request.actor.can(Ability.CLIENT_VIEW):
        raise ForbiddenError(_("This page is for the security administrator."))
    rows, page = selectors.client_page(request.actor, request.GET.get("after"))
    shown = {"rows": rows, "page": page, "may_make": policies.may_make(request.actor)}
    return render(request, "gateway/clients.html", shown)


@officer
@require_http_methods(["GET", "HEAD", "POST"])
def client_new(request: Request) -> HttpResponse:
    """Ask for a client: at once where it sees no person, else with a second one's yes."""
    if not policies.may_make(request.actor):
        raise ForbiddenError(_("This page is for the security administrator."))
    form = ClientForm(request.POST or None, initial={"organisation": selectors.home_code(request.actor)})  # fmt: skip
    if request.method == "POST" and form.done(
        lambda: services.client_ask(actor=request.actor, **form.wanted)
    ):
        return redirect("gateway:client", form.outcome.client_id)
    return render(request, "gateway/client_new.html", {"form": form})


@officer
@never_cache
@require_safe
def client(request: Request, client_id: uuid.UUID) -> HttpResponse:
    """Show one client: what it may, the request that runs, and for a moment its secret."""
    row = _found(request, client_id)
    shown = {
        "row": row,
        "asked": selectors.request_of(request.actor, row.client),
        "may_manage": policies.may_manage(request.actor, row.client.organisation),
        "form": RotationForm(),
        "secret": secret_held(request, f"client:{client_id}"),
    }
    return render(request, "gateway/client.html", shown)


@officer
@require_POST
def client_rotate(request: Request, client_id: uuid.UUID) -> HttpResponse:
    """Ask for a new secret."""
    _found(request, client_id)
    form = RotationForm(request.POST)
    if not form.is_valid():
        messages.error(request, _("Please choose how long the old secret still holds."))
        return redirect("gateway:client", client_id)
    hours = form.cleaned_data["overlap_hours"]
    _said(request, lambda: services.rotation_ask(actor=request.actor, client_id=client_id, overlap_hours=hours))  # fmt: skip
    return redirect("gateway:client", client_id)


@officer
@require_POST
def client_end(request: Request, client_id: uuid.UUID) -> HttpResponse:
    """Switch a client off at once; one person is enough for that."""
    _found(request, client_id)
    services.client_end(actor=request.actor, client_id=client_id)
    messages.success(request, _("Switched off. Nothing opens for it any more."))
    return redirect("gateway:client", client_id)


@officer
@require_POST
def request_answer(request: Request, client_id: uuid.UUID, request_id: uuid.UUID) -> HttpResponse:
    """Say yes or no as the second person, take it back, or have the secret shown."""
    row = _found(request, client_id)
    if not row.client.requests.filter(pk=request_id).exists():
        raise Http404
    given: dict[str, Any] = {"actor": request.actor, "request_id": request_id}
    if "confirm" in request.POST:
        _said(request, lambda: services.request_confirm(**given))
    elif "draw" in request.POST:
        _said(request, lambda: secret_hold(request, f"client:{client_id}", services.secret_draw(**given)))  # fmt: skip
    else:
        _said(request, lambda: services.request_refuse(**given))
    return redirect("gateway:client", client_id)


def _found(request: Request, client_id: uuid.UUID) -> ShownClient:
    row = selectors.client_of(request.actor, client_id)
    if row is None:
        raise Http404
    return row


def _said(request: Request, act: Callable[[], object]) -> None:
    try:
        act()
    except ForbiddenError:
        raise
    except RefusedError as error:
        messages.error(request, error.message)
