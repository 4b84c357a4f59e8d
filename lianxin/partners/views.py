"""Pages of partners: the desk of those who look after them, and what a contact sees of her own."""

from __future__ import annotations

import uuid

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from lianxin.kit.access import officer, signed_in
from lianxin.kit.errors import RefusedError
from lianxin.orgs.api import Ability, Request
from lianxin.partners import policies, selectors, services
from lianxin.partners.constants import KIND_WORDS, STATE_WORDS
from lianxin.partners.forms import ContactForm, PartnerForm, ReachForm
from lianxin.partners.models import Contact, Partner


@officer
@require_GET
def partner_list(request: Request) -> HttpResponse:
    """List the partners in reach; find one by name, pinyin or credit code."""
    if not request.actor.can(Ability.PARTNER_MANAGE):
        raise Http404
    search = request.GET.get("q", "").strip()
    page = selectors.partner_page(request.actor, search=search, after=request.GET.get("after"))
    rows = [(one, KIND_WORDS[one.kind]) for one in page.rows]
    shown = {"page": page, "rows": rows, "search": search}
    return render(request, "partners/partner_list.html", shown)


@officer
@require_http_methods(["GET", "HEAD", "POST"])
def partner_new(request: Request) -> HttpResponse:
    """Write a partner of one's union down."""
    unions = selectors.unions_for_partners(request.actor)
    wanted = request.GET.get("union") or next((one.code for one in unions), "")
    union = next((one for one in unions if one.code == wanted), None)
    if union is None:
        raise Http404
    form = PartnerForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            made = services.partner_add(actor=request.actor, organisation=union, entry=form.entry)
            messages.success(request, _("Written down. Now name who speaks for it."))
            return redirect("partners:partner", made.pk)
        except RefusedError as error:
            form.refuse(error)
    shown = {"union": union, "unions": unions, "form": form}
    return render(request, "partners/partner_edit.html", shown)


@officer
@require_GET
def partner(request: Request, partner_id: uuid.UUID) -> HttpResponse:
    """Show one partner and who speaks for it."""
    return _page(request, _reached(request, partner_id), ContactForm())


@officer
@require_http_methods(["GET", "HEAD", "POST"])
def partner_edit(request: Request, partner_id: uuid.UUID) -> HttpResponse:
    """Put right what is written of a partner."""
    found = _reached(request, partner_id)
    form = PartnerForm(request.POST or None, initial=PartnerForm.initial_of(found))
    if request.method == "POST" and form.is_valid():
        try:
            services.partner_correct(actor=request.actor, partner=found, entry=form.entry)
            messages.success(request, _("Put right."))
            return redirect("partners:partner", found.pk)
        except RefusedError as error:
            form.refuse(error)
    return render(request, "partners/partner_edit.html", {"partner": found, "form": form})


@officer
@require_POST
def partner_end(request: Request, partner_id: uuid.UUID) -> HttpResponse:
    """End the work with a partner."""
    services.partner_end(actor=request.actor, partner=_reached(request, partner_id))
    messages.success(request, _("Ended. Its contacts see nothing of it any more."))
    return redirect("partners:partner", partner_id)


@officer
@require_POST
def contact_new(request: Request, partner_id: uuid.UUID) -> HttpResponse:
    """Name somebody who speaks for a partner."""
    found = _reached(request, partner_id)
    form = ContactForm(request.POST)
    if form.is_valid():
        try:
            services.contact_name(
                actor=request.actor, partner=found,
                account_id=form.cleaned_data["person"].pk, title=form.cleaned_data["title"],
            )  # fmt: skip
            messages.success(request, _("Named. She finds her page under “Me”."))
            return redirect("partners:partner", found.pk)
        except RefusedError as error:
            form.refuse(error)
    return _page(request, found, form)


@officer
@require_POST
def contact_end(request: Request, partner_id: uuid.UUID, contact_id: uuid.UUID) -> HttpResponse:
    """End somebody's speaking for a partner."""
    found = _reached(request, partner_id)
    rows = Contact.objects.select_related("partner__organisation").filter(partner=found)
    services.contact_end(actor=request.actor, contact=get_object_or_404(rows, pk=contact_id))
    messages.success(request, _("Ended today."))
    return redirect("partners:partner", found.pk)


@signed_in
@require_http_methods(["GET", "HEAD", "POST"])
def own(request: Request) -> HttpResponse:
    """Show a contact her own partner: what is written of it, who else speaks for it, its union."""
    partners = list(selectors.own_partners(request.actor.account_id))
    if not partners:
        raise Http404
    wanted = request.GET.get("partner", "")
    found = next((one for one in partners if str(one.pk) == wanted), partners[0])
    form = ReachForm(request.POST or None, initial={"phone": found.phone, "address": found.address})
    if request.method == "POST" and form.is_valid():
        services.partner_reach(actor=request.actor, partner=found, **form.cleaned_data)
        messages.success(request, _("Put right. The union sees it as well."))
        return redirect(f"{request.path}?partner={found.pk}")
    contacts = selectors.contacts_of(found).filter(ended_on=None)
    shown = {
        "partner": found, "partners": partners, "contacts": contacts, "form": form,
        "kind": KIND_WORDS[found.kind],
    }  # fmt: skip
    return render(request, "partners/own.html", shown)


def _reached(request: Request, partner_id: uuid.UUID) -> Partner:
    rows = policies.visible_to(request.actor, Partner.objects.select_related("organisation"))
    return get_object_or_404(rows, pk=partner_id)


def _page(request: Request, found: Partner, form: ContactForm) -> HttpResponse:
    shown = {
        "partner": found, "kind": KIND_WORDS[found.kind], "state": STATE_WORDS[found.state],
        "contacts": selectors.contacts_of(found), "form": form,
    }  # fmt: skip
    return render(request, "partners/partner.html", shown)
