"""The arranger's desk of bookings: what waits for an answer, who comes, what is offered on which terms."""

from __future__ import annotations

import datetime as dt
import uuid
from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from lianxin.allocation import policies, services
from lianxin.allocation.constants import GRAIN_WORDS
from lianxin.allocation.forms.bookings import MoveForm, ReasonForm
from lianxin.allocation.models import Bookable, Booking
from lianxin.allocation.rules.grid import cells_of_day, day_of
from lianxin.allocation.selectors import booking_lists
from lianxin.allocation.selectors.booking_chart import chart_of, drawn
from lianxin.allocation.selectors.booking_shown import (
    Thing,
    line_of,
    masked_who,
    things_of,
    way_of,
)
from lianxin.allocation.selectors.booking_words import booking_sentence, run_words, units_words
from lianxin.allocation.services.booking_opening import details_open
from lianxin.kit import clock
from lianxin.kit.access import officer
from lianxin.kit.errors import RefusedError
from lianxin.kit.paging import page_of
from lianxin.orgs.api import Ability, Request


@officer
@require_GET
def booking_list(request: Request) -> HttpResponse:
    """List what waits for my answer, who comes next, and what I offer."""
    if not request.actor.can(Ability.PLACES_MANAGE):
        raise Http404
    waiting = list(booking_lists.bookings_to_answer(request.actor)[:20])
    ahead = list(booking_lists.bookings_ahead(request.actor)[:10])
    ours = list(booking_lists.bookings_of_unions(request.actor)[:10])
    page = page_of(
        booking_lists.bookables_arranged(request.actor), request.GET.get("after"), size=30,
        order=("title", "id"),
    )  # fmt: skip
    shown = {
        "waiting": _rows(waiting), "ahead": _rows(ahead), "ours": _rows(ours), "page": page,
        "things": things_of(page.rows), "grains": GRAIN_WORDS.items(),
    }  # fmt: skip
    return render(request, "allocation/booking_list.html", shown)


@officer
@require_GET
def bookable_desk(request: Request, bookable_id: uuid.UUID) -> HttpResponse:
    """Show who has what of a thing when: a chart, and the list it draws."""
    thing = arranged(request, bookable_id)
    chart = chart_of(thing, _first(request.GET.get("from", "")))
    shown = {
        "thing": thing, "told": Thing.of(thing), "chart": chart, "drawn": drawn(chart),
        "rows": _rows(chart.bookings), "form": ReasonForm(),
    }  # fmt: skip
    return render(request, "allocation/bookable_desk.html", shown)


@officer
@require_GET
def booking_desk(request: Request, booking_id: uuid.UUID) -> HttpResponse:
    """Show one booking to whoever answers or arranges it."""
    return _page(request, _seen(request, booking_id))


@officer
@require_POST
def booking_open(request: Request, booking_id: uuid.UUID) -> HttpResponse:
    """Open name, telephone and what was told; the person sees that."""
    booking = _seen(request, booking_id)
    details = details_open(actor=request.actor, booking=booking)
    return _page(request, booking, details=details)


@officer
@require_POST
def booking_confirm(request: Request, booking_id: uuid.UUID) -> HttpResponse:
    """Say yes."""
    booking = _seen(request, booking_id)
    return _done(
        request,
        booking,
        lambda: services.booking_confirm(actor=request.actor, booking_id=booking.pk),
        _("Yes said; whoever asked is told."),
    )


@officer
@require_POST
def booking_refuse(request: Request, booking_id: uuid.UUID) -> HttpResponse:
    """Say no, with the reason."""
    booking, form = _seen(request, booking_id), ReasonForm(request.POST)
    if not form.is_valid():
        return _page(request, booking, refuse_form=form)
    reason = form.cleaned_data["reason"]
    return _done(
        request,
        booking,
        lambda: services.booking_refuse(actor=request.actor, booking_id=booking.pk, reason=reason),
        _("No said, with your reason."),
    )


