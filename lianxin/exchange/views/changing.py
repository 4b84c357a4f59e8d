"""What a contact wants different of a published offer: other words, more vouchers, its end."""

from __future__ import annotations

import uuid

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from lianxin.exchange import services
from lianxin.exchange.forms import ChangeForm, PictureForm, QuantityForm, ReasonForm
from lianxin.exchange.views.own import own_found, own_page
from lianxin.kit.access import signed_in
from lianxin.orgs.api import Request


@signed_in
@require_http_methods(["GET", "HEAD", "POST"])
def resource_change(request: Request, resource_id: uuid.UUID) -> HttpResponse:
    """Ask for other words, another place, price or time of what is published."""
    found = own_found(request, resource_id)
    form = ChangeForm(request.POST or None, resource=found)
    if request.method == "POST" and form.done(
        lambda: services.change_ask(
            actor=request.actor, resource_id=found.pk, entry=form.entry, reason=form.cleaned_data["reason"]
        )
    ):  # fmt: skip
        messages.success(request, _("The union reads it. Until then the offer stands as it was."))
        return redirect("exchange:own_resource", found.pk)
    return render(request, "exchange/resource_edit.html", {"form": form, "resource": found, "is_change": True})  # fmt: skip


@signed_in
@require_http_methods(["GET", "HEAD", "POST"])
def own_picture(request: Request, resource_id: uuid.UUID) -> HttpResponse:
    """Give an offer a picture, or take it away."""
    found = own_found(request, resource_id)
    if request.POST.get("deed") == "out":
        services.picture_take_out(actor=request.actor, resource_id=found.pk)
        messages.success(request, _("Taken away."))
        return redirect("exchange:own_resource", found.pk)
    alt = found.picture.alt if found.picture else ""
    form = PictureForm(request.POST or None, request.FILES or None, initial={"alt": alt})
    if request.method == "POST" and form.done(
        lambda: services.picture_set(actor=request.actor, resource_id=found.pk, **form.cleaned_data)
    ):
        messages.success(request, _("The union looks at it; then everybody sees it."))
        return redirect("exchange:own_resource", found.pk)
    return render(request, "exchange/own_picture.html", {"form": form, "resource": found})


@signed_in
@require_POST
def change_take_back(request: Request, resource_id: uuid.UUID) -> HttpResponse:
    """Take back what one asked for."""
    found = own_found(request, resource_id)
    services.change_take_back(actor=request.actor, resource_id=found.pk)
    messages.success(request, _("Taken back. The offer stands as it was."))
    return redirect("exchange:own_resource", found.pk)


@signed_in
@require_POST
def vouchers_raise(request: Request, resource_id: uuid.UUID) -> HttpResponse:
    """Give more vouchers."""
    found, form = own_found(request, resource_id), QuantityForm(request.POST)
    if not form.done(
        lambda: services.vouchers_raise(actor=request.actor, resource_id=found.pk, **form.cleaned_data)
    ):  # fmt: skip
        return own_page(request, found, raise_form=form)
    messages.success(request, _("Added. Whoever waits has hers at once."))
    return redirect("exchange:own_resource", found.pk)


@signed_in
@require_POST
def end_ask(request: Request, resource_id: uuid.UUID) -> HttpResponse:
    """Ask that an offer ends."""
    found, form = own_found(request, resource_id), ReasonForm(request.POST)
    if not form.done(
        lambda: services.end_ask(actor=request.actor, resource_id=found.pk, **form.cleaned_data)
    ):
        return own_page(request, found, end_form=form)
    messages.success(request, _("The union reads your reason and decides. Until then the offer stands."))  # fmt: skip
    return redirect("exchange:own_resource", found.pk)
