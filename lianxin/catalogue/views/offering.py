"""The public pages: services by need, search, and the guide of one service."""

from __future__ import annotations

from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from lianxin.catalogue.rules.search import LONGEST_QUERY
from lianxin.catalogue.selectors.guide import doors_html, guide_html, mine_of, window_of
from lianxin.catalogue.selectors.offers import offers_of
from lianxin.catalogue.selectors.places import places_ahead
from lianxin.catalogue.selectors.shelf import shelf
from lianxin.kit.access import public
from lianxin.kit.text import clean
from lianxin.orgs.api import Request
from lianxin.ui.slots import search_parts


@public
@require_safe
def service_list(request: Request) -> HttpResponse:
    """Show all services by need, the doors on top."""
    return render(request, "catalogue/service_list.html", {"doors": doors_html()})


@public
@require_safe
def service_search(request: Request) -> HttpResponse:
    """Find services by what one needs; while one types, only the result comes back."""
    typed = clean(request.GET.get("q", ""))[:LONGEST_QUERY]
    found = shelf()
    made = [make(request, typed) for make in search_parts] if typed else []
    context = {"typed": typed, "offers": found.search(typed), "doors": found.doors}
    context["parts"] = [card for card in made if card is not None]
    template = "_found_part" if request.htmx else "service_search"
    return render(request, f"catalogue/{template}.html", context)


@public
@require_safe
def service_page(request: Request, code: str) -> HttpResponse:
    """Show one service: whom it is for, what one gets, how long, whom to call, how to apply."""
    offer = shelf().offer(code)
    if offer is None:
        return render(request, "catalogue/service_gone.html", status=410)
    mine = mine_of(request.actor, offer) if request.user.is_authenticated else None
    context = {"offer": offer, "card": offer.card, "guide": guide_html(offer), "mine": mine}
    context["places"] = places_ahead(offer, mine.member if mine else None)
    context |= {"window": window_of(offer), "offers": offers_of(request, code)}
    return render(request, "catalogue/service_page.html", context)
