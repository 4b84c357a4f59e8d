"""A kiosk and the phone that signs it in: code on the screen, yes in the hand, finish by a tap."""

from __future__ import annotations

import uuid

import segno
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from lianxin.accounts import selectors, services
from lianxin.accounts.forms import KioskCodeForm, KioskKeyForm
from lianxin.accounts.models import KioskGrant
from lianxin.accounts.rules import shown_user_code
from lianxin.accounts.views import flow
from lianxin.kit.access import public, signed_in
from lianxin.kit.errors import RefusedError
from lianxin.ui import preferences, shellcache
from lianxin.ui.slots import Preferences


@public
@never_cache
@require_safe
def kiosk(request: HttpRequest) -> HttpResponse:
    """Show the code a phone answers; one who is signed in here goes on to the services."""
    key = _kiosk_or_404(request)
    if not key:
        return redirect("accounts:kiosk_set_up")
    if request.user.is_authenticated:
        return redirect("/")
    browser = selectors.browser_of(request) or services.new_key()
    grant = services.kiosk_ask(browser=browser, kiosk=selectors.kiosk_name(key))
    answer = request.build_absolute_uri(reverse("accounts:kiosk_approve"))
    picture = segno.make(f"{answer}?code={grant.user_code}", error="m")
    page = {
        "grant": grant,
        "home": services.kiosk_home(request, key),
        "code": shown_user_code(grant.user_code),
        "picture": picture.svg_data_uri(scale=8, border=3, light="#fff"),
        "address": answer.partition("://")[2],
    }
    return flow.with_device(render(request, "accounts/kiosk_start.html", page), browser)


@public
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def kiosk_set_up(request: HttpRequest) -> HttpResponse:
    """Make this browser a kiosk: with the key of its operator, or the code of the station it stands in."""
    if not selectors.has_kiosks():
        raise Http404
    form = KioskKeyForm(flow.typed(request))
    if request.method == "POST" and form.is_valid():
        try:
            key = services.kiosk_set_up(
                browser=selectors.browser_of(request), key=form.cleaned_data["key"]
            )
        except RefusedError as error:
            form.refuse(error)
        else:
            # One stands before a kiosk and taps at arm's length.
            answer = flow.with_kiosk(redirect("accounts:kiosk"), key)
            preferences.remember(answer, Preferences(size="large"))
            return answer
    page = render(request, "accounts/kiosk_set_up.html", {"form": form})
    return flow.with_known_device(request, page)


@public
@require_POST
def kiosk_wait(request: HttpRequest, grant_id: uuid.UUID) -> HttpResponse:
    """Begin the session once the phone has said yes; htmx asks every few seconds, a button too."""
    if not _kiosk_or_404(request):
        return redirect("accounts:kiosk_set_up")
    browser = selectors.browser_of(request)
    state = services.kiosk_state(browser=browser, grant_id=grant_id)
    is_script = request.headers.get("HX-Request") == "true"
    if state == KioskGrant.State.WAITING and is_script:
        return HttpResponse(status=204)
    is_in = services.kiosk_begin(request, browser=browser, grant_id=grant_id)
    page = "/" if is_in else reverse("accounts:kiosk")
    return HttpResponse(status=204, headers={"HX-Redirect": page}) if is_script else redirect(page)


@public
@require_POST
def kiosk_here(request: HttpRequest) -> HttpResponse:
    """Hear that somebody still touches the screen; the middleware has noted it."""
    _kiosk_or_404(request)
    return HttpResponse(status=204)


@public
@require_POST
def kiosk_finish(request: HttpRequest) -> HttpResponse:
    """End the session and forget the person."""
    _kiosk_or_404(request)
    services.kiosk_end(request)
    return shellcache.forget_on_this_device(redirect("accounts:kiosk"))


@signed_in
@require_http_methods(["GET", "HEAD", "POST"])
def kiosk_approve(request: HttpRequest) -> HttpResponse:
    """Find the kiosk that shows a code; the answer follows on the next page."""
    if not selectors.has_kiosks() or selectors.is_borrowed(request):
        raise Http404
    scanned = request.GET.get("code", "")
    form = KioskCodeForm(flow.typed(request) or ({"code": scanned} if scanned else None))
    if form.is_bound and form.is_valid():
        try:
            grant = services.kiosk_find(
                actor_id=flow.own_user(request).pk, typed=form.cleaned_data["code"]
            )
        except RefusedError as error:
            form.refuse(error)
        else:
            page = {"grant": grant, "code": shown_user_code(grant.user_code)}
            return render(request, "accounts/kiosk_answer.html", page)
    return render(request, "accounts/kiosk_code.html", {"form": form})


@signed_in
@require_POST
def kiosk_answer(request: HttpRequest, grant_id: uuid.UUID) -> HttpResponse:
    """Say yes or no to a kiosk."""
    if not selectors.has_kiosks() or selectors.is_borrowed(request):
        raise Http404
    grant = services.kiosk_answer(
        actor_id=flow.own_user(request).pk, grant_id=grant_id, says_yes="yes" in request.POST
    )
    return render(request, "accounts/kiosk_answered.html", {"grant": grant})


def _kiosk_or_404(request: HttpRequest) -> str:
    if not selectors.has_kiosks():
        raise Http404
    return selectors.kiosk_of(request)
