"""Somebody telephones, or stands before the desk: the officer finds her and signs her up."""

from __future__ import annotations

import uuid
from http import HTTPStatus

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from lianxin.allocation import policies
from lianxin.allocation.forms.places import TakeForm
from lianxin.allocation.models import Claim, Pool
from lianxin.allocation.rules.claims import State
from lianxin.allocation.rules.opening import Told, pool_questions
from lianxin.allocation.rules.tickets import code_of
from lianxin.allocation.selectors.serving import people_found, person_of, sign_up_view, takes_now
from lianxin.allocation.selectors.showing import phase_of, place_in_line, sentence_of
from lianxin.allocation.services import Taken, claim_take_for
from lianxin.kit.access import officer
from lianxin.kit.errors import RefusedError
from lianxin.members.api import Member
from lianxin.orgs.api import Request


@officer
@require_safe
def sign_up_find(request: Request, pool_id: uuid.UUID) -> HttpResponse:
    """Find the person who asks."""
    pool = _pool(request, pool_id)
    typed = request.GET.get("q", "")
    context = {
        "pool": pool,
        "typed": typed,
        "people": people_found(request.actor, typed),
        "sentence": sentence_of(pool, phase_of(pool)),
        "takes_now": takes_now(pool),
    }
    return render(request, "allocation/sign_up_find.html", context)


@officer
@require_http_methods(["GET", "HEAD", "POST"])
def sign_up(request: Request, pool_id: uuid.UUID, member_id: uuid.UUID) -> HttpResponse:
    """Ask what the pool asks, and take a place in the person's name."""
    pool, member = _pool(request, pool_id), person_of(request.actor, member_id)
    if member is None:
        raise Http404
    sent = request.POST if request.method == "POST" else None
    if sent is not None:
        try:
            taken = _taken(request, pool, member)
        except RefusedError as refused:
            messages.warning(request, refused.message)
        else:
            _say(request, member, taken)
            return redirect("allocation:pool_desk", pool_id=pool.pk)
    context = sign_up_view(request.actor, pool, member, sent)
    context["sentence"] = sentence_of(pool, phase_of(pool))
    status = HTTPStatus.OK if sent is None else HTTPStatus.CONFLICT
    return render(request, "allocation/sign_up.html", context, status=status)


def _taken(request: Request, pool: Pool, member: Member) -> Taken:
    form = TakeForm(request.POST)
    if not form.is_valid():
        raise RefusedError(_("This page was too old. Please try once more."))
    asks = pool_questions.get(pool.kind)
    told = Told(size=form.cleaned_data["size"] or 1)
    if asks:
        told = asks.read(pool, member.account_id, request.POST, is_for_other=True)
    return claim_take_for(
        actor=request.actor,
        pool_id=pool.pk,
        member_id=member.pk,
        told=told,
        key=form.cleaned_data["key"],
    )


def _say(request: Request, member: Member, taken: Taken) -> None:
    """Say what the officer reads out to the person, who may have nothing but this call."""
    claim = taken.claim
    is_hers_anyway = claim is None or claim.key != request.POST.get("key")
    if claim is None or is_hers_anyway:
        messages.info(request, _("%(name)s was on the list already; nothing was changed.") % {"name": member.name})  # fmt: skip
        return
    messages.success(request, _words(claim) % {"name": member.name, "code": code_of(claim.pk), "number": _number(claim)})  # fmt: skip


def _words(claim: Claim) -> str:
    match claim.standing:
        case State.CONFIRMED:
            return _("%(name)s has a place. At the door, this is enough, so please read it out: %(code)s")  # fmt: skip
        case State.WAITING:
            return _("%(name)s waits, number %(number)d in line. We tell the person when a place comes free; please call, too, if there is no phone.")  # fmt: skip
        case State.APPLIED:
            return _("%(name)s is in the draw. We tell the person how it came out.")
    return _("%(name)s gave this back meanwhile. Please open the page anew to sign the person up again.")  # fmt: skip


def _number(claim: Claim) -> int:
    return place_in_line(claim) if claim.standing is State.WAITING else 0


def _pool(request: Request, pool_id: uuid.UUID) -> Pool:
    visible = policies.pools_visible_to(request.actor, Pool.objects.select_related("organisation"))
    pool = get_object_or_404(visible, pk=pool_id)
    if not policies.may_claim_for(request.actor, pool):
        raise Http404
    return pool
