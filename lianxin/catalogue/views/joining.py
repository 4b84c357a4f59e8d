"""Joining from a QR code or a link: choose the union, one short page, sent; and the poster for it."""

from __future__ import annotations

import uuid
from typing import Any

import segno
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_GET, require_http_methods, require_safe

from lianxin.catalogue import services
from lianxin.catalogue.constants import JOINING, LONGEST_UNION_NAME
from lianxin.catalogue.forms import JoinForm
from lianxin.catalogue.selectors import joining
from lianxin.catalogue.selectors.filling import own_draft
from lianxin.catalogue.selectors.guide import promised_days
from lianxin.catalogue.selectors.shelf import Offer, shelf
from lianxin.kit.access import officer, public, signed_in
from lianxin.kit.errors import RefusedError
from lianxin.kit.text import clean
from lianxin.members.api import member_of
from lianxin.orgs.api import Ability, Organisation, Request
from lianxin.procedures.api import AnswersError


@public
@require_safe
def join_find(request: Request) -> HttpResponse:
    """Find the union to join: by the name of the employer's, or by where one lives or works."""
    typed = clean(request.GET.get("q", ""))[:LONGEST_UNION_NAME]
    district = joining.joinable(request.GET.get("district", ""))
    shown = {
        "typed": typed,
        "found": joining.found_by_name(typed),
        "district": district,
        "places": joining.places_below(district) if district else joining.districts(),
        "is_open": shelf().offer(JOINING) is not None,
    }
    return render(request, "catalogue/join_find.html", shown)


@public
@require_http_methods(["GET", "HEAD", "POST"])
def join_here(request: Request) -> HttpResponse:  # noqa: ARG001  (the same for everybody)
    """Lead from the page of the service to the choice of a union: then it is one short page."""
    return redirect("catalogue:join_find")


@public
@require_safe
def join(request: Request, code: str) -> HttpResponse:
    """Say whose door this is; who is signed in goes straight to the few questions."""
    union, offer = _union(code), _offer()
    if request.user.is_authenticated:
        return redirect("catalogue:join_apply", union.code)
    shown = {"union": union, "card": offer.card, "days": promised_days(offer)}
    return render(request, "catalogue/join.html", shown)


@signed_in
@require_http_methods(["GET", "HEAD", "POST"])
def join_apply(request: Request, code: str) -> HttpResponse:
    """Ask the few questions on one page, and send them."""
    union, offer = _union(code), _offer()
    member = member_of(request.user.pk)
    if member is not None and member.state in joining.HELD:
        return render(request, "catalogue/join_member.html", {"member": member, "union": union})
    if running := joining.joining_running(request.user.pk):
        return redirect("procedures:case", running.pk)
    form = JoinForm(
        request.POST if request.method == "POST" else None,
        offer=offer, union=union, draft=own_draft(request.actor, JOINING),
        account_id=request.user.pk,
    )  # fmt: skip
    if request.method == "POST":
        try:
            return redirect("catalogue:apply_sent", _sent(request, offer, form))
        except AnswersError as refused:
            form.place(refused.errors)
        except RefusedError as refused:
            form.refuse(refused)
    shown = {"union": union, "card": offer.card, "form": form, "days": promised_days(offer)}
    return render(request, "catalogue/join_apply.html", shown)


@officer
@require_GET
def poster_list(request: Request) -> HttpResponse:
    """List the unions in reach for which one may hang up a poster."""
    if not request.actor.can(Ability.MEMBER_HELP):
        raise Http404
    typed = clean(request.GET.get("q", ""))[:LONGEST_UNION_NAME]
    unions = joining.unions_of(request.actor, typed)
    return render(request, "catalogue/poster_list.html", {"unions": unions, "typed": typed})


@officer
@require_GET
def poster(request: Request, code: str) -> HttpResponse:
    """Show a page to print: the code one scans to join this union."""
    union = _union(code)
    if not request.actor.can(Ability.MEMBER_HELP, union.path):
        raise Http404
    address = request.build_absolute_uri(reverse("catalogue:join", args=[union.code]))
    picture = segno.make(address, error="m").svg_data_uri(scale=10, border=4, light="#fff")
    shown = {"union": union, "picture": picture, "address": address.partition("://")[2]}
    return render(request, "catalogue/poster.html", shown)


def _union(code: str) -> Organisation:
    found = joining.joinable(code)
    if found is None:
        raise Http404
    return found


def _offer() -> Offer:
    offer = shelf().offer(JOINING)
    if offer is None:
        raise Http404
    return offer


def _sent(request: Request, offer: Offer, form: JoinForm) -> uuid.UUID:
    """Keep what was typed, then send it: whatever goes wrong, nothing typed is lost."""
    given: dict[str, Any] = {"actor": request.actor}
    draft = services.draft_begin(**given, code=JOINING, agreed=form.agreed)
    services.draft_keep(**given, draft_id=draft.pk, typed=form.raw())
    services.draft_send(**given, draft_id=draft.pk, version_id=offer.version_id)
    return draft.pk
