"""Officers: login name and password, then the second factor that opens the desk."""

from __future__ import annotations

import segno
from django.conf import settings
from django.contrib import messages
from django.contrib.auth import authenticate
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from lianxin.accounts import conf, rules, selectors, services
from lianxin.accounts.forms import FactorForm, OfficerForm, PasswordForm
from lianxin.accounts.models import User
from lianxin.accounts.views import flow
from lianxin.kit.access import public, signed_in
from lianxin.kit.errors import RefusedError
from lianxin.ui.context import Shell
from lianxin.vault import api as vault

PENDING = "totp_pending"


@public
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def officer_sign_in(request: HttpRequest) -> HttpResponse:
    """Take login name and password; the second factor follows."""
    browser = selectors.browser_of(request) or services.new_key()
    form = OfficerForm(flow.typed(request), initial=_initial(request))
    if request.method == "POST" and form.is_valid():
        try:
            user = _authenticated(request, form)
        except RefusedError as error:
            form.refuse(error)
        else:
            device = services.device_keep(
                account=user, browser=browser, label=flow.label_of(request), trusts=False
            )
            is_shared = form.cleaned_data["is_shared"]
            services.session_begin(request, user, device=device, is_shared=is_shared)
            services.session_deepen(request, selectors.PASSWORD_AT)
            answer = flow.with_device(flow.then(request, "accounts:second_factor"), browser)
            return flow.welcome(user, answer)
    page = {"form": form, "next": flow.safe_next(request), "people": conf.demo_sign_ins()}
    response = render(request, "accounts/officer_sign_in.html", page)
    return flow.with_device(response, browser)


@signed_in
@require_http_methods(["GET", "HEAD", "POST"])
def second_factor(request: HttpRequest) -> HttpResponse:
    """Ask for whatever still stands before the desk: password, own password, app, code."""
    user = flow.own_user(request)
    if services.has_second_factor(request):
        return redirect(flow.desk_home(request))
    page_before = _page_before(request, user)
    if page_before:
        return flow.then(request, page_before)
    if not selectors.has_password(user):
        return render(request, "accounts/factor_missing.html")
    form = FactorForm(flow.typed(request))
    if request.method == "POST" and form.is_valid():
        try:
            services.factor_prove(account_id=user.pk, code=form.cleaned_data["code"])
        except RefusedError as error:
            form.refuse(error)
        else:
            return flow.desk_opened(request)
    demo = services.demo_code(user) if settings.DEMO else ""
    page = {
        "form": form,
        "next": flow.safe_next(request),
        "demo_code": demo,
        "has_totp": selectors.has_totp(user),
        "has_passkey": bool(selectors.passkeys_of(user)),
    }
    return render(request, "accounts/factor_prove.html", page)


@signed_in
@require_http_methods(["GET", "HEAD", "POST"])
def factor_enrol(request: HttpRequest) -> HttpResponse:
    """Set an authenticator app up with a QR code; recovery codes follow."""
    user = flow.own_user(request)
    if not selectors.password_given(request) or selectors.has_factor(user):
        return flow.then(request, "accounts:second_factor")
    secret = _pending_secret(request, user)
    form = FactorForm(flow.typed(request))
    if request.method == "POST" and form.is_valid():
        try:
            codes = services.factor_enrol(
                account_id=user.pk, secret=secret, code=form.cleaned_data["code"]
            )
        except RefusedError as error:
            form.refuse(error)
        else:
            del request.session[PENDING]
            return flow.codes_shown(request, codes)
    uri = rules.totp_uri(secret, name=user.login_name or "", issuer=Shell(request).name)
    picture = segno.make(uri, error="m").svg_data_uri(scale=5, border=3, light="#fff")
    page = {"form": form, "next": flow.safe_next(request), "picture": picture, "secret": secret}
    return render(request, "accounts/factor_enrol.html", page)


@signed_in
@require_http_methods(["GET", "HEAD", "POST"])
def recovery_codes(request: HttpRequest) -> HttpResponse:
    """Show new recovery codes once; make new ones when asked."""
    user = flow.own_user(request)
    if not services.has_second_factor(request):
        return flow.then(request, "accounts:second_factor")
    if request.method == "POST" and "renew" in request.POST:
        codes = services.recovery_codes_renew(account_id=user.pk)
        request.session[flow.SHOWN_ONCE] = vault.seal_text(
            " ".join(codes), bound_to=flow.session_place(user)
        )
        return flow.then(request, "accounts:recovery_codes")
    if request.method == "POST":
        request.session.pop(flow.SHOWN_ONCE, None)
        return redirect(flow.desk_home(request))
    sealed = request.session.get(flow.SHOWN_ONCE, "")
    shown = vault.open_text(sealed, bound_to=flow.session_place(user)).split() if sealed else []
    left = selectors.recovery_codes_left(user)
    page = {"codes": shown, "left": left, "next": flow.safe_next(request)}
    return render(request, "accounts/recovery_codes_show.html", page)


@signed_in
@require_http_methods(["GET", "HEAD", "POST"])
def password_change(request: HttpRequest) -> HttpResponse:
    """Let an officer choose her own password."""
    user = flow.own_user(request)
    if not selectors.has_password(user) or not selectors.password_given(request):
        return redirect("accounts:second_factor")
    form = PasswordForm(flow.typed(request))
    if request.method == "POST" and form.is_valid():
        try:
            user = services.password_change(
                account_id=user.pk,
                old=form.cleaned_data["old"],
                new=form.cleaned_data["new"],
                browser=selectors.browser_of(request),
            )
        except RefusedError as error:
            form.refuse(error)
        else:
            services.session_renew(request, user)
            messages.success(request, _("Your new password counts from now on."))
            return flow.then(request, "accounts:second_factor")
    page = {"form": form, "next": flow.safe_next(request), "handed": user.password_handed_at}
    return render(request, "accounts/password_change.html", page)


def _authenticated(request: HttpRequest, form: OfficerForm) -> User:
    name = str(form.cleaned_data["login_name"]).strip().lower()
    user = authenticate(request, username=name, password=form.cleaned_data["password"])
    if not isinstance(user, User):
        raise RefusedError(
            _(
                "Login name and password do not go together. After five wrong tries there is a pause of a quarter of an hour. If you have forgotten it, your union’s administrator gives you a new one in person."
            )
        )
    if services.is_handed_password_stale(user):
        raise RefusedError(
            _(
                "This first password was not used within seven days. Please ask your union’s administrator for a new one."
            )
        )
    return user


def _page_before(request: HttpRequest, user: User) -> str:
    if not selectors.has_password(user):
        return ""
    if not selectors.password_given(request):
        return "accounts:officer_sign_in"
    if user.password_handed_at is not None:
        return "accounts:password_change"
    return "" if selectors.has_factor(user) else "accounts:factor_enrol"


def _pending_secret(request: HttpRequest, user: User) -> str:
    sealed = request.session.get(PENDING)
    if sealed:
        return vault.open_text(sealed, bound_to=flow.session_place(user))
    secret = rules.new_totp_secret()
    request.session[PENDING] = vault.seal_text(secret, bound_to=flow.session_place(user))
    return secret


def _initial(request: HttpRequest) -> dict[str, str]:
    wanted = request.GET.get("demo", "")
    people = conf.demo_sign_ins()
    at = int(wanted) if wanted.isdigit() else -1
    if 0 <= at < len(people):
        return {"login_name": people[at].login_name}
    return {"login_name": getattr(request.user, "login_name", None) or ""}
