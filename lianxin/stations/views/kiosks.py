"""The keeper's pages for kiosks: ask for a code, read it, take one away."""

from __future__ import annotations

import uuid

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from lianxin.kit.access import officer
from lianxin.kit.ids import new_id
from lianxin.orgs.api import Request
from lianxin.stations import services
from lianxin.stations.forms import KioskForm
from lianxin.stations.models import StationKiosk
from lianxin.stations.selectors.kiosks import kiosk_rows, shown_code
from lianxin.stations.views.reaching import station_reached


@officer
@require_http_methods(["GET", "HEAD", "POST"])
def station_kiosks(request: Request, code: str) -> HttpResponse:
    """List the kiosks of a station, and ask for a code for one more."""
    station = station_reached(request, code)
    form = KioskForm(request.POST or None)
    key = request.POST.get("key", "") or str(new_id())
    if request.method == "POST" and form.done(
        lambda: services.kiosk_invite(
            actor=request.actor, station_id=station.pk, key=key, **form.cleaned_data
        )
    ):
        return redirect("stations:kiosk_code", code, form.outcome.pk)
    page = {"station": station, "kiosks": kiosk_rows(station), "form": form}
    return render(request, "stations/station_kiosks.html", page)


@officer
@never_cache
@require_safe
def kiosk_code(request: Request, code: str, kiosk_id: uuid.UUID) -> HttpResponse:
    """Show the code of a kiosk to its keeper until it was typed."""
    station = station_reached(request, code)
    kiosk = get_object_or_404(StationKiosk, station=station, pk=kiosk_id)
    address = request.build_absolute_uri(reverse("accounts:kiosk_set_up"))
    page = {
        "station": station,
        "kiosk": kiosk,
        "code": shown_code(kiosk),
        "address": address.partition("://")[2],
    }
    return render(request, "stations/kiosk_code.html", page)


@officer
@require_POST
def kiosk_remove(request: Request, code: str, kiosk_id: uuid.UUID) -> HttpResponse:
    """Take a kiosk away."""
    station = station_reached(request, code)
    services.kiosk_remove(actor=request.actor, station_id=station.pk, kiosk_id=kiosk_id)
    messages.success(request, _("Taken away. Its screen is no kiosk any more."))
    return redirect("stations:station_kiosks", code)
