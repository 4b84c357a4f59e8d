"""The worker's home, her own page, and every human door in one place."""

from __future__ import annotations

from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from lianxin.kit import clock
from lianxin.kit.access import public, signed_in
from lianxin.orgs.api import Request
from lianxin.terminal import selectors


@require_safe
@public
def home(request: Request) -> HttpResponse:
    me = selectors.self_of(request)
    shown = {
        "me": me,
        "today": clock.today(),
        "greeting": selectors.greeting(me.name if me else ""),
    }
    return render(request, "terminal/home.html", shown)


@require_safe
@signed_in
def me(request: Request) -> HttpResponse:
    return render(request, "terminal/me.html", {"me": selectors.self_of(request)})


@require_safe
@public
def help(request: Request) -> HttpResponse:  # noqa: A001  (the word found in five rooms)
    return render(request, "terminal/help.html", {"me": selectors.self_of(request)})
