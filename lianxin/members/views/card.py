"""The membership card: one's own, and checking anybody's without asking who asks."""

from __future__ import annotations

from typing import Any

import segno
from django.contrib import messages
from django.http import HttpResponse, JsonResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from lianxin.kit.access import public, signed_in
from lianxin.kit.errors import RefusedError
from lianxin.members import conf
from lianxin.members.forms import CardForm, LeaveForm
from lianxin.members.models import Member
from lianxin.members.rules.card import Fault
from lianxin.members.rules.membership import HELD
from lianxin.members.selectors.membership import card_of, history_of
from lianxin.members.selectors.people import member_of
from lianxin.members.services.card import (
    card_issue,
    card_renew,
    card_token,
    card_verify,
    keys_published,
    revoked_token,
)
from lianxin.members.services.membership import membership_leave, under_way
from lianxin.orgs.api import Request


@signed_in
@require_safe
def card(request: Request) -> HttpResponse:
    """Show one's card, large enough for a cheap camera, and what happened to the membership."""
    member = member_of(request.actor.account_id)
    held = card_of(member) if member else None
    shown = {
        "member": member,
        "is_held": member is not None and member.state in HELD,
        "transfer": under_way(member.pk) if member else None,
        "history": history_of(member) if member else [],
        "card": held,
        "hours": conf.card_refresh_seconds() // 3600,
    }
    if held is not None and shown["is_held"]:
        shown |= _picture(request, card_token(held))
    return render(request, "members/card.html", shown)


@signed_in
@require_POST
def card_get(request: Request) -> HttpResponse:
    """Get one's card; with `again` a new one, and the one before holds no more."""
    try:
        if "again" in request.POST:
            card_renew(actor=request.actor)
            messages.success(
                request, _("Here is your new card. The one before is refused from now on.")
            )
        else:
            card_issue(actor=request.actor)
    except RefusedError as refused:
        messages.error(request, refused.message)
    return redirect("members:card")


@signed_in
@require_http_methods(["GET", "HEAD", "POST"])
def membership_end(request: Request) -> HttpResponse:
    """Leave the union, after having read what that means."""
    member = member_of(request.actor.account_id)
    if member is None or member.state not in HELD:
        return redirect("members:card")
    form = LeaveForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        membership_leave(actor=request.actor)
        messages.success(
            request,
            _("You have left the union. The door stays open: you can join again at any time."),
        )
        return redirect("members:card")
    return render(request, "members/membership_end.html", {"member": member, "form": form})


@public
@require_http_methods(["GET", "HEAD", "POST"])
def card_check(request: Request) -> HttpResponse:
    """Check a card: in the browser without a network, or here; what is typed is kept nowhere."""
    form = CardForm(request.POST or None)
    verdict = None
    if request.method == "POST" and form.is_valid():
        verdict = card_verify(form.cleaned_data["token"])
    return render(
        request,
        "members/card_check.html",
        {"form": form, "verdict": verdict, "faults": list(Fault)},
    )


@public
@require_safe
def card_keys(request: Request) -> HttpResponse:  # noqa: ARG001  (asked by anybody)
    """Publish the keys cards are checked with (RFC 7517, RFC 8037)."""
    keys = [key.as_jwk() for key in keys_published()]
    return _open_to_all(JsonResponse({"keys": keys}), seconds=3600)


@public
@require_safe
def card_revoked(request: Request) -> HttpResponse:  # noqa: ARG001  (asked by anybody)
    """Publish the signed list of cards that were revoked before their time."""
    answer = HttpResponse(revoked_token(), content_type="text/plain; charset=ascii")
    return _open_to_all(answer, seconds=300)


def _open_to_all(answer: HttpResponse, *, seconds: int) -> HttpResponse:
    answer["Access-Control-Allow-Origin"] = "*"
    answer["Cache-Control"] = f"public, max-age={seconds}"
    return answer


def _picture(request: Request, token: str) -> dict[str, Any]:
    address = request.build_absolute_uri(reverse("members:card_check"))
    code = segno.make(f"{address}#{token}", error="l", boost_error=False)
    verdict = card_verify(token)
    return {
        # White around it in dark mode too: a dark code on dark is none.
        "picture": code.svg_data_uri(scale=6, border=4, light="#fff"),
        "verdict": verdict,
        "is_retained": verdict.state == Member.State.RETAINED,
    }
