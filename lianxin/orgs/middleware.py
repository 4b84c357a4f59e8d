"""Puts `request.actor` on every request, loaded when first asked for."""

from __future__ import annotations

from collections.abc import Callable

from django.http import HttpRequest, HttpResponse
from django.utils.functional import SimpleLazyObject
from django_htmx.middleware import HtmxDetails

from lianxin.accounts import api as accounts
from lianxin.orgs.rules import Actor
from lianxin.orgs.selectors import actor_of


class Request(HttpRequest):
    """The request as pages see it; for annotations, the middlewares add these attributes."""

    actor: Actor
    htmx: HtmxDetails
    nav_key: str  # a page may say which tab it belongs to


class ActorMiddleware:
    """Adds the actor: the signed-in account with its posts in force."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        request.actor = SimpleLazyObject(lambda: _actor(request))  # type: ignore[attr-defined]
        return self.get_response(request)


def _actor(request: HttpRequest) -> Actor:
    actor = actor_of(request.user.pk)
    if actor.posts and not accounts.has_second_factor(request):
        # Signed in by phone an officer is a worker like any other, on every page.
        return Actor(account_id=actor.account_id, is_locked=True, beside=actor.beside)
    return actor
