"""Puts `request.actor` on every request, loaded when first asked for."""

from __future__ import annotations

from collections.abc import Callable

from django.http import HttpRequest, HttpResponse
from django.utils.functional import SimpleLazyObject
from django_htmx.middleware import HtmxDetails

from lianxin.orgs.rules import Actor
from lianxin.orgs.selectors import actor_of


class Request(HttpRequest):
    """The request as pages see it; for annotations, the middlewares add these attributes."""

    actor: Actor
    htmx: HtmxDetails


class ActorMiddleware:
    """Adds the actor: the signed-in account with its posts in force."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        request.actor = SimpleLazyObject(lambda: actor_of(request.user.pk))  # type: ignore[attr-defined]
        return self.get_response(request)
