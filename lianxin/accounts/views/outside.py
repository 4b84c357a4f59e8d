"""To a provider outside and back: WeChat, DingTalk, Feishu, WeCom, a government's identity."""

from __future__ import annotations

from urllib.parse import urlencode

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from lianxin.accounts import conf, selectors, services
from lianxin.accounts.models import User
from lianxin.accounts.views import flow
from lianxin.kit.access import public
from lianxin.kit.errors import RefusedError


@public
@require_POST
def outside_begin(request: HttpRequest, provider: str) -> HttpResponse:
    """Send the browser to a provider, to sign in."""
    return flow.to_provider(request, provider)


@public
@never_cache
@require_safe
def outside_back(request: HttpRequest, provider: str) -> HttpResponse:
    """Take what the provider sent back: linked, signed in, or on to the phone."""
    user = request.user if isinstance(request.user, User) else None
    try:
        challenge, run = services.outside_return(
            provider=provider,
            browser=selectors.browser_of(request),
            answer={name: str(value) for name, value in request.GET.items() if len(value) <= 2000},
            account_id=user.pk if user else None,
        )
    except RefusedError as error:
        messages.warning(request, error.message)
        return redirect("accounts:ways" if user else "accounts:sign_in")
    if run is not None:
        return flow.forward(request, run)
    if challenge.purpose == "link":
        name = {"name": conf.provider_name(provider)}
        messages.success(request, _("From now on %(name)s opens your account too.") % name)
        return redirect("accounts:ways")
    query = urlencode({"with": challenge.pk, "next": challenge.next_url})
    return redirect(f"{reverse('accounts:sign_in')}?{query}")
