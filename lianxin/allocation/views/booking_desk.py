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
from lianxin.allocation.rules.bookings import BookingState
from lianxin.allocation.rules.grid import FIRST_DAY, LAST_DAY, day_of
from lianxin.allocation.selectors import booking_lists
from lianxin.allocation.selectors.booking_chart import chart_of, drawn
from lianxin.allocation.selectors.booking_shown import (
    Thing,
    line_of,
    masked_who,
    things_of,
    way_of,
)
from lianxin.allocation.selectors.booking_words import run_words, units_words
from lianxin.allocation.services.booking_opening import details_open
from lianxin.kit import clock
from lianxin.kit.access import officer
from lianxin.kit.errors import RefusedError
from lianxin.kit.paging import page_of
from lianxin.kit.workdays import SHANGHAI
from lianxin.orgs.api import Ability, Request

# On which condition the part of the page with a form is there.
_SHOWN_IF = {"refuse_form": "may_answer", "drop_form": "may_drop", "move_form": "may_drop"}


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
    words = _("Yes said; whoever asked is told.")
    return _done(request, booking_id, services.booking_confirm, words)


@officer
@require_POST
def booking_refuse(request: Request, booking_id: uuid.UUID) -> HttpResponse:
    """Say no, with the reason."""
    words = _("No said, with your reason.")
    return _reasoned(request, booking_id, "refuse_form", services.booking_refuse, words)


@officer
@require_POST
def booking_drop(request: Request, booking_id: uuid.UUID) -> HttpResponse:
    """Take a booking back, with the reason."""
    words = _("Called off; whoever booked it is told at once.")
    return _reasoned(request, booking_id, "drop_form", services.booking_drop, words)


@officer
@require_POST
def booking_return(request: Request, booking_id: uuid.UUID) -> HttpResponse:
    """Give back what was booked for one's union."""
    words = _("Given back. Thank you: somebody else can have it now.")
    return _done(request, booking_id, services.booking_cancel, words)


@officer
@require_POST
def booking_move(request: Request, booking_id: uuid.UUID) -> HttpResponse:
    """Move a booking to another thing or time, with the reason."""
    booking = _seen(request, booking_id)
    form = _move_form(request, booking, request.POST)
    if form.done(
        lambda: services.booking_move(actor=request.actor, booking_id=booking.pk, **form.where)
    ):
        messages.success(request, _("Moved; whoever booked it is told at once."))
        return redirect("allocation:booking_desk", booking.pk)
    return _page(request, _seen(request, booking_id), move_form=form)


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
    request: Request,
    booking: Booking,
    *,
    details: dict[str, str] | None = None,
    **forms: ReasonForm,
) -> HttpResponse:
    thing = booking.bookable
    is_ours, is_running = policies.may_drop(request.actor, booking), booking.is_running
    shown: dict[str, Any] = {
        "booking": booking, "thing": thing, "when": run_words(booking), "line": line_of(booking),
        "steps": way_of(booking), "who": masked_who(booking),
        "count": units_words(thing, booking.size), "details": details,
        "may_answer": booking.standing is BookingState.ASKED and policies.may_answer(request.actor, booking),
        "may_drop": is_ours and is_running, "may_give_back": not is_ours and is_running,
        "refuse_form": ReasonForm(), "drop_form": ReasonForm(),
        "move_form": _move_form(request, booking) if is_ours else None,
    }  # fmt: skip
    for name, form in forms.items():
        if not shown[_SHOWN_IF[name]]:  # what it was about is settled: its part of the page is gone
            messages.error(request, " ".join(str(one[0]) for one in form.errors.values()))
    return render(request, "allocation/booking_desk.html", shown | forms)


def _move_form(request: Request, booking: Booking, sent: Any = None) -> MoveForm:
    targets = booking_lists.targets_for(booking, request.actor)
    grain = booking.bookable.cut
    return MoveForm(
        sent, targets=targets, grain=grain,
        initial={
            "bookable": str(booking.bookable_id), "day": day_of(grain, booking.first),
            "time": booking.starts_at.astimezone(SHANGHAI).time(),
        },
    )  # fmt: skip


def _done(
    request: Request, booking_id: uuid.UUID, act: Callable[..., object], words: str
) -> HttpResponse:
    booking = _seen(request, booking_id)
    try:
        act(actor=request.actor, booking_id=booking.pk)
    except RefusedError as refused:
        messages.error(request, refused.message)
    else:
        messages.success(request, words)
    return redirect("allocation:booking_desk", booking.pk)


def _reasoned(
    request: Request, booking_id: uuid.UUID, name: str, act: Callable[..., object], words: str
) -> HttpResponse:
    """Do what needs a reason; a refusal stands at its form, with what was typed."""
    booking, form = _seen(request, booking_id), ReasonForm(request.POST)
    if form.done(
        lambda: act(actor=request.actor, booking_id=booking.pk, reason=form.cleaned_data["reason"])
    ):
        messages.success(request, words)
        return redirect("allocation:booking_desk", booking.pk)
    forms: Any = {name: form}
    return _page(request, _seen(request, booking_id), **forms)


def _rows(bookings: list[Booking]) -> list[tuple[Booking, Any, str]]:
    return [(one, line_of(one), masked_who(one)) for one in bookings]


def _first(typed: str) -> dt.date:
    try:
        found = dt.date.fromisoformat(typed)
    except ValueError:
        return clock.today()
    return found if FIRST_DAY <= found <= LAST_DAY else clock.today()
