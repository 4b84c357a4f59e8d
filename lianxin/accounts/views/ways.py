"""The ways one signs in by: see them, add one, take one away; never the last."""

from __future__ import annotations

from urllib.parse import quote

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from lianxin.accounts import conf, selectors, services
from lianxin.accounts.forms import AnswerForm, PasskeyForm
from lianxin.accounts.models import User
from lianxin.accounts.policies import check_of
from lianxin.accounts.rules import masked_phone
from lianxin.accounts.views import flow
from lianxin.kit import clock
from lianxin.kit.access import signed_in
from lianxin.kit.errors import ForbiddenError, RefusedError
from lianxin.vault import api as vault


@signed_in
@require_safe
def ways(request: HttpRequest) -> HttpResponse:
    user = flow.own_user(request)
    number = vault.reveal(user, "phone")  # her own, and masked
    page = {
        "phone": masked_phone(number) if number else "",
        "passkeys": selectors.passkeys_of(user),
        "outside": _outside(user),
        "has_password": selectors.has_password(user),
        "has_totp": selectors.has_totp(user),
        "borrowed": selectors.is_borrowed(request),
    }
    return render(request, "accounts/way_list.html", page)


@signed_in
@require_http_methods(["GET", "HEAD", "POST"])
def ways_open(request: HttpRequest) -> HttpResponse:
    """Ask who one is before the ways in change; a phone left on a table must not do it."""
    user = flow.own_user(request)
    asked = check_of(user)
    if asked is None or selectors.ways_are_open(request):
        return redirect(flow.safe_next(request) or "accounts:ways")
    form = AnswerForm(flow.typed(request), question=asked[1])
    if request.method == "POST" and form.is_valid():
        try:
            services.person_prove(account_id=user.pk, answer=form.cleaned_data["answer"])
        except RefusedError as error:
            form.refuse(error)
        else:
            request.session[selectors.WAYS_AT] = clock.now().isoformat()
            return redirect(flow.safe_next(request) or "accounts:ways")
    page = {"form": form, "next": flow.safe_next(request)}
    return render(request, "accounts/ways_open.html", page)


@signed_in
@require_http_methods(["GET", "HEAD", "POST"])
def passkey_add(request: HttpRequest) -> HttpResponse:
    """Add a passkey; an officer's first opens the desk and brings recovery codes."""
    user = flow.own_user(request)
    before = gate(request, user, is_first_factor=not selectors.has_factor(user))
    if before:
        return before
    form = PasskeyForm(flow.typed(request))
    if request.method == "POST" and form.is_valid():
        try:
            codes = services.passkey_register(
                site=flow.site_of(request),
                browser=selectors.browser_of(request),
                account_id=user.pk,
                **form.answered(),
                name=form.cleaned_data["name"],
            )
        except RefusedError as error:
            form.refuse(error)
        else:
            messages.success(request, _("Your passkey is ready. Next time it opens the door."))
            return flow.codes_shown(request, codes) if codes else redirect("accounts:ways")
    page = render(request, "accounts/passkey_add.html", {"form": form})
    return flow.with_known_device(request, page)


@signed_in
@require_POST
def passkey_rename(request: HttpRequest, passkey_id: int) -> HttpResponse:
    user = flow.own_user(request)
    services.passkey_rename(
        account_id=user.pk, passkey_id=passkey_id, name=request.POST.get("name", "")
    )
    return redirect("accounts:ways")


@signed_in
@require_POST
def passkey_remove(request: HttpRequest, passkey_id: int) -> HttpResponse:
    """Take a passkey away; on the device itself it may stay, but opens nothing."""
    user = flow.own_user(request)
    before = gate(request, user)
    if before:
        return before
    try:
        services.passkey_remove(account_id=user.pk, passkey_id=passkey_id)
    except RefusedError as error:
        messages.warning(request, error.message)
    else:
        messages.success(request, _("This passkey opens your account no more."))
    return redirect("accounts:ways")


@signed_in
@require_http_methods(["GET", "HEAD", "POST"])
def way_link(request: HttpRequest, provider: str) -> HttpResponse:
    """Link an identity outside to one's account: explain, then go there."""
    user = flow.own_user(request)
    before = gate(request, user)
    if before:
        return before
    if request.method == "POST":
        return flow.to_provider(request, provider, link_to=user.pk)
    page = {"name": conf.provider_name(provider)}
    answer = flow.with_known_device(request, render(request, "accounts/way_link.html", page))
    return flow.with_ways_out(answer, [provider])


@signed_in
@require_POST
def way_unlink(request: HttpRequest, provider: str) -> HttpResponse:
    """Let an identity outside open one's account no more."""
    user = flow.own_user(request)
    before = gate(request, user)
    if before:
        return before
    try:
        services.identity_unlink(account_id=user.pk, provider=provider)
    except RefusedError as error:
        messages.warning(request, error.message)
    else:
        messages.success(request, _("It opens your account no more."))
    return redirect("accounts:ways")


def gate(request: HttpRequest, user: User, *, is_first_factor: bool = False) -> HttpResponse | None:
    """Return the page where she shows who she is before her ways in change; None if she has.

    Raises:
        ForbiddenError: at a kiosk or on a device that is not her own.
    """
    if selectors.is_borrowed(request):
        raise ForbiddenError(_("Please do this on your own phone or computer."))
    here = request.get_full_path() if request.method == "GET" else reverse("accounts:ways")
    if selectors.has_password(user):
        is_known = services.has_second_factor(request) or (
            is_first_factor and selectors.password_given(request) and not user.password_handed_at
        )
        page = "" if is_known else "accounts:second_factor"
    else:
        is_known = check_of(user) is None or selectors.ways_are_open(request)
        page = "" if is_known else "accounts:ways_open"
    return redirect(f"{reverse(page)}?next={quote(here)}") if page else None


def _outside(user: User) -> list[dict[str, object]]:
    """List the providers offered here, and those still linked that are offered no more."""
    linked = selectors.outside_identities(user)
    keys = [*conf.providers(), *(key for key in linked if key not in conf.providers())]
    return [
        {
            "key": key,
            "name": conf.provider_name(key),
            "linked_at": linked[key].linked_at if key in linked else None,
        }
        for key in keys
    ]
