"""The keeper's pages: her stations with their clocks, one of them, answers with one thumb."""

from __future__ import annotations

import uuid

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from lianxin.kit.access import officer
from lianxin.kit.errors import RefusedError
from lianxin.orgs.api import Request
from lianxin.stations import policies, services
from lianxin.stations.forms import AnswerForm, ShutForm
from lianxin.stations.models import Trouble
from lianxin.stations.selectors import desk
from lianxin.stations.views.reaching import keeper_or_404, station_reached


@officer
@require_GET
def desk_list(request: Request) -> HttpResponse:
    """List what was told of the stations in reach, the most urgent clock first, then the stations."""
    keeper_or_404(request)
    page = desk.list_page(request.actor, request.GET)
    return render(request, "stations/desk_list.html", page)


@officer
@require_GET
def station_desk(request: Request, code: str) -> HttpResponse:
    """Show one station to whoever keeps it: what was told, what is closed, what is planned."""
    station = station_reached(request, code)
    return render(
        request,
        "stations/station_desk.html",
        desk.station_page(station) | {"shut_form": ShutForm()},
    )


@officer
@require_http_methods(["GET", "HEAD", "POST"])
def trouble(request: Request, trouble_id: uuid.UUID) -> HttpResponse:
    """Show what was told, and take the keeper's answer."""
    request.nav_key = "stations"
    found = _trouble(request, trouble_id)
    form = AnswerForm(request.POST or None, trouble=found)
    if request.method == "POST" and form.is_valid():
        try:
            services.trouble_answer(
                actor=request.actor,
                trouble_id=found.pk,
                found=form.cleaned_data["found"],
                answer=form.cleaned_data["answer"],
                is_open_now=form.cleaned_data.get("is_open_now", False),
            )
            messages.success(request, _("Answered. Everybody can read it on the station’s page."))
            return redirect("stations:station_desk", found.station.code)
        except RefusedError as error:
            form.refuse(error)
    page = desk.trouble_page(request.actor, found) | {"form": form}
    page["reports"] = [(one, _words(request, one)) for one in page["reports"]]
    return render(request, "stations/trouble.html", page)


@officer
@require_POST
def station_shut(request: Request, code: str) -> HttpResponse:
    """Close a station for a while."""
    station = station_reached(request, code)
    form = ShutForm(request.POST)
    if form.is_valid():
        try:
            services.station_shut(
                actor=request.actor,
                station_id=station.pk,
                reason=form.cleaned_data["reason"],
                words=form.cleaned_data["words"],
                ends_at=form.ends_at,
            )
            messages.success(request, _("Closed. The list says so now."))
            return redirect("stations:station_desk", code)
        except RefusedError as error:
            form.refuse(error)
    return render(
        request, "stations/station_desk.html", desk.station_page(station) | {"shut_form": form}
    )


@officer
@require_POST
def station_reopen(request: Request, code: str) -> HttpResponse:
    """Open a station again."""
    services.station_reopen(actor=request.actor, station_id=station_reached(request, code).pk)
    messages.success(request, _("Open again. The list says so now."))
    return redirect("stations:station_desk", code)


def _words(request: Request, row: desk.ReportRow) -> str:
    if not row.has_words:
        return ""
    return services.report_open(actor=request.actor, report=row.report)


def _trouble(request: Request, trouble_id: uuid.UUID) -> Trouble:
    rows = Trouble.objects.select_related("station__organisation")
    found = get_object_or_404(rows, pk=trouble_id)
    if not policies.may_keep(request.actor, found.station):
        raise Http404
    return found
