"""The privacy policy, open to everybody."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from lianxin.accounts import conf
from lianxin.kit.access import public


@public
@require_safe
def privacy(request: HttpRequest) -> HttpResponse:
    page = {"version": conf.policy().version, "sections": conf.sections()}
    return render(request, "accounts/privacy.html", page)
