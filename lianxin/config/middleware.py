"""What every answer carries, whichever app gave it."""

from __future__ import annotations

from collections.abc import Callable

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import render

from lianxin.kit.errors import ForbiddenError, RefusedError, StaleError


class PermissionsPolicyMiddleware:
    """Tell the browser which of its powers our pages may ask for."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        answer = self.get_response(request)
        answer.headers.setdefault("Permissions-Policy", settings.PERMISSIONS_POLICY)
        return answer


class RefusalMiddleware:
    """Show the sentence of a refusal no view has caught: no wall of code, and no silence."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        return self.get_response(request)

    def process_exception(self, request: HttpRequest, error: Exception) -> HttpResponse | None:
        """Answer 403, 409 or 400; anything else is not a refusal."""
        if isinstance(error, ForbiddenError):
            return render(request, "403.html", {"sentence": error.message}, status=403)
        if isinstance(error, RefusedError):
            status = 409 if isinstance(error, StaleError) else 400
            return render(
                request, "config/refused.html", {"sentence": error.message}, status=status
            )
        return None
