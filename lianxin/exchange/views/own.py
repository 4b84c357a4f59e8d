"""What a partner's contact does: offer, put right, open a counter, answer bookings."""

from __future__ import annotations

import uuid
from typing import Any

import segno
from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from lianxin.allocation import api as allocation
from lianxin.exchange import policies, selectors, services
from lianxin.exchange.constants import STATE_TONES, STATE_WORDS
from lianxin.exchange.forms import QuantityForm, ReasonForm, ResourceForm
from lianxin.exchange.models import Resource
from lianxin.kit.access import signed_in
from lianxin.kit.errors import RefusedError
from lianxin.orgs.api import Request


@signed_in
@require_safe
def own_list(request: Request) -> HttpResponse:
    """List what the partners one speaks for offer."""
    partners = policies.spoken_for(request.actor.account_id)
    if not partners:
        raise Http404
    page = selectors.own_page(request.actor.account_id, after=request.GET.get("after"))
    rows = [(one, STATE_WORDS[one.state], STATE_TONES[one.state]) for one in page.rows]
    return render(request, "exchange/own_list.html", {"page": page, "rows": rows})


@signed_in
@require_http_methods(["GET", "HEAD", "POST"])
def resource_new(request: Request) -> HttpResponse:
    """Offer something."""
    partners = policies.spoken_for(request.actor.account_id)
    if not partners:
        raise Http404
    form = ResourceForm(request.POST or None, partners=partners)
    if request.method == "POST" and form.is_valid():
        partner = next(one for one in partners if str(one.pk) == form.cleaned_data["partner"])
        try:
            made = services.resource_offer(
                actor=request.actor, partner=partner, entry=form.entry, key=form.cleaned_data["key"]
            )
            messages.success(request, _("Thank you. The union reads it; then everybody finds it."))
            return redirect("exchange:own_resource", made.pk)
        except RefusedError as error:
            form.refuse(error)
    return render(request, "exchange/resource_edit.html", {"form": form})


@signed_in
@require_http_methods(["GET", "HEAD", "POST"])
def resource_edit(request: Request, resource_id: uuid.UUID) -> HttpResponse:
    """Put right what is not published yet."""
    found = own_found(request, resource_id)
    form = ResourceForm(
        request.POST or None, partners=[found.partner], initial=ResourceForm.initial_of(found)
    )
    if request.method == "POST" and form.done(
        lambda: services.resource_amend(actor=request.actor, resource_id=found.pk, entry=form.entry)
    ):
        messages.success(request, _("Put right. The union reads it once more."))
        return redirect("exchange:own_resource", found.pk)
    return render(request, "exchange/resource_edit.html", {"form": form, "resource": found})


@signed_in
@require_safe
def own_resource(request: Request, resource_id: uuid.UUID) -> HttpResponse:
    """Show a contact her offer: where it stands, who comes, what was redeemed. No member's name."""
    return own_page(request, own_found(request, resource_id))


def own_page(request: Request, found: Resource, **forms: object) -> HttpResponse:
    """Draw the page of one's own offer, with forms as they were sent."""
    pool = selectors.pool_of(found)
    bookings = [(one, allocation.line_of(one), allocation.run_words(one)) for one in selectors.bookings_of(found)]  # fmt: skip
    shown = {
        "resource": found, "facts": selectors.facts_of(found, pool), "state": STATE_WORDS[found.state],
        "tone": STATE_TONES[found.state], "may_edit": found.state in {"offered", "returned"},
        "pool": pool, "tally": allocation.tally_of(pool.pk) if pool else None, "bookings": bookings,
        "counters": allocation.gates_open(pool.pk).count() if pool else 0,
        "counters_heard": len(allocation.gates_heard(pool.pk)) if pool else 0,
        "may_change": found.is_there, "wish": found.wish, "wished": selectors.wish_words(found),
        "raise_form": QuantityForm(initial={"quantity": found.quantity}), "end_form": ReasonForm(),
    }  # fmt: skip
    return render(request, "exchange/own_resource.html", shown | forms)


