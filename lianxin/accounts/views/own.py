"""One's own account: devices, number, signing out, closing it."""

from __future__ import annotations

import uuid

from django.contrib import messages
from django.contrib.auth import logout
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from lianxin.accounts import selectors, services
from lianxin.accounts.forms import CodeForm, NewPhoneForm
from lianxin.accounts.policies import check_of
from lianxin.accounts.rules import masked_phone, shown_phone
from lianxin.accounts.views import flow
from lianxin.kit.access import public, signed_in
from lianxin.kit.errors import RefusedError
from lianxin.ui import shellcache
from lianxin.vault import api as vault


@public
@require_http_methods(["GET", "HEAD", "POST"])
def sign_out(request: HttpRequest) -> HttpResponse:
    """End this session and make the browser forget every kept page."""
    if request.method != "POST":
        page = "accounts/sign_out.html"
        return render(request, page) if request.user.is_authenticated else redirect("/")
    logout(request)
    return shellcache.forget_on_this_device(redirect("/"))


@signed_in
@require_safe
def devices(request: HttpRequest) -> HttpResponse:
    user = flow.own_user(request)
    listed = selectors.devices_of(user, browser=selectors.browser_of(request))
    return render(request, "accounts/device_list.html", {"devices": listed})


@signed_in
@require_POST
def device_end(request: HttpRequest, device_id: uuid.UUID) -> HttpResponse:
    """Sign one device out."""
    services.device_end(actor_id=flow.own_user(request).pk, device_id=device_id)
    messages.success(request, _("That device is signed out and no longer trusted."))
    return redirect("accounts:devices")


@signed_in
@require_POST
def sign_out_everywhere(request: HttpRequest) -> HttpResponse:
    """End every session of this account, this one too."""
    user = flow.own_user(request)
    services.sessions_end(account=user, actor_id=user.pk)
    logout(request)
    return shellcache.forget_on_this_device(redirect("/"))


@signed_in
@require_http_methods(["GET", "HEAD", "POST"])
def phone(request: HttpRequest) -> HttpResponse:
    """Show one's own number and begin the change to another."""
    user = flow.own_user(request)
    asked = check_of(user)
    form = NewPhoneForm(flow.typed(request), question=asked[1] if asked else None)
    if request.method == "POST" and form.is_valid():
        try:
            services.person_prove(account_id=user.pk, answer=form.cleaned_data.get("answer", ""))
            run = services.code_send(
                browser=selectors.browser_of(request) or services.new_key(),
                phone=form.cleaned_data["phone"],
                change_for=user,
            )
        except RefusedError as error:
            form.refuse(error)
        else:
            return flow.with_device(redirect("accounts:phone_code", run_id=run.pk), run.browser)
    number = vault.reveal(user, "phone")  # her own, and masked
    page = {"form": form, "phone": masked_phone(number) if number else ""}
    return render(request, "accounts/phone_change.html", page)


@signed_in
@require_http_methods(["GET", "HEAD", "POST"])
def phone_code(request: HttpRequest, run_id: uuid.UUID) -> HttpResponse:
    """Take the code sent to the new number."""
    user = flow.own_user(request)
    run = flow.run_here(request, run_id)
    if run is None or run.purpose != "change" or run.account_id != user.pk:
        return redirect("accounts:phone")
    form = CodeForm(flow.typed(request))
    if request.method == "POST" and form.is_valid():
        try:
            services.code_prove(run_id=run.pk, browser=run.browser, code=form.cleaned_data["code"])
            user = services.phone_change(actor_id=user.pk, run_id=run.pk, browser=run.browser)
        except RefusedError as error:
            form.refuse(error)
        else:
            services.session_renew(request, user)
            messages.success(request, _("Done: from now on you sign in with your new number."))
            return redirect("accounts:phone")
    shown = shown_phone(selectors.phone_of_run(run)) if run.phone else ""
    page = {"form": form, "run": run, "phone": shown, "outbox_url": flow.outbox_url()}
    return render(request, "accounts/phone_code.html", page)
