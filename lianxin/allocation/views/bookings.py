"""Booking something by time: look, choose, fill in, see where it stands, give it back."""

from __future__ import annotations

import uuid
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from lianxin.allocation import services
from lianxin.allocation.forms.bookings import AskForm, HoldForm
from lianxin.allocation.models import Bookable, Booking
from lianxin.allocation.rules.bookings import Answer, BookingState
from lianxin.allocation.rules.offering import booking_pages, booking_services
from lianxin.allocation.selectors import booking_lists
from lianxin.allocation.selectors.booking_calendar import bookings_mine, choosing
from lianxin.allocation.selectors.booking_shown import (
    Thing,
    calendar_file,
    line_of,
    own_facts,
    things_of,
    way_of,
)
from lianxin.allocation.selectors.booking_words import booking_sentence, fault_words, run_words
from lianxin.allocation.selectors.bookings import guest_hindrance
from lianxin.kit.access import public, signed_in
from lianxin.kit.errors import RefusedError, StaleError
from lianxin.kit.ids import new_id
from lianxin.kit.paging import page_of
from lianxin.orgs.api import Request, organisation_by_code


@public
@require_safe
def bookable_list(request: Request) -> HttpResponse:
    """List what persons may book: beds, rooms, halls; by district, word and kind."""
    search, unit = request.GET.get("q", ""), request.GET.get("unit", "")
    district = organisation_by_code(request.GET.get("district", ""))
    service = request.GET.get("service", "")
    rows = booking_lists.bookables_open(
        search=search, district=district, unit=unit, service=service
    )
    page = page_of(rows, request.GET.get("after"), size=20, order=("title", "id"))
    shown = {
        "page": page, "things": things_of(page.rows), "search": search, "unit": unit, "district": district,
        "districts": booking_lists.districts(), "units": booking_lists.units_there(),
    }  # fmt: skip
    return render(request, "allocation/bookable_list.html", shown)


@public
@require_safe
def bookable(request: Request, bookable_id: uuid.UUID) -> HttpResponse:
    """Show a thing, its calendar, and the form to take what was chosen."""
    return _page(request, _thing(bookable_id))


@signed_in
@require_POST
def booking_hold(request: Request, bookable_id: uuid.UUID) -> HttpResponse:
    """Hold what was chosen, and lead to the few questions."""
    thing = _thing(bookable_id)
    form = HoldForm(request.POST, bookable=thing, unions=_unions(request, thing))
    if not form.is_valid():
        return _back(request, thing, form.cleaned_data.get("first"), form.wrong)
    given = form.cleaned_data
    if given["last"] < given["first"]:
        raise Http404
    try:
        found = services.booking_hold(actor=request.actor, wish=_wish(thing, given))
    except RefusedError as refused:
        return _back(request, thing, given["first"], refused.message)
    if found.booking is None:
        words = fault_words(thing, found.fault, found.left) if found.fault else ""
        return _back(request, thing, given["first"], words)
    if found.booking.state != BookingState.HELD:
        return redirect("allocation:booking", found.booking.pk)
    return _onward(found.booking)


@signed_in
@require_http_methods(["GET", "HEAD", "POST"])
def booking_ask(request: Request, booking_id: uuid.UUID) -> HttpResponse:
    """Ask who comes, and send it."""
    booking = _own(request, booking_id)
    if booking.state != BookingState.HELD:
        return redirect("allocation:booking", booking.pk)
    form = AskForm(request.POST or None, booking=booking, initial=own_facts(request.actor))
    if request.method == "POST" and form.is_valid():
        try:
            services.booking_ask(actor=request.actor, booking_id=booking.pk, details=form.details)
            return redirect("allocation:booking", booking.pk)
        except StaleError as stale:
            messages.warning(request, stale.message)
            return redirect("allocation:bookable", booking.bookable_id)
        except RefusedError as refused:
            form.refuse(refused)
    shown = {
        "booking": booking, "form": form, "when": run_words(booking), "line": line_of(booking),
        "sentence": booking_sentence(booking), "is_asked": booking.bookable.answer != Answer.AT_ONCE,
    }  # fmt: skip
    return render(request, "allocation/booking_ask.html", shown)


@signed_in
@require_safe
def booking_mine(request: Request) -> HttpResponse:
    """List one's own bookings: what is ahead, then what was."""
    ahead = [(one, line_of(one)) for one in bookings_mine(request.user.pk)]
    page = page_of(
        booking_lists.bookings_past(request.user.pk), request.GET.get("after"), size=20,
        order=("-starts_at", "-id"),
    )  # fmt: skip
    past = [(one, line_of(one)) for one in page.rows]
    return render(request, "allocation/booking_mine.html", {"ahead": ahead, "past": past, "page": page})  # fmt: skip


