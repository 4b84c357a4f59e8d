"""Filling in with somebody, and putting somebody forward: the officer's way into an application."""

from __future__ import annotations

import uuid

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods

from lianxin.catalogue import policies, services
from lianxin.catalogue.forms import CodeForm, ConsentForm
from lianxin.catalogue.selectors.filling import consents_asked, drafts_of
from lianxin.catalogue.selectors.guide import promised_days
from lianxin.catalogue.selectors.reach import (
    awaiting_of,
    carried_of,
    offers_for,
    people_found,
    person_of,
)
from lianxin.catalogue.selectors.shelf import shelf
from lianxin.catalogue.views.applying import sent_context
from lianxin.kit.access import officer
from lianxin.kit.errors import RefusedError
from lianxin.members.api import beginning_of
from lianxin.orgs.api import Ability, Request
from lianxin.procedures.api import confirm_code_resend, dossier_confirm
from lianxin.ui.fields import refusal_show


@officer
@require_GET
def help_list(request: Request) -> HttpResponse:
    """Find the person, or go on with what was begun with somebody."""
    if not request.actor.can(Ability.MEMBER_HELP):
        raise Http404
    typed = request.GET.get("q", "")
    context = {
        "typed": typed,
        "people": people_found(request.actor, typed),
        "drafts": [one for one in drafts_of(request.user.pk) if one.person is not None],
        "awaiting": awaiting_of(request.actor),
    }
    return render(request, "catalogue/help_list.html", context)


@officer
@require_GET
def help_person(request: Request, member_id: uuid.UUID) -> HttpResponse:
    """Pick the service to fill in with a person."""
    member = person_of(request.actor, member_id)
    if member is None:
        raise Http404
    offers = [
        (one, policies.may_nominate(request.actor, one.card, member))
        for one in offers_for(member)
        if policies.may_apply(one.card, member)
        and policies.may_help_with(request.actor, one.definition.routing, member)
    ]
    shown = {
        "member": member,
        "offers": offers,
        "carried": carried_of(request.actor, member),
        "awaiting": awaiting_of(request.actor, member),
        "beginning": None if member.account_id else beginning_of(request.actor, member),
    }
    return render(request, "catalogue/help_person.html", shown)


@officer
@require_http_methods(["GET", "HEAD", "POST"])
def help_start(request: Request, member_id: uuid.UUID, code: str) -> HttpResponse:
    """Read the sentences to the person and begin; or put her forward."""
    member, offer = person_of(request.actor, member_id), shelf().offer(code)
    if member is None or offer is None:
        raise Http404
    is_helped = "nominate" not in request.GET
    asked = consents_asked(offer, member.account_id) if is_helped else []
    form = ConsentForm(
        request.POST if request.method == "POST" else None, asked=[one for one in asked if one.is_needed],
        initial={"guardian_name": member.name},
    )  # fmt: skip
    if request.method == "POST":
        try:
            draft = services.draft_begin(
                actor=request.actor, code=code, agreed=form.agreed,
                guardian_name=form.guardian_name, person_id=member_id, is_helped=is_helped,
            )  # fmt: skip
            return redirect("catalogue:apply_known", draft.pk)
        except RefusedError as refused:
            form.refuse(refused)
    context = {"member": member, "offer": offer, "card": offer.card, "form": form}
    context |= {"is_helped": is_helped, "days": promised_days(offer)}
    return render(request, "catalogue/help_start.html", context)


@officer
@require_http_methods(["POST"])
def help_confirm(request: Request, draft_id: uuid.UUID) -> HttpResponse:
    """Take the code the person reads from her phone, or have a new one sent to it."""
    context = sent_context(request, draft_id)
    dossier_id, form = context["dossier"].pk, CodeForm(request.POST)
    try:
        if "again" in request.POST:
            confirm_code_resend(actor=request.actor, dossier_id=dossier_id)
            messages.success(request, _("A new code is on its way to the person’s phone."))
            return redirect("catalogue:apply_sent", draft_id)
        if form.is_valid():
            dossier_confirm(
                actor=request.actor, dossier_id=dossier_id, code=form.cleaned_data["code"],
                key=str(draft_id),
            )  # fmt: skip
            return redirect("catalogue:apply_sent", draft_id)
    except RefusedError as refused:
        form.full_clean()
        refusal_show(form, refused)
    return render(request, "catalogue/apply_sent.html", {**context, "form": form})
