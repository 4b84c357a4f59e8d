"""Addresses of allocation."""

from __future__ import annotations

from django.urls import path

from lianxin.allocation.views import claims

app_name = "allocation"
urlpatterns = [
    path("places/mine/<uuid:claim_id>/", claims.claim, name="claim"),
]
