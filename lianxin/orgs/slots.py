"""What the union tree shows elsewhere: the gate before every page of the desk."""

from __future__ import annotations

from django.http import HttpRequest
from django.urls import reverse

from lianxin.kit.access import officer_gates


def fill() -> None:
    """Fill the slots of the lower apps."""
    officer_gates.fill("orgs", second_factor_page)


def second_factor_page(request: HttpRequest) -> str:
    """Return where an officer shows password and second factor, if she has not in this session."""
    locked = getattr(getattr(request, "actor", None), "is_locked", False)
    return reverse("accounts:second_factor") if locked else ""
