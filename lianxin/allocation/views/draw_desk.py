"""The office's side of draws: the plan, the rule, the value, stopping one, what is due when."""

from __future__ import annotations

import uuid
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from lianxin.allocation import policies
from lianxin.allocation.forms.draws import DrawForm, DrawPlanForm, ValueForm, VoidForm
from lianxin.allocation.models import Draw, Pool
from lianxin.allocation.rules.draws_steps import Stage, Step, Who, hindrance
from lianxin.allocation.selectors.draw_showing import (
    public_name,
    sentence_of,
    stations_of,
    void_words,
    watchers_of,
)
from lianxin.allocation.selectors.showing import desk_of
from lianxin.allocation.services.drawing import draw_plan as plan_write
from lianxin.allocation.services.drawing import draw_publish, draw_void
from lianxin.allocation.services.drawing_results import draw_value_read
from lianxin.allocation.services.drawing_steps import draw_step
from lianxin.kit import clock
from lianxin.kit.access import officer
from lianxin.kit.errors import RefusedError
from lianxin.kit.paging import page_of
from lianxin.orgs.api import Ability, Request


@officer
@require_safe
def draw_desk_list(request: Request) -> HttpResponse:
    """List the draws one arranges, the newest first, with what is due."""
    if not request.actor.can(Ability.PLACES_MANAGE):
        raise Http404
    rows = policies.draws_visible_to(request.actor, Draw.objects.select_related("pool__organisation"))  # fmt: skip
    page = page_of(rows, request.GET.get("after"), size=30, order=("-created_at", "-id"))
    shown = [(draw, sentence_of(draw)) for draw in page.rows]
    return render(request, "allocation/draw_desk_list.html", {"page": page, "rows": shown})


@officer
@require_http_methods(["GET", "HEAD", "POST"])
def draw_plan(request: Request, pool_id: uuid.UUID) -> HttpResponse:
    """Write down how a pool will be drawn."""
    visible = policies.pools_drawn_by(request.actor, Pool.objects.select_related("organisation"))
    pool = get_object_or_404(visible, pk=pool_id, method=Pool.Method.DRAW)
    living = pool.draws.exclude(stage=Stage.VOID).first()
    if living is not None and living.standing is not Stage.PLANNED:
        return redirect("allocation:draw_desk", draw_id=living.pk)
    again = pool.draws.filter(stage=Stage.VOID).exists()
    form = DrawPlanForm(request.POST or None, pool=pool, again=again, draw=living)
    if request.method == "POST" and form.done(
        lambda: plan_write(actor=request.actor, pool_id=pool.pk, plan=form.plan())
    ):
        return redirect("allocation:draw_desk", draw_id=form.outcome.pk)
    shown = {"pool": pool, "form": form, "back": desk_of(pool)}
    return render(request, "allocation/draw_plan.html", shown)


@officer
@require_safe
def draw_desk(request: Request, draw_id: uuid.UUID) -> HttpResponse:
    """Show where a draw stands, who is still missing, and what may be done now."""
    return _page(request, _draw(request, draw_id))


@officer
@require_POST
def draw_rule(request: Request, draw_id: uuid.UUID) -> HttpResponse:
    """Publish the rule."""
    draw = _draw(request, draw_id)
    try:
        draw_publish(actor=request.actor, draw_id=draw.pk)
    except RefusedError as refused:
        messages.error(request, refused.message)
    else:
        messages.success(request, _("Published. From now on nobody changes the rule."))
    return redirect("allocation:draw_desk", draw_id=draw.pk)


@officer
@require_POST
def draw_value(request: Request, draw_id: uuid.UUID) -> HttpResponse:
    """Enter the public value as one read it."""
    draw, form = _draw(request, draw_id), ValueForm(request.POST)
    if form.done(
        lambda: draw_value_read(actor=request.actor, draw_id=draw.pk, **form.cleaned_data)
    ):
        messages.success(request, _("Noted. As soon as a second person has read the same, the draw runs."))  # fmt: skip
        return redirect("allocation:draw_desk", draw_id=draw.pk)
    return _page(request, draw, value_form=form)


@officer
@require_POST
def draw_stop(request: Request, draw_id: uuid.UUID) -> HttpResponse:
    """Declare a draw void, with a reason everybody reads."""
    draw, form = _draw(request, draw_id), VoidForm(request.POST)
    if form.done(lambda: draw_void(actor=request.actor, draw_id=draw.pk, **form.cleaned_data)):
        messages.success(request, _("Void. Everybody who applied is being told; plan the next one now."))  # fmt: skip
        return redirect("allocation:draw_desk", draw_id=draw.pk)
    return _page(request, draw, void_form=form)


def _draw(request: Request, draw_id: uuid.UUID) -> Draw:
    visible = policies.draws_visible_to(request.actor, Draw.objects.all())
    draw_step(get_object_or_404(visible, pk=draw_id).pk)
    rows = Draw.objects.select_related("pool__organisation").prefetch_related("parties")
    return rows.get(pk=draw_id)


def _page(
    request: Request,
    draw: Draw,
    value_form: DrawForm | None = None,
    void_form: DrawForm | None = None,
) -> HttpResponse:
    may_enter, may_void = _may(draw, Step.ENTER) and not draw.value, _may(draw, Step.VOID)
    for sent, has_place in ((value_form, may_enter), (void_form, may_void)):
        if sent and not has_place:  # sent late, or twice
            messages.error(request, sent.first_fault)
    context: dict[str, Any] = {
        "draw": draw,
        "pool": draw.pool,
        "back": desk_of(draw.pool),
        "sentence": sentence_of(draw),
        "reason": void_words(draw),
        "stations": stations_of(draw),
        "watchers": watchers_of(draw),
        "public_name": public_name(draw),
        "link": draw.rule["public"]["link"] if draw.rule_text else "",
        "readings": draw.values_read.count(),
        "own_reading": draw.values_read.filter(read_by_id=request.user.pk).first(),
        "value_form": value_form or ValueForm(),
        "void_form": void_form or VoidForm(),
        "may_enter": may_enter,
        "may_void": may_void,
    }
    return render(request, "allocation/draw_desk.html", context)


def _may(draw: Draw, step: Step) -> bool:
    now, is_valued = clock.now(), bool(draw.value)
    return (
        hindrance(step, draw.standing, Who.ARRANGER, draw.moments, now, is_valued=is_valued) is None
    )
