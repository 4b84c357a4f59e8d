"""What the pages of signing in share: where to go next, the device cookie, the way in."""

from __future__ import annotations

import uuid
from collections.abc import Iterable
from urllib.parse import quote

from django.conf import settings
from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect, QueryDict
from django.shortcuts import redirect
from django.urls import NoReverseMatch, reverse
from django.utils.http import url_has_allowed_host_and_scheme

from lianxin.accounts import conf, rules, selectors, services
from lianxin.accounts.models import SignIn, User
from lianxin.accounts.rules import Stage
from lianxin.kit.errors import RefusedError, StaleError
from lianxin.ui import preferences
from lianxin.ui.context import Shell
from lianxin.ui.slots import Preferences
from lianxin.vault import api as vault

AFTER = "after_sign_in"
SHOWN_ONCE = "recovery_codes"
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
        settings.DEVICE_COOKIE_NAME,
        selectors.signed_key(key),
        max_age=DEVICE_DAYS * 24 * 3600,
        secure=settings.SESSION_COOKIE_SECURE,
        httponly=True,
        samesite="Lax",
    )
    return response


def with_known_device(request: HttpRequest, response: HttpResponse) -> HttpResponse:
    """Give a browser a key to be known by, if it has lost its own."""
    return response if selectors.browser_of(request) else with_device(response, services.new_key())


def with_kiosk(response: HttpResponse, key: str) -> HttpResponse:
    """Set the cookie by which a kiosk is known."""
    response.set_cookie(
        selectors.KIOSK_COOKIE,
        selectors.signed_kiosk(key),
        max_age=DEVICE_DAYS * 24 * 3600,
        secure=settings.SESSION_COOKIE_SECURE,
        httponly=True,
        samesite="Strict",
    )
    return response


def with_ways_out(response: HttpResponse, providers: Iterable[str]) -> HttpResponse:
    """Let the forms of this one page lead to these providers; the policy of pages forbids it."""
    origins = [conf.provider(key).origin() for key in providers]
    if origins:
        response._csp_update = {"form-action": origins}  # type: ignore[attr-defined]  # noqa: SLF001  (django-csp's own mark)
    return response


def to_provider(
    request: HttpRequest, provider: str, *, link_to: uuid.UUID | None = None
) -> HttpResponse:
    """Send the browser to a provider outside, or say why not."""
    back = request.build_absolute_uri(reverse("accounts:outside_back", args=[provider]))
    try:
        address = services.outside_begin(
            provider=provider,
            browser=selectors.browser_of(request),
            back=back,
            agent=request.headers.get("User-Agent", ""),
            next_url=safe_next(request),
            link_to=link_to,
        )
    except RefusedError as error:
        messages.warning(request, error.message)
        return redirect("accounts:ways" if link_to else "accounts:sign_in")
    return HttpResponseRedirect(address)


def site_of(request: HttpRequest) -> services.Site:
    """Return whom a passkey of this page is for."""
    host = request.get_host()
    return services.Site(
        domain=settings.PASSKEY_DOMAIN or host.partition(":")[0],
        origin=f"{request.scheme}://{host}",
        name=Shell(request).name,
    )


def then(request: HttpRequest, page: str) -> HttpResponse:
    """Go to a page of signing in that comes back to where one wanted to go."""
    wanted = safe_next(request)
    return redirect(reverse(page) + (f"?next={quote(wanted)}" if wanted else ""))


def desk_home(request: HttpRequest) -> str:
    """Return where she wanted to go, or the first page of the desk."""
    actor = getattr(request, "actor", None)
    holds_post = getattr(actor, "is_officer", False) or getattr(actor, "is_locked", False)
    tabs = Shell(request).desk_nav if holds_post else []
    return safe_next(request) or (tabs[0].url if tabs else reverse("accounts:next_step"))


def desk_opened(request: HttpRequest, after: HttpResponse | None = None) -> HttpResponse:
    """Open the desk for this session; a device of her own is trusted from now on."""
    services.session_deepen(request, selectors.FACTOR_AT)
    request.session.pop(selectors.DESK_AT, None)
    answer = after or redirect(desk_home(request))
    if request.session.get("is_shared"):
        return answer
    key = services.device_trust(
        account_id=own_user(request).pk, browser=selectors.browser_of(request)
    )
    return with_device(answer, key) if key else answer


def codes_shown(request: HttpRequest, codes: list[str]) -> HttpResponse:
    """Open the desk after the first second factor, and show the recovery codes once."""
    place = session_place(own_user(request))
    request.session[SHOWN_ONCE] = vault.seal_text(" ".join(codes), bound_to=place)
    return desk_opened(request, then(request, "accounts:recovery_codes"))


def session_place(user: User) -> str:
    """Name the place that what a session holds sealed is bound to."""
    return f"accounts.session:{user.pk}"


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
        done = services.run_finish(
            run_id=run.pk,
            browser=run.browser,
            label=label_of(request),
            is_kiosk=bool(selectors.kiosk_of(request)),
        )
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
