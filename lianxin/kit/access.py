"""Who may come to a page at all: every view wears exactly one of these marks.

The mark is the outer fence (nobody, a signed-in person, an officer); what of the page's content
she may see is decided by the app's `policies.py`. A house test refuses a view without a mark.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import Any, Concatenate, ParamSpec, TypeVar

from django.conf import settings
from django.contrib.auth.views import redirect_to_login
from django.http import Http404, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import resolve_url
from django.utils.translation import gettext as _

from lianxin.kit.errors import ForbiddenError
from lianxin.kit.slots import Slot

P = ParamSpec("P")
# Views may name a richer request than Django's own (`orgs.api.Request`).
R = TypeVar("R", bound=HttpRequest)
View = Callable[Concatenate[R, P], HttpResponseBase]

officer_gates: Slot[Callable[[HttpRequest], str]] = Slot(
    "officer_gates",
    purpose='What an officer still has to show before the desk opens: the page where, or ""',
)


def public(view: View[R, P]) -> View[R, P]:
    """Open to everybody, signed in or not: public information and the doors to sign in.

    What it says to one person (her name on the home, an answer to her form) is kept by nobody.
    """

    @wraps(view)
    def guarded(request: R, /, *args: P.args, **kwargs: P.kwargs) -> HttpResponseBase:
        answer = view(request, *args, **kwargs)
        return _kept_private(answer) if _is_for_one(request) else answer

    return _marked(guarded, "public")


def signed_in(view: View[R, P]) -> View[R, P]:
    """Open to a signed-in person; anybody else signs in first and comes back."""

    @wraps(view)
    def guarded(request: R, /, *args: P.args, **kwargs: P.kwargs) -> HttpResponseBase:
        if not request.user.is_authenticated:
            return _to_sign_in(request)
        return _kept_private(view(request, *args, **kwargs))

    return _marked(guarded, "signed_in")


def officer(view: View[R, P]) -> View[R, P]:
    """Open to a signed-in person who holds at least one post of the union today."""

    @wraps(view)
    def guarded(request: R, /, *args: P.args, **kwargs: P.kwargs) -> HttpResponseBase:
        if not request.user.is_authenticated:
            return _to_sign_in(request)
        for gate in officer_gates:
            if page := gate(request):
                return _led_to(request, page)
        if not getattr(getattr(request, "actor", None), "posts", ()):
            raise ForbiddenError(_("This page is for officers of the union."))
        return _kept_private(view(request, *args, **kwargs))

    return _marked(guarded, "officer")


def demo_only(view: View[R, P]) -> View[R, P]:
    """Exists in demo mode only; everywhere else there is no such page."""

    @wraps(view)
    def guarded(request: R, /, *args: P.args, **kwargs: P.kwargs) -> HttpResponseBase:
        if not settings.DEMO:
            raise Http404
        return view(request, *args, **kwargs)

    return _marked(guarded, "demo_only")


def access_of(view: Callable[..., Any]) -> str:
    """Return the mark of a view, or "" if it wears none."""
    return str(getattr(view, "access", ""))


def _marked(view: View[R, P], access: str) -> View[R, P]:
    view.access = access  # type: ignore[attr-defined]  # a function carries what it is given
    return view


def _is_for_one(request: HttpRequest) -> bool:
    """Say whether an answer was made for the one who asked; a page that looked at nobody is not."""
    if request.method not in {"GET", "HEAD"}:
        return True
    session = getattr(request, "session", None)
    has_looked = session is None or session.accessed
    return has_looked and bool(getattr(getattr(request, "user", None), "is_authenticated", False))


def _to_sign_in(request: HttpRequest) -> HttpResponse:
    return _led_to(request, resolve_url(settings.LOGIN_URL))


def _led_to(request: HttpRequest, page: str) -> HttpResponse:
    """Send to a page that comes back here when it is done."""
    answer = redirect_to_login(
        request.get_full_path() if request.method == "GET" else _came_from(request), page
    )
    if request.headers.get("HX-Request") == "true":
        # htmx would follow a plain redirect and put the sign-in page inside this one.
        return HttpResponse(status=204, headers={"HX-Redirect": answer.url})
    return answer


def _came_from(request: HttpRequest) -> str:
    """Return the page a form stood on: one cannot come back to a POST."""
    own = f"{request.scheme}://{request.get_host()}/"
    before = request.headers.get("Referer", "")
    return "/" + before.removeprefix(own) if before.startswith(own) else "/"


def _kept_private(answer: HttpResponseBase) -> HttpResponseBase:
    """Tell browsers and proxies to keep no copy: phones and kiosks are shared."""
    if not answer.has_header("Cache-Control"):
        answer["Cache-Control"] = "no-store, private"
    return answer
