"""Every address of Lianxin; each app brings its own."""

from __future__ import annotations

from importlib.util import find_spec

from django.urls import URLPattern, URLResolver, include, path

from lianxin.config import health

# In the order they are looked through; allocation first, whose addresses are asked for in a rush.
APPS = [
    "allocation",
    "terminal",
    "catalogue",
    "exchange",
    "activities",
    "procedures",
    "notices",
    "eligibility",
    "stations",
    "voice",
    "desk",
    "gateway",
    "partners",
    "members",
    "orgs",
    "accounts",
    "notify",
    "files",
    "jobs",
    "ui",
]

urlpatterns: list[URLPattern | URLResolver] = [
    path("healthz", health.healthz, name="healthz"),
    path("readyz", health.readyz, name="readyz"),
] + [path("", include(f"lianxin.{app}.urls")) for app in APPS if find_spec(f"lianxin.{app}.urls")]

handler400 = "lianxin.ui.views.bad_request"
handler403 = "lianxin.ui.views.forbidden"
handler404 = "lianxin.ui.views.not_found"
handler500 = "lianxin.ui.views.failed"