@signed_in
@require_safe
def booking(request: Request, booking_id: uuid.UUID) -> HttpResponse:
    """Show where one's own booking stands, what comes next, and the way back."""
    own = _own(request, booking_id)
    page = booking_pages.get(own.bookable.kind)
    shown = {
        "booking": own, "thing": own.bookable, "when": run_words(own), "sentence": booking_sentence(own),
        "line": line_of(own), "steps": way_of(own), "more_url": page(own.bookable.object_id) if page else "",
        "goes_on": _onward_url(own) if own.state == BookingState.HELD else "", "case_url": _case_url(own),
    }  # fmt: skip
    return render(request, "allocation/booking.html", shown)


@signed_in
@require_POST
def booking_cancel(request: Request, booking_id: uuid.UUID) -> HttpResponse:
    """Give one's own booking back."""
    own = _own(request, booking_id)
    try:
        services.booking_cancel(actor=request.actor, booking_id=own.pk)
    except RefusedError as refused:
        messages.error(request, refused.message)
    else:
        messages.success(request, _("Given back. Thank you: somebody else can have it now."))
    return redirect("allocation:booking", own.pk)


@signed_in
@require_safe
def booking_calendar(request: Request, booking_id: uuid.UUID) -> HttpResponse:
    """Give one's own booking as a file for the phone's calendar."""
    own = _own(request, booking_id)
    if own.state not in {BookingState.CONFIRMED, BookingState.USED}:
        raise Http404
    answer = HttpResponse(calendar_file(own), content_type="text/calendar; charset=utf-8")
    answer["Content-Disposition"] = 'attachment; filename="lianxin.ics"'
    return answer


def _back(request: Request, thing: Bookable, first: int | None, words: str) -> HttpResponse:
    """Lead back to what was chosen, with a word on why not."""
    messages.error(request, words)
    chosen = "" if first is None else f"?first={first}#choose"
    return redirect(reverse("allocation:bookable", args=[thing.pk]) + chosen)


def _page(request: Request, thing: Bookable) -> HttpResponse:
    asked = {name: request.GET.get(name, "") for name in ("month", "day", "first")}
    found = choosing(thing, **asked)
    account_id = request.user.pk if request.user.is_authenticated else None
    unions = _unions(request, thing)
    form = HoldForm(
        bookable=thing, unions=unions, lengths=[(one.last, one.words) for one in found.lengths],
        initial={"first": found.first, "key": str(new_id())},
    )  # fmt: skip
    hindrance = guest_hindrance(thing, account_id) if account_id and not unions else None
    shown: dict[str, Any] = {
        "thing": thing, "told": Thing.of(thing), "found": found, "form": form, "hindrance": hindrance,
    }  # fmt: skip
    return render(request, "allocation/bookable.html", shown)


def _wish(thing: Bookable, given: dict[str, Any]) -> services.Wish:
    return services.Wish(
        bookable_id=thing.pk,
        first=given["first"],
        last=given["last"],
        key=given["key"],
        size=given.get("size") or 1,
        union_id=given.get("union"),
    )


def _onward(held: Booking) -> HttpResponse:
    return redirect(_onward_url(held))


def _onward_url(held: Booking) -> str:
    """Return where what one holds is asked for: on our own page, or at the service that decides it."""
    service = booking_services.get(held.bookable.service)
    if held.bookable.answer == Answer.SERVICE and held.union_id is None and service:
        return service.page(held.pk)
    return reverse("allocation:booking_ask", args=[held.pk])


def _case_url(own: Booking) -> str:
    service = booking_services.get(own.bookable.service)
    return service.case_page(own.case_id) if service and own.case_id else ""


def _unions(request: Request, thing: Bookable) -> list[tuple[uuid.UUID, str]]:
    return [(one.pk, one.name) for one in booking_lists.unions_for(request.actor, thing)]


def _thing(bookable_id: uuid.UUID) -> Bookable:
    rows = Bookable.objects.select_related("organisation")
    return get_object_or_404(rows, pk=bookable_id)


def _own(request: Request, booking_id: uuid.UUID) -> Booking:
    found = booking_lists.booking_own(request.user.pk, booking_id)
    if found is None:
        raise Http404
    return found
