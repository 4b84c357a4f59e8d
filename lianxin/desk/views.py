"""What an officer stands before: the queue, and the team."""

from __future__ import annotations

import uuid

from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_GET

from lianxin.desk import selectors
from lianxin.kit import clock
from lianxin.kit.access import officer
from lianxin.orgs.api import Ability, Request
from lianxin.procedures.api import queue_for, team_load


@officer
@require_GET
def queue(request: Request) -> HttpResponse:
    """Show what waits, the most urgent clock first; to htmx the list alone."""
    chip = request.GET.get("chip", "")
    chip = chip if chip in selectors.CHIPS else "mine"
    found = queue_for(request.actor, chip=chip, after=request.GET.get("after"))
    rows = [selectors.row_of(row) for row in found.rows]
    shown = {
        "rows": rows,
        "chip": chip,
        "chips": selectors.chips_of(found, chip),
        "next_token": found.next_token,
        "several": "several" in request.GET,
        "open": request.GET.get("open", ""),
        "key": uuid.uuid4().hex,
    }
    if request.htmx:
        return render(request, "desk/_queue_part.html", shown)
    shown |= {
        "headline": selectors.headline(found),
        "first": rows[0] if rows else None,
        "today": clock.today(),
        "post": request.actor.posts[0],
    }
    return render(request, "desk/queue.html", shown)


@officer
@require_GET
def team(request: Request) -> HttpResponse:
    """Show who has how much, so that work can be shared; never a mark."""
    if not request.actor.can(Ability.TEAM_VIEW):
        raise Http404
    return render(request, "desk/team.html", {"loads": team_load(request.actor)})
