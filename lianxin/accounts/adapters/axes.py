"""What django-axes counts: wrong passwords for a login name, apart on devices that are known."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.http import HttpRequest, HttpResponse

from lianxin.accounts.selectors import browser_of, is_known_device


def counted_name(request: HttpRequest, credentials: Mapping[str, Any] | None = None) -> str:
    """Name the counter. A stranger who guesses cannot lock the officer out of her own device."""
    name = str((credentials or request.POST).get("username") or "").strip().lower()
    browser = browser_of(request)
    return f"{name}@{browser[:16]}" if is_known_device(browser, login_name=name) else name


def no_address(_request: HttpRequest) -> None:
    """Keep no network address: many people share one."""


def same_page(
    _request: HttpRequest, response: HttpResponse, _credentials: Mapping[str, Any] | None
) -> HttpResponse:
    """Show the sign-in page as it is; it already says that one must wait."""
    return response
