"""The desk: what waits for a check, an offer with its numbers, publishing it, taking it down."""

from __future__ import annotations

import uuid
from collections.abc import Callable

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from lianxin.allocation import api as allocation
from lianxin.exchange import policies, selectors, services
from lianxin.exchange.constants import (
    AUDIENCE_WORDS,
    STATE_TONES,
    STATE_WORDS,
    WAY_WORDS,
)
from lianxin.exchange.forms import AcceptForm, CheckForm, DeclineForm, ReasonForm
from lianxin.exchange.models import Resource
from lianxin.exchange.rules import told_count
from lianxin.kit.access import officer
from lianxin.kit.errors import RefusedError
from lianxin.orgs.api import Ability, Request


@officer
@require_safe
def desk_list(request: Request) -> HttpResponse:
    """List what the partners one looks after offer, the newest first."""
    if not request.actor.can(Ability.PARTNER_MANAGE):
        raise Http404
    page = selectors.desk_page(request.actor, after=request.GET.get("after"))
    rows = [(one, STATE_WORDS[one.state], STATE_TONES[one.state]) for one in page.rows]
    wishes = selectors.wishes(request.actor)
    return render(
        request, "exchange/desk_list.html", {"page": page, "rows": rows, "wishes": wishes}
    )


@officer
@require_safe
def desk_resource(request: Request, resource_id: uuid.UUID) -> HttpResponse:
    """Show one offer: what is written, what came of it."""
    return _page(request, _reached(request, resource_id))


@officer
@require_POST
def resource_publish(request: Request, resource_id: uuid.UUID) -> HttpResponse:
    """Publish an offer; each of the red lines was looked at."""
    found = _reached(request, resource_id)
    form = CheckForm(request.POST, resource=found)
    if not form.done(
        lambda: services.resource_publish(
            actor=request.actor, resource_id=found.pk, seen=form.cleaned_data["seen"], giving=form.giving
        )
    ):  # fmt: skip
        return _page(request, found, check_form=form)
    pool = selectors.pool_of(found)
    if pool is not None and pool.terms.is_drawn:
        messages.success(request, _("Published. Plan the draw now, so that its rule stands before people apply."))  # fmt: skip
        return redirect("allocation:draw_plan", pool.pk)
    messages.success(request, _("Published. Everybody finds it now."))
    return redirect("exchange:desk_resource", found.pk)


@officer
@require_POST
def resource_return(request: Request, resource_id: uuid.UUID) -> HttpResponse:
    """Send an offer back, with the reason."""
    found, form = _reached(request, resource_id), ReasonForm(request.POST)
    if not form.is_valid():
        return _page(request, found, return_form=form)
    given = {"resource_id": found.pk, "reason": form.cleaned_data["reason"]}
    return _done(
        request, found, lambda: services.resource_return(actor=request.actor, **given),
        _("Sent back with your reason."),
    )  # fmt: skip


@officer
@require_POST
def resource_end(request: Request, resource_id: uuid.UUID) -> HttpResponse:
    """Take an offer down, with the reason."""
    found, form = _reached(request, resource_id), ReasonForm(request.POST)
    if not form.is_valid():
        return _page(request, found, end_form=form)
    given = {"resource_id": found.pk, "reason": form.cleaned_data["reason"]}
    return _done(
        request, found, lambda: services.resource_end(actor=request.actor, **given),
        _("Taken down. Whoever had booked or held a voucher is being told."),
    )  # fmt: skip


@officer
@require_POST
def change_accept(request: Request, resource_id: uuid.UUID) -> HttpResponse:
    """Say yes to what a contact wants changed."""
    found = _reached(request, resource_id)
    form = AcceptForm(request.POST, resource=found)
    if not form.done(
        lambda: services.change_accept(
            actor=request.actor, resource_id=found.pk, seen=form.cleaned_data["seen"],
            calls_off=form.cleaned_data.get("calls_off", False),
        )
    ):  # fmt: skip
        return _page(request, found, accept_form=form)
    messages.success(request, _("So it stands now. Whoever it concerns is being told."))
    return redirect("exchange:desk_resource", found.pk)


@officer
@require_POST
def change_decline(request: Request, resource_id: uuid.UUID) -> HttpResponse:
    """Say no to what a contact wants changed, with the reason."""
    found, form = _reached(request, resource_id), DeclineForm(request.POST)
    if not form.done(
        lambda: services.change_decline(actor=request.actor, resource_id=found.pk, **form.cleaned_data)
    ):  # fmt: skip
        return _page(request, found, decline_form=form)
    messages.success(request, _("It stays as it was; the partner reads your reason."))
    return redirect("exchange:desk_resource", found.pk)


def _reached(request: Request, resource_id: uuid.UUID) -> Resource:
    found = selectors.desk_resource(request.actor, resource_id)
    if found is None:
        raise Http404
    return found


def _page(request: Request, found: Resource, **forms: object) -> HttpResponse:
    pool = selectors.pool_of(found)
    tally = allocation.tally_of(pool.pk) if pool else None
    shown = {
        "resource": found, "state": STATE_WORDS[found.state],
        "tone": STATE_TONES[found.state], "way": WAY_WORDS[found.way],
        "audience": AUDIENCE_WORDS[found.audience], "pool": pool,
        "facts": selectors.facts_of(found, pool),
        "given": told_count(tally.given) if tally else None,
        "used": told_count(tally.used) if tally else None,
        "may_check": found.state == "offered" and policies.may_check(request.actor, found),
        "may_end": found.state != "ended",
        "wish": found.wish, "wished": selectors.wish_words(found),
        "may_judge": policies.may_judge(request.actor, found),
        "accept_form": AcceptForm.of(found), "decline_form": DeclineForm.of(found),
        "telling": selectors.telling_of(found), "check_form": CheckForm.of(found), "return_form": ReasonForm(), "end_form": ReasonForm(),
    }  # fmt: skip
    return render(request, "exchange/desk_resource.html", shown | forms)


def _done(request: Request, found: Resource, act: Callable[[], object], words: str) -> HttpResponse:
    try:
        act()
    except RefusedError as refused:
        messages.error(request, refused.message)
    else:
        messages.success(request, words)
    return redirect("exchange:desk_resource", found.pk)
