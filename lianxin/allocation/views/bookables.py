"""Offering things for booking at the desk: a new one, other terms, what becomes of bookings, the end."""

from __future__ import annotations

import uuid
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from lianxin.allocation import services
from lianxin.allocation.constants import GRAIN_WORDS
from lianxin.allocation.forms.bookables import BookableForm, PlaceForm, PlanForm
from lianxin.allocation.forms.bookings import ReasonForm
from lianxin.allocation.models import Bookable, Booking
from lianxin.allocation.rules.grid import Grain
from lianxin.allocation.rules.offering import booking_services
from lianxin.allocation.selectors import booking_lists
from lianxin.allocation.selectors.booking_shown import line_of, masked_who
from lianxin.allocation.selectors.bookings import conflicts_of
from lianxin.allocation.views.booking_desk import arranged
from lianxin.kit.access import officer
from lianxin.kit.errors import RefusedError
from lianxin.orgs.api import Request


@officer
@require_http_methods(["GET", "HEAD", "POST"])
def bookable_new(request: Request) -> HttpResponse:
    """Offer a room, beds or a hall of one's union."""
    if not booking_lists.may_offer(request.actor):
        raise Http404
    grain = _grain(request)
    form = _form(request, grain, BookableForm.first_of(grain))
    where = PlaceForm(request.POST or None, actor=request.actor)
    if (
        request.method == "POST"
        and where.is_valid()
        and form.done(
            lambda: services.bookable_open(actor=request.actor, terms=form.terms, **where.opened_at)
        )
    ):
        messages.success(request, _("Offered. It can be booked from now on."))
        return redirect("allocation:bookable_desk", form.outcome.pk)
    shown = {"form": form, "where": where, "grain": grain, "grains": GRAIN_WORDS.items()}  # fmt: skip
    return render(request, "allocation/bookable_edit.html", shown)


@officer
@require_http_methods(["GET", "HEAD", "POST"])
def bookable_edit(request: Request, bookable_id: uuid.UUID) -> HttpResponse:
    """Change hours and terms; where bookings lose their place, say what becomes of each."""
    thing = arranged(request, bookable_id)
    form = _form(request, thing.cut, BookableForm.initial_of(thing))
    conflicts: list[Booking] = []
    plan = None
    if request.method == "POST" and form.is_valid():
        try:
            return _changed(request, thing, form)
        except services.ConflictsError as error:
            conflicts, plan = error.bookings, _plan_form(request, thing, error.bookings)
        except RefusedError as error:
            conflicts, plan = _again(request, thing, form, error)
    shown = {
        "thing": thing, "form": form, "grain": thing.cut, "plan": plan,
        "conflicts": [(one, line_of(one), masked_who(one)) for one in conflicts],
    }  # fmt: skip
    return render(request, "allocation/bookable_edit.html", shown)


@officer
@require_POST
def bookable_end(request: Request, bookable_id: uuid.UUID) -> HttpResponse:
    """Offer a thing no more."""
    thing, form = arranged(request, bookable_id), ReasonForm(request.POST)
    form.fields["reason"].required = False
    if form.is_valid():
        try:
            reason = form.cleaned_data["reason"]
            services.bookable_end(actor=request.actor, bookable_id=thing.pk, reason=reason)
        except RefusedError as refused:
            messages.error(request, refused.message)
        else:
            messages.success(request, _("Offered no more; whoever had booked is told."))
            return redirect("allocation:booking_list")
    return redirect("allocation:bookable_desk", thing.pk)


def _changed(request: Request, thing: Bookable, form: BookableForm) -> HttpResponse:
    plan = _sent_plan(request)
    services.bookable_change(
        actor=request.actor,
        bookable_id=thing.pk,
        terms=form.terms,
        plan=plan,
        reason=request.POST.get("reason", ""),
    )
    messages.success(request, _("Changed. Whoever had to move or was called off is told."))
    return redirect("allocation:bookable_desk", thing.pk)


def _sent_plan(request: Request) -> dict[uuid.UUID, uuid.UUID | None]:
    """Read what was said of each booking without a place; a broken answer is none."""
    plan: dict[uuid.UUID, uuid.UUID | None] = {}
    for name, chosen in request.POST.items():
        if not name.startswith("plan-"):
            continue
        try:
            target = None if chosen == "off" else uuid.UUID(str(chosen))
            plan[uuid.UUID(name.removeprefix("plan-"))] = target
        except ValueError:
            continue
    return plan


def _again(
    request: Request, thing: Bookable, form: BookableForm, error: RefusedError
) -> tuple[list[Booking], PlanForm | None]:
    """Show a refusal where it belongs: at the form, or at what was said of bookings without a place."""
    conflicts = conflicts_of(thing, form.terms.openings, form.terms.units)
    if not conflicts or error.field in form.fields:
        form.refuse(error)
        return [], None
    plan = _plan_form(request, thing, conflicts)
    plan.refuse(error)
    return conflicts, plan


def _plan_form(request: Request, thing: Bookable, conflicts: list[Booking]) -> PlanForm:
    """Ask of each booking what becomes of it; what was said already stands."""
    is_sent = any(name.startswith("plan-") for name in request.POST)
    targets = booking_lists.bookables_arranged(request.actor).filter(grain=thing.grain)
    others = list(targets.exclude(pk=thing.pk)[:40])
    return PlanForm(request.POST if is_sent else None, conflicts=conflicts, targets=others)


def _form(request: Request, grain: Grain, initial: dict[str, Any]) -> BookableForm:
    deciding = [(code, str(one.label)) for code, one in booking_services.items()]
    sent = request.POST if request.method == "POST" else None
    return BookableForm(sent, grain=grain, services=deciding, initial=initial)


def _grain(request: Request) -> Grain:
    typed = request.GET.get("grain", "")
    return Grain(typed) if typed in set(Grain) else Grain.NIGHT
