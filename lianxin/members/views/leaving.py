"""A person takes her data along, or closes her account."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods

from lianxin.kit import clock
from lianxin.kit.access import signed_in
from lianxin.kit.errors import RefusedError
from lianxin.members.selectors.closings import closing_of
from lianxin.members.services.closing import closing_ask, closing_call_back, holds_of
from lianxin.members.services.packing import pack_of
from lianxin.orgs.api import Request


@signed_in
@require_GET
def copy(request: Request) -> HttpResponse:
    """Hand the person all that is kept about her: for machines, and as a page to read (PIPL art. 45)."""
    answer = HttpResponse(pack_of(request.actor), content_type="application/zip")
    answer["Content-Disposition"] = f'attachment; filename="lianxin-{clock.today():%Y%m%d}.zip"'
    answer["Cache-Control"] = "no-store, private"
    return answer


@signed_in
@require_http_methods(["GET", "HEAD", "POST"])
def closing(request: Request) -> HttpResponse:
    """Say what goes, what stays and by which law; close the account in fifteen working days."""
    if request.method == "POST":
        try:
            _decide(request)
            return redirect("members:closing")
        except RefusedError as error:
            messages.error(request, error.message)
    shown = {"closing": closing_of(request.actor.account_id), "holds": holds_of(request.actor)}
    return render(request, "members/account_close.html", shown)


def _decide(request: Request) -> None:
    if "call_back" in request.POST:
        closing_call_back(actor=request.actor)
        messages.success(request, _("Good that you stay. Nothing will be closed."))
    else:
        closing_ask(actor=request.actor)
        messages.success(request, _("Noted. Until the day comes you can call it back here."))
