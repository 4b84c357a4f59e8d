"""What the pages of signing in share: where to go next, the device cookie, the way in."""

from __future__ import annotations

import uuid

from django.conf import settings
from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect, QueryDict
from django.shortcuts import redirect
from django.urls import NoReverseMatch, reverse
from django.utils.http import url_has_allowed_host_and_scheme

from lianxin.accounts import rules, selectors, services
from lianxin.accounts.models import SignIn, User
from lianxin.accounts.rules import Stage
from lianxin.kit.errors import StaleError
from lianxin.ui import preferences
from lianxin.ui.slots import Preferences

AFTER = "after_sign_in"
DEVICE_DAYS = 400
PAGES = {
    Stage.CODE: "accounts:code",
    Stage.WHO: "accounts:identity",
    Stage.AGREE: "accounts:agree",
}


def safe_next(request: HttpRequest) -> str:
    """Return where the person wanted to go, if that is a page of ours, else ""."""
    wanted = request.POST.get("next") or request.GET.get("next") or ""
    fits = (
        wanted.startswith("/")
        and all(char > " " for char in wanted)
        and url_has_allowed_host_and_scheme(
            wanted, allowed_hosts={request.get_host()}, require_https=request.is_secure()
        )
    )
    return wanted if fits else ""


def typed(request: HttpRequest) -> QueryDict | None:
    """Return what was sent, even if it is nothing; None while the page is only read."""
    return request.POST if request.method == "POST" else None


def own_user(request: HttpRequest) -> User:
    """Return the signed-in account; for views marked `signed_in`."""
    if not isinstance(request.user, User):
        raise TypeError("nobody is signed in")
    return request.user


def label_of(request: HttpRequest) -> str:
    return rules.device_kind(request.headers.get("User-Agent", ""))


def with_device(response: HttpResponse, key: str) -> HttpResponse:
    """Set the cookie by which this browser is known again."""
    response.set_cookie(
        selectors.DEVICE_COOKIE,
        selectors.signed_key(key),
        max_age=DEVICE_DAYS * 24 * 3600,
        secure=settings.SESSION_COOKIE_SECURE,
        httponly=True,
        samesite="Lax",
    )
    return response


def run_here(request: HttpRequest, run_id: uuid.UUID) -> SignIn | None:
    """Return a run begun in this browser."""
    return selectors.run_of(run_id, browser=selectors.browser_of(request))


def begin_again(request: HttpRequest) -> HttpResponseRedirect:
    """Send a spent run to its beginning; who is signed in already goes on."""
    return redirect("accounts:next_step" if request.user.is_authenticated else "accounts:sign_in")


def forward(request: HttpRequest, run: SignIn) -> HttpResponse:
    """Go to the page a run must pass next; at the end, sign in."""
    stage = selectors.stage_of(run)
    if stage is not Stage.DONE:
        return redirect(PAGES[stage], run_id=run.pk)
    try:
        done = services.run_finish(run_id=run.pk, browser=run.browser, label=label_of(request))
    except StaleError as error:
        messages.warning(request, error.message)
        return begin_again(request)
    services.session_begin(request, done.user, device=done.device, is_shared=done.is_shared)
    request.session[AFTER] = done.next_url
    return welcome(done.user, with_device(redirect("accounts:next_step"), done.device.key))


def welcome(user: User, response: HttpResponse) -> HttpResponse:
    """Give this device the language, text size and theme the account remembers."""
    preferences.remember(
        response, Preferences(language=user.language, size=user.text_size, theme=user.theme)
    )
    return response


def outbox_url() -> str:
    """Return the page that shows messages in demo mode, where there is one."""
    try:
        return reverse("notify:outbox") if settings.DEMO else ""
    except NoReverseMatch:
        return ""
