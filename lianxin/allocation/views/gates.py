"""Gates: opened at the desk, worked on any phone that holds the address, with or without a network."""

from __future__ import annotations

import uuid
from http import HTTPStatus

import segno
from django.contrib import messages
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_POST, require_safe

from lianxin.allocation import policies, services
from lianxin.allocation.forms.places import GateForm, scans_of
from lianxin.allocation.models import Gate, Pool
from lianxin.kit.access import officer, public
from lianxin.kit.errors import RefusedError
from lianxin.orgs.api import Request


@officer
@require_POST
def gate_open(request: Request, pool_id: uuid.UUID) -> HttpResponse:
    """Open a gate and show its address, this once, as a code for the phones of those who help."""
    pool = get_object_or_404(
        policies.pools_visible_to(request.actor, Pool.objects.all()), pk=pool_id
    )
    form = GateForm(request.POST)
    if not form.is_valid():
        return redirect("allocation:pool_desk", pool_id=pool_id)
    gate, secret = services.gate_open(
        actor=request.actor, pool_id=pool.pk, name=form.cleaned_data["name"]
    )
    address = request.build_absolute_uri(reverse("allocation:gate", args=[gate.pk])) + f"#{secret}"
    picture = segno.make(address, error="m").svg_data_uri(scale=6, border=4, light="#fff")
    context = {"gate": gate, "pool": pool, "address": address, "picture": picture}
    return render(request, "allocation/gate_opened.html", context)


@officer
@require_POST
def gate_close(request: Request, gate_id: uuid.UUID) -> HttpResponse:
    """Close a gate."""
    visible = policies.pools_visible_to(request.actor, Pool.objects.all())
    gate = get_object_or_404(Gate, pk=gate_id, pool__in=visible)
    services.gate_close(actor=request.actor, gate_id=gate.pk)
    return redirect("allocation:pool_desk", pool_id=gate.pool_id)


@officer
@require_POST
def gate_disown(request: Request, gate_id: uuid.UUID) -> HttpResponse:
    """Believe a gate nothing more whose address fell into wrong hands."""
    visible = policies.pools_visible_to(request.actor, Pool.objects.all())
    gate = get_object_or_404(Gate, pk=gate_id, pool__in=visible)
    services.gate_disown(actor=request.actor, gate_id=gate.pk)
    messages.success(request, _("Nothing more is believed from “%(door)s”. What had arrived stays as it is.") % {"door": gate.name})  # fmt: skip
    return redirect("allocation:pool_desk", pool_id=gate.pool_id)


@public
@require_safe
def gate(request: HttpRequest, gate_id: uuid.UUID) -> HttpResponse:
    """Show the page of a gate; what it needs it asks for with the secret of its address."""
    return render(request, "allocation/gate.html", {"gate_id": gate_id})


@public
@require_safe
def gate_list(request: HttpRequest, gate_id: uuid.UUID) -> JsonResponse:
    """Hand a gate what it needs without a network; none once it is shut."""
    shown = services.gate_shown(gate_id, _secret(request))
    if shown is None:
        return JsonResponse({"fault": "shut"}, status=HTTPStatus.FORBIDDEN)
    return _private(JsonResponse(services.gate_list(shown)))


@public
@csrf_exempt  # no cookie speaks here: the secret, which no other site knows, is the proof
@require_POST
def gate_scans(request: HttpRequest, gate_id: uuid.UUID) -> JsonResponse:
    """Take what a gate scanned, once each, for a month after it was shut, too."""
    known = services.gate_known(gate_id, _secret(request))
    if known is None:
        return JsonResponse({"fault": "shut"}, status=HTTPStatus.FORBIDDEN)
    try:
        stored = services.scans_store(gate=known, sent=scans_of(request.body))
    except (ValueError, RefusedError):
        return JsonResponse({"fault": "form"}, status=HTTPStatus.BAD_REQUEST)
    entries = {str(pk): places for pk, places in stored.entries.items()}
    refused = {str(pk): fault for pk, fault in stored.refused.items()}
    return _private(JsonResponse({"entries": entries, "refused": refused}))


def _secret(request: HttpRequest) -> str:
    kind, _space, secret = request.headers.get("Authorization", "").partition(" ")
    return secret if kind == "Gate" else ""


def _private(answer: JsonResponse) -> JsonResponse:
    answer["Cache-Control"] = "no-store, private"
    return answer
