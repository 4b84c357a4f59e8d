"""The part of the home page that says which stations are open now."""

from __future__ import annotations

from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from lianxin.kit.access import signed_in
from lianxin.members.api import member_of
from lianxin.orgs.api import Request
from lianxin.stations.selectors import home


@signed_in
@require_safe
def open_card(request: Request) -> HttpResponse:
    """Show a few stations that are open now in one's own district; asked for when it comes into sight."""
    member = member_of(request.user.pk)
    rows = home.open_near(member) if member else []
    return render(request, "stations/_open_part.html", {"rows": rows})
