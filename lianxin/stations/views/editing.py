"""The keeper's pages for what is written of her station: facts, hours, other days, who is told."""

from __future__ import annotations

import uuid

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from lianxin.kit.access import officer
from lianxin.orgs.api import Request
from lianxin.stations import services
from lianxin.stations.forms import DaysForm, HoursForm, KeeperForm, NewStationForm, StationForm
from lianxin.stations.selectors import desk, shown
from lianxin.stations.views.reaching import keeper_or_404, station_reached

FORM = require_http_methods(["GET", "HEAD", "POST"])


@officer
@FORM
def station_new(request: Request) -> HttpResponse:
    """Write a station down."""
    keeper_or_404(request)
    form = NewStationForm(
        request.POST or None, actor=request.actor, initial=desk.first_facts(request.actor)
    )
    if request.method == "POST" and form.done(
        lambda: services.station_found(
            actor=request.actor, organisation=form.union, entry=form.entry
        )
    ):
        messages.success(request, _("Written down. Now its hours, please."))
        return redirect("stations:station_hours", form.outcome.code)
    return render(request, "stations/station_edit.html", {"form": form})


@officer
@FORM
def station_edit(request: Request, code: str) -> HttpResponse:
    """Put right what is written of a station."""
    station = station_reached(request, code)
    form = StationForm(request.POST or None, initial=StationForm.initial_of(station))
    if request.method == "POST" and form.done(
        lambda: services.station_change(
            actor=request.actor, station_id=station.pk, entry=form.entry
        )
    ):
        messages.success(request, _("Put right. The public page shows it now."))
        return redirect("stations:station_desk", code)
    return render(request, "stations/station_edit.html", {"form": form, "station": station})


@officer
@FORM
def station_hours(request: Request, code: str) -> HttpResponse:
    """Set the hours of a week."""
    station = station_reached(request, code)
    form = HoursForm(request.POST or None, week=station.hours)
    if request.method == "POST" and form.is_valid():
        services.hours_set(actor=request.actor, station_id=station.pk, week=form.week)
        messages.success(request, _("Hours set. The public page shows them now."))
        return redirect("stations:station_desk", code)
    return render(request, "stations/station_hours.html", {"form": form, "station": station})


@officer
@FORM
def station_days(request: Request, code: str) -> HttpResponse:
    """Set other hours for some days: Spring Festival, a heat wave."""
    station = station_reached(request, code)
    form = DaysForm(request.POST or None)
    if request.method == "POST" and form.done(
        lambda: services.days_set(
            actor=request.actor, station_id=station.pk, spans=form.spans, **form.said
        )
    ):
        messages.success(request, _("Set. The public page announces it."))
        return redirect("stations:station_days", code)
    page = {"form": form, "station": station, "days": shown.days_to_come(station)}
    return render(request, "stations/station_days.html", page)


@officer
@require_POST
def days_remove(request: Request, code: str, days_id: uuid.UUID) -> HttpResponse:
    """Take other hours away again."""
    station = station_reached(request, code)
    services.days_remove(actor=request.actor, station_id=station.pk, days_id=days_id)
    return redirect("stations:station_days", code)


@officer
@FORM
def station_keepers(request: Request, code: str) -> HttpResponse:
    """Name who is told first."""
    station = station_reached(request, code)
    form = KeeperForm(request.POST or None)
    if request.method == "POST" and form.done(
        lambda: services.keeper_name(
            actor=request.actor, station_id=station.pk, typed=form.cleaned_data["login_name"]
        )
    ):
        return redirect("stations:station_keepers", code)
    page = {"form": form, "station": station, "keepings": desk.keepings_of(station)}
    return render(request, "stations/station_keepers.html", page)


@officer
@require_POST
def keeper_remove(request: Request, code: str, keeping_id: uuid.UUID) -> HttpResponse:
    """Take somebody off a station."""
    station = station_reached(request, code)
    services.keeper_remove(actor=request.actor, station_id=station.pk, keeping_id=keeping_id)
    return redirect("stations:station_keepers", code)


@officer
@FORM
def station_end(request: Request, code: str) -> HttpResponse:
    """Give a station up for good, or put it back; asked once more first."""
    station = station_reached(request, code)
    if request.method != "POST":
        return render(request, "stations/station_end.html", {"station": station})
    act = services.station_restore if "restore" in request.POST else services.station_end
    act(actor=request.actor, station_id=station.pk)
    messages.success(request, _("Done. The list says so now."))
    return redirect("stations:station_desk", code)