@signed_in
@require_POST
def counter_open(request: Request, resource_id: uuid.UUID) -> HttpResponse:
    """Open a counter for vouchers and show its address, this once."""
    found = own_found(request, resource_id)
    pool = selectors.pool_of(found)
    if pool is None:
        raise Http404
    try:
        gate, secret = allocation.gate_open(actor=request.actor, pool_id=pool.pk, name=_("Counter"))
    except RefusedError as refused:
        messages.error(request, refused.message)
        return redirect("exchange:own_resource", found.pk)
    address = request.build_absolute_uri(reverse("allocation:gate", args=[gate.pk])) + f"#{secret}"
    picture = segno.make(address, error="m").svg_data_uri(scale=6, border=4, light="#fff")
    shown = {"resource": found, "address": address, "picture": picture}
    return render(request, "exchange/counter_open.html", shown)


@signed_in
@require_POST
def counter_close(request: Request, resource_id: uuid.UUID) -> HttpResponse:
    """Close the counters of an offer."""
    found = own_found(request, resource_id)
    if pool := selectors.pool_of(found):
        for gate in allocation.gates_open(pool.pk)[:100]:
            allocation.gate_close(actor=request.actor, gate_id=gate.pk)
        messages.success(request, _("The counters are closed."))
    return redirect("exchange:own_resource", found.pk)


@signed_in
@require_POST
def counter_disown(request: Request, resource_id: uuid.UUID) -> HttpResponse:
    """Believe the counters of an offer nothing more, where an address fell into wrong hands."""
    found = own_found(request, resource_id)
    if pool := selectors.pool_of(found):
        for gate in allocation.gates_heard(pool.pk):
            allocation.gate_disown(actor=request.actor, gate_id=gate.pk)
        messages.success(request, _("Nothing more is believed from these counters. What had arrived stays as it is."))  # fmt: skip
    return redirect("exchange:own_resource", found.pk)


@signed_in
@require_http_methods(["GET", "HEAD", "POST"])
def own_booking(request: Request, booking_id: uuid.UUID) -> HttpResponse:
    """Show who wants to come when, open how the officer is reached, say yes or no."""
    booking = selectors.booking_of(request.actor.account_id, booking_id)
    if booking is None:
        raise Http404
    form, deed = ReasonForm(), request.POST.get("deed", "")
    if deed == "no":
        form = ReasonForm(request.POST)
        if form.is_valid():
            return _answered(request, booking, form.cleaned_data["reason"])
    if deed == "yes":
        return _answered(request, booking, None)
    details = (
        allocation.details_open(actor=request.actor, booking=booking) if deed == "open" else {}
    )
    shown = {
        "booking": booking, "thing": booking.bookable, "when": allocation.run_words(booking),
        "line": allocation.line_of(booking), "form": form,
        "details": {name: details[name] for name in ("name", "phone", "people") if details.get(name)},
        "may_answer": booking.standing is allocation.BookingState.ASKED and allocation.may_answer(request.actor, booking),
    }  # fmt: skip
    return render(request, "exchange/own_booking.html", shown)


def _answered(request: Request, booking: allocation.Booking, reason: str | None) -> HttpResponse:
    answer: dict[str, Any] = {"actor": request.actor, "booking_id": booking.pk}
    try:
        if reason is None:
            allocation.booking_confirm(**answer)
        else:
            allocation.booking_refuse(**answer, reason=reason)
    except RefusedError as refused:
        messages.error(request, refused.message)
    else:
        messages.success(request, _("Thank you; whoever asked is being told."))
    return redirect("exchange:own_resource", booking.bookable.object_id)


def own_found(request: Request, resource_id: uuid.UUID) -> Resource:
    """Return an offer of a partner one speaks for.

    Raises:
        Http404: there is none of hers.
    """
    found = selectors.own_resource(request.actor.account_id, resource_id)
    if found is None:
        raise Http404
    return found