@officer
@require_POST
def booking_drop(request: Request, booking_id: uuid.UUID) -> HttpResponse:
    """Take a booking back, with the reason."""
    booking, form = _seen(request, booking_id), ReasonForm(request.POST)
    if not form.is_valid():
        return _page(request, booking, drop_form=form)
    reason = form.cleaned_data["reason"]
    return _done(
        request,
        booking,
        lambda: services.booking_drop(actor=request.actor, booking_id=booking.pk, reason=reason),
        _("Called off; whoever booked it is told at once."),
    )


@officer
@require_POST
def booking_return(request: Request, booking_id: uuid.UUID) -> HttpResponse:
    """Give back what was booked for one's union."""
    booking = _seen(request, booking_id)
    return _done(
        request,
        booking,
        lambda: services.booking_cancel(actor=request.actor, booking_id=booking.pk),
        _("Given back. Thank you: somebody else can have it now."),
    )


@officer
@require_POST
def booking_move(request: Request, booking_id: uuid.UUID) -> HttpResponse:
    """Move a booking to another thing or time, with the reason."""
    booking = _seen(request, booking_id)
    form = _move_form(request, booking, request.POST)
    if not form.is_valid():
        return _page(request, booking, move_form=form)
    given = form.cleaned_data
    first = cells_of_day(booking.bookable.cut, given["day"]).first + form.half
    moved = {"bookable_id": given["bookable"], "first": first, "reason": given["reason"]}
    return _done(
        request,
        booking,
        lambda: services.booking_move(actor=request.actor, booking_id=booking.pk, **moved),
        _("Moved; whoever booked it is told at once."),
    )


def arranged(request: Request, bookable_id: uuid.UUID) -> Bookable:
    """Return a thing the actor arranges; there is no such page for anybody else."""
    rows = policies.bookables_visible_to(
        request.actor, Bookable.objects.select_related("organisation")
    )
    return get_object_or_404(rows, pk=bookable_id)


def _seen(request: Request, booking_id: uuid.UUID) -> Booking:
    """Return a booking of a thing or a union of the actor's; her own as a person is not at the desk."""
    rows = Booking.objects.select_related("bookable__organisation", "union", "account")
    return get_object_or_404(policies.bookings_at_desk(request.actor, rows), pk=booking_id)


def _page(
    request: Request, booking: Booking, *, details: dict[str, str] | None = None, **forms: Any
) -> HttpResponse:
    thing = booking.bookable
    may_drop = policies.may_drop(request.actor, booking)
    shown = {
        "booking": booking, "thing": thing, "when": run_words(booking), "line": line_of(booking),
        "sentence": booking_sentence(booking), "steps": way_of(booking), "who": masked_who(booking),
        "count": units_words(thing, booking.size), "details": details,
        "may_answer": booking.state == "asked" and policies.may_answer(request.actor, booking),
        "may_drop": may_drop and booking.is_running,
        "may_give_back": not may_drop and booking.is_running,
        "refuse_form": ReasonForm(), "drop_form": ReasonForm(),
        "move_form": _move_form(request, booking) if may_drop else None,
    }  # fmt: skip
    return render(request, "allocation/booking_desk.html", shown | forms)


def _move_form(request: Request, booking: Booking, sent: Any = None) -> MoveForm:
    targets = booking_lists.targets_for(booking, request.actor)
    day = day_of(booking.bookable.cut, booking.first)
    return MoveForm(
        sent, targets=targets, grain=booking.bookable.cut,
        initial={"bookable": str(booking.bookable_id), "day": day},
    )  # fmt: skip


def _done(
    request: Request, booking: Booking, act: Callable[[], object], words: str
) -> HttpResponse:
    try:
        act()
    except RefusedError as refused:
        messages.error(request, refused.message)
    else:
        messages.success(request, words)
    return redirect("allocation:booking_desk", booking.pk)


def _rows(bookings: list[Booking]) -> list[tuple[Booking, Any, str]]:
    return [(one, line_of(one), masked_who(one)) for one in bookings]


def _first(typed: str) -> dt.date:
    try:
        found = dt.date.fromisoformat(typed)
    except ValueError:
        return clock.today()
    return found if 2000 <= found.year <= 2100 else clock.today()
