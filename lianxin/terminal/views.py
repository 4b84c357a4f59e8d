"""The worker's home, her own page, and every human door in one place."""

from __future__ import annotations

from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from lianxin.kit import clock
from lianxin.kit.access import public, signed_in
from lianxin.orgs.api import Request
from lianxin.terminal import selectors


@public
@require_safe
def home(request: Request) -> HttpResponse:
    me = selectors.self_of(request)
    shown = {
        "me": me,
        "today": clock.today(),
        "greeting": selectors.greeting(me.name if me else ""),
    }
    return render(request, "terminal/home.html", shown)


@signed_in
@require_safe
def me(request: Request) -> HttpResponse:
    return render(request, "terminal/me.html", {"me": selectors.self_of(request)})


@public
@require_safe
def help(request: Request) -> HttpResponse:  # noqa: A001  (the word found in five rooms)
    return render(request, "terminal/help.html", {"me": selectors.self_of(request)})
