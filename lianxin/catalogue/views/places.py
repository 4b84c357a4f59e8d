"""The officer's pages for places of a service that are short: which service, then how many and when."""

from __future__ import annotations

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from lianxin.catalogue import services
from lianxin.catalogue.forms import PlacesForm
from lianxin.catalogue.selectors.places import giving_unions, offers_with_places
from lianxin.catalogue.selectors.shelf import shelf
from lianxin.kit.access import officer
from lianxin.kit.errors import RefusedError
from lianxin.kit.ids import new_id
from lianxin.orgs.api import Organisation, Request


@officer
@require_safe
def places_list(request: Request) -> HttpResponse:
    """List the services whose places one can open."""
    _unions(request)
    return render(request, "catalogue/places_list.html", {"offers": offers_with_places()})


@officer
@require_http_methods(["GET", "HEAD", "POST"])
def places_new(request: Request, code: str) -> HttpResponse:
    """Say how many places there are, where and when; open them."""
    unions, offer = _unions(request), shelf().offer(code)
    if offer is None or offer.card.places is None:
        raise Http404
    form = PlacesForm(request.POST or None, unions=unions)
    if request.method == "POST" and form.is_valid():
        try:
            pool = services.places_open(
                actor=request.actor, offer=offer, organisation_id=form.chosen.pk,
                given=form.given(), key=request.POST.get("key", "")[:48] or str(new_id()),
            )  # fmt: skip
        except RefusedError as refused:
            form.refuse(refused)
        else:
            messages.success(request, _("Opened. Everybody it is for finds it with the service."))
            return redirect("allocation:pool_desk", pool.pk)
    shown = {"form": form, "offer": offer, "card": offer.card, "unions": unions}
    return render(request, "catalogue/places_new.html", shown)


def _unions(request: Request) -> list[Organisation]:
    found = giving_unions(request.actor)
    if not found:
        raise Http404
    return found
