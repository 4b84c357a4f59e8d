"""What the browser's own dialog for passkeys needs: a challenge, and somewhere to bring the answer."""

from __future__ import annotations

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from lianxin.accounts import selectors, services
from lianxin.accounts.forms import PasskeyForm
from lianxin.accounts.models import User
from lianxin.accounts.views import flow, ways
from lianxin.kit.access import public, signed_in
from lianxin.kit.errors import RefusedError


@public
@require_POST
def passkey_begin(request: HttpRequest) -> JsonResponse:
    """Make a challenge for signing in with a passkey alone."""
    return _challenge(request, "sign_in", None)


@signed_in
@require_POST
def passkey_begin_own(request: HttpRequest, purpose: str) -> JsonResponse:
    """Make a challenge for one's own account: to add a passkey, or to show one at the desk's door."""
    user = flow.own_user(request)
    if purpose not in {"link", "prove"}:
        raise Http404
    if purpose == "link" and ways.gate(
        request, user, is_first_factor=not selectors.has_factor(user)
    ):
        return _refused(_("This took too long or was sent already. Please begin once more."))
    if purpose == "prove" and not selectors.passkeys_of(user):
        return _refused(_("You have no passkey yet."))
    return _challenge(request, purpose, user)


@public
@require_POST
def passkey_sign_in(request: HttpRequest) -> HttpResponse:
    """Take a passkey alone and lead on, as after a proved number."""
    form = PasskeyForm(request.POST)
    if not form.is_valid():
        return redirect("accounts:sign_in")
    try:
        run = services.passkey_sign_in(
            site=flow.site_of(request),
            browser=selectors.browser_of(request),
            **form.answered(),
            is_shared=bool(request.POST.get("is_shared")),
        )
    except RefusedError as error:
        messages.warning(request, error.message)
        return redirect("accounts:sign_in")
    return flow.forward(request, run)


@signed_in
@require_POST
def passkey_prove(request: HttpRequest) -> HttpResponse:
    """Take an officer's passkey as her second factor."""
    user, form = flow.own_user(request), PasskeyForm(request.POST)
    if not selectors.password_given(request) or user.password_handed_at or not form.is_valid():
        return flow.then(request, "accounts:second_factor")
    try:
        services.passkey_prove(
            site=flow.site_of(request),
            browser=selectors.browser_of(request),
            account_id=user.pk,
            **form.answered(),
        )
    except RefusedError as error:
        messages.warning(request, error.message)
        return flow.then(request, "accounts:second_factor")
    return flow.desk_opened(request)


def _challenge(request: HttpRequest, purpose: str, user: User | None) -> JsonResponse:
    try:
        key, options = services.passkey_ask(
            site=flow.site_of(request),
            browser=selectors.browser_of(request),
            purpose=purpose,
            user=user,
            next_url=flow.safe_next(request),
        )
    except RefusedError as error:
        return _refused(error.message)
    return JsonResponse({"challenge": str(key), "options": options})


def _refused(sentence: str) -> JsonResponse:
    return JsonResponse({"refused": sentence}, status=400)
