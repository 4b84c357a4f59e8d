"""The officer's hand on one entry of the roll: somebody new, one carried over, a card that was lost."""

from __future__ import annotations

import uuid

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from lianxin.kit.access import officer
from lianxin.members import policies
from lianxin.members.forms import CarryForm, NewcomerForm
from lianxin.members.models import Member
from lianxin.members.selectors.dictionary import purposes
from lianxin.members.selectors.people import union_named
from lianxin.members.services.card import card_revoke
from lianxin.members.services.entering import member_carry, member_enter
from lianxin.orgs.api import Ability, Request, organisation_by_code


@officer
@require_http_methods(["GET", "HEAD", "POST"])
def member_new(request: Request) -> HttpResponse:
    """Put one person onto the roll who stands here; who is on it already is found."""
    _check(request)
    form = NewcomerForm(request.POST or None, request.FILES or None, actor=request.actor)
    if request.method == "POST" and form.done(
        lambda: member_enter(
            actor=request.actor, organisation=form.union, newcomer=form.newcomer,
            signed=form.cleaned_data["signed"],
        )
    ):  # fmt: skip
        member, is_new = form.outcome
        if is_new:
            messages.success(request, _("On the roll from today. The signed page is kept with this entry."))  # fmt: skip
        else:
            messages.info(request, _("This number is on the roll already: here is the entry. Nothing was changed."))  # fmt: skip
        return redirect("members:member", member.pk)
    return render(request, "members/member_new.html", {"form": form})


@officer
@require_GET
def member_paper(request: Request) -> HttpResponse:
    """Print the page a newcomer signs."""
    _check(request)
    union = organisation_by_code(request.GET.get("union", ""))
    if union is not None and not policies.may_create(request.actor, union.path):
        raise Http404
    shown = {"union": union, "membership": purposes()["membership"]}
    return render(request, "members/member_paper.html", shown)


@officer
@require_http_methods(["GET", "HEAD", "POST"])
def member_carried(request: Request, member_id: uuid.UUID) -> HttpResponse:
    """Carry a membership over to another union one serves."""
    member = _reached(request, member_id)
    if not policies.may_carry(request.actor, member):
        raise Http404
    form = CarryForm(request.POST or None)
    if request.method == "POST" and form.done(
        lambda: member_carry(
            actor=request.actor, member=member, union=union_named(form.cleaned_data["union"])
        )
    ):
        said = _("Carried over to %(union)s. It stands in the history of the membership.")
        messages.success(request, said % {"union": form.outcome.organisation.name})
        return redirect("members:member", member.pk)
    return render(request, "members/member_carried.html", {"member": member, "form": form})


@officer
@require_POST
def member_card(request: Request, member_id: uuid.UUID) -> HttpResponse:
    """Revoke the card of a member who stands here."""
    member = _reached(request, member_id)
    if not policies.may_revoke(request.actor, member):
        raise Http404
    card_revoke(actor=request.actor, member=member)
    messages.success(request, _("The card is refused from now on. A new one is one tap away on the member’s phone."))  # fmt: skip
    return redirect("members:member", member.pk)


def _check(request: Request) -> None:
    if not (request.actor.can(Ability.MEMBER_HELP) or request.actor.can(Ability.MEMBER_IMPORT)):
        raise Http404


def _reached(request: Request, member_id: uuid.UUID) -> Member:
    found = policies.visible_to(request.actor, Member.objects.select_related("organisation"))
    return get_object_or_404(found, pk=member_id)
