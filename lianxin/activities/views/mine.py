"""What is hers alone: the address of her own calendar, the shifts she did."""

from __future__ import annotations

import uuid

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from lianxin.activities import services
from lianxin.activities.rules import ics
from lianxin.activities.selectors import calendars, helping
from lianxin.kit.access import public, signed_in
from lianxin.notify.api import words_for
from lianxin.orgs.api import Request


@signed_in
@require_http_methods(["GET", "HEAD", "POST"])
def calendar(request: Request) -> HttpResponse:
    """Say whether there is an address; make one, and show it this once."""
    account_id = uuid.UUID(str(request.user.pk))
    request.nav_key = "me"
    shown: dict[str, object] = {}
    if request.method == "POST":
        key = request.POST.get("key", "")[:64]
        token = services.calendar_make(actor=request.actor, account_id=account_id, key=key)
        path = f"{reverse('activities:own_feed')}?key={token}"
        shown["address"] = request.build_absolute_uri(path)
        shown["phone_address"] = f"webcal://{request.get_host()}{path}"
    shown["link"] = calendars.link_of(account_id)
    return render(request, "activities/calendar.html", shown)


@signed_in
@require_POST
def calendar_end(request: Request) -> HttpResponse:
    """Give the address up."""
    account_id = uuid.UUID(str(request.user.pk))
    services.calendar_end(actor=request.actor, account_id=account_id)
    messages.success(request, _("Gone. Whoever has the old address gets nothing any more."))
    return redirect("activities:calendar")


@signed_in
@require_safe
def shifts(request: Request) -> HttpResponse:
    """Show one's own shifts, ahead and done, and how many hours it was this year."""
    account_id = uuid.UUID(str(request.user.pk))
    request.nav_key = "me"
    shown = helping.shifts_page(account_id, request.GET.get("after"))
    return render(request, "activities/shifts.html", {"shown": shown, "page": shown.page})


@signed_in
@require_POST
def shift_drop(request: Request, helped_id: int) -> HttpResponse:
    """Take one out of one's own list."""
    services.shift_drop(account_id=uuid.UUID(str(request.user.pk)), helped_id=helped_id)
    messages.success(request, _("Taken out of your list."))
    return redirect("activities:shifts")


@public
@require_safe
def own_feed(request: Request) -> HttpResponse:
    """Send somebody's own calendar to the phone that knows its address.

    The token stands behind a question mark: what does, no access log keeps.
    """
    account_id = calendars.account_of_token(request.GET.get("key", ""))
    if account_id is None:
        raise Http404
    base = request.build_absolute_uri("/").rstrip("/")
    with words_for(account_id):
        plain = ics.written(calendars.own_sheet(account_id, base=base))
    answer = HttpResponse(plain, content_type="text/calendar; charset=utf-8")
    answer["Cache-Control"] = "private, no-store"
    answer["X-Robots-Tag"] = "noindex"
    return answer
