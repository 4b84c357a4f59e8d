"""Ends a session at a kiosk that nobody touches any more."""

from __future__ import annotations

from collections.abc import Callable

from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.shortcuts import redirect

from lianxin.accounts import selectors, services
from lianxin.ui import shellcache


class KioskMiddleware:
    """Looks at the session of kiosks alone; every other browser passes untouched."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        if selectors.kiosk_of(request) and not services.kiosk_touch(request):
            services.kiosk_end(request)
            return shellcache.forget_on_this_device(redirect("accounts:kiosk"))
        return self.get_response(request)
