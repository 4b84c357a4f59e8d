"""The office's side of a pool: who comes, the doors, calling it off."""

from __future__ import annotations

import uuid
from collections.abc import Sequence

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from lianxin.allocation import policies
from lianxin.allocation.forms.places import GateForm
from lianxin.allocation.models import Claim, Pool, Scan
from lianxin.allocation.rules.opening import pool_cases, pool_off_words, pool_openers
from lianxin.allocation.selectors.draws import draws_of_pools
from lianxin.allocation.selectors.entering import came_on_returned, crowd_of
from lianxin.allocation.selectors.recounting import recount_of
from lianxin.allocation.selectors.serving import takes_now
from lianxin.allocation.selectors.showing import page_of_thing, phase_of, sentence_of
from lianxin.allocation.services import claim_cancel, pool_call_off
from lianxin.kit.access import officer
from lianxin.kit.errors import RefusedError
from lianxin.kit.paging import page_of
from lianxin.orgs.api import Ability, Request
from lianxin.ui.context import shown_items


@officer
@require_safe
def pool_list(request: Request) -> HttpResponse:
    """List the pools one arranges, the newest first."""
    if not request.actor.can(Ability.PLACES_MANAGE):
        raise Http404
    rows = policies.pools_visible_to(request.actor, Pool.objects.select_related("organisation"))
    page = page_of(rows, request.GET.get("after"), size=30, order=("-opens_at", "-id"))
    draws = draws_of_pools(one.pk for one in page.rows if one.method == Pool.Method.DRAW)
    shown = [(pool, sentence_of(pool, phase_of(pool)), draws.get(pool.pk)) for pool in page.rows]
    return render(
        request,
        "allocation/pool_list.html",
        {"page": page, "rows": shown, "openers": shown_items(request, pool_openers.items())},
    )


@officer
@require_safe
def pool_desk(request: Request, pool_id: uuid.UUID) -> HttpResponse:
    """Show who has places, who waits, and the doors."""
    pool = _pool(request, pool_id)
    may_list = policies.may_list(request.actor, pool)
    seen = pool.claims.all() if may_list else pool.claims.none()
    claims = seen.select_related("account").prefetch_related("seats")
    page = page_of(claims, request.GET.get("after"), size=100, order=("made_at", "id"))
    gates = list(pool.gates.order_by("opened_at"))
    twice = Scan.objects.filter(gate__pool=pool, verdict=Scan.Verdict.DUPLICATE)
    context = {
        "pool": pool,
        "page": page,
        "may_list": may_list,
        "runs": policies.runs(request.actor, pool),
        "may_sign_up": policies.may_claim_for(request.actor, pool) and takes_now(pool),
        "gates": gates,
        "heard": [gate for gate in gates if gate.is_heard],
        "duplicates": twice.select_related("gate", "claim__account").order_by("-scanned_at")[:50]
        if may_list
        else [],
        "crowd": crowd_of(pool) if gates else None,
        "returned": came_on_returned(pool.pk).select_related("account").order_by("pk")[:50]
        if gates and may_list
        else [],
        "sentence": sentence_of(pool, phase_of(pool)),
        "more_url": page_of_thing(pool),
        "is_of_a_thing": pool_off_words.get(pool.kind) is not None,
        "form": GateForm(),
        "draws": pool.draws.order_by("number") if pool.method == Pool.Method.DRAW else None,
        "rows": with_cases(request, pool, page.rows),
        "recount": recount_of(pool.pk) if "recount" in request.GET else None,
    }
    return render(request, "allocation/pool_desk.html", context)


@officer
@require_POST
def pool_off(request: Request, pool_id: uuid.UUID) -> HttpResponse:
    """Call a pool off that is of nothing else; a thing of its own is called off where it is arranged.

    Raises:
        Http404: its app says why it was called off, so it is called off there, with the reason.
    """
    pool = _pool(request, pool_id)
    if pool_off_words.get(pool.kind) is not None:
        raise Http404
    pool_call_off(actor=request.actor, pool_id=pool.pk)
    messages.success(
        request, _("Called off. Everybody who had or waited for a place is being told.")
    )
    return redirect("allocation:pool_desk", pool_id=pool_id)


@officer
@require_POST
def claim_give_back(request: Request, pool_id: uuid.UUID, claim_id: uuid.UUID) -> HttpResponse:
    """Give a place back for somebody who asks for it at the telephone."""
    pool = _pool(request, pool_id)
    claim = get_object_or_404(pool.claims, pk=claim_id)
    try:
        claim_cancel(actor=request.actor, claim_id=claim.pk)
    except RefusedError as refused:
        messages.error(request, refused.message)
    else:
        messages.success(request, _("Given back; the next in line is being asked."))
    return redirect("allocation:pool_desk", pool_id=pool_id)


def with_cases(request: Request, pool: Pool, claims: Sequence[Claim]) -> list[tuple[Claim, str]]:
    """Return claims, each with where the officer opens the case it carries, if it does."""
    cases = pool_cases.get(pool.kind)
    found = cases.desk(request.actor, [one.key for one in claims]) if cases else {}
    return [(one, found.get(one.key, "")) for one in claims]


def _pool(request: Request, pool_id: uuid.UUID) -> Pool:
    visible = policies.pools_visible_to(request.actor, Pool.objects.select_related("organisation"))
    return get_object_or_404(visible, pk=pool_id)
