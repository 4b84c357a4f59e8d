"""Addresses of eligibility: what was found, one policy, the check."""

from __future__ import annotations

from django.urls import path

from lianxin.eligibility.views import checking, own

app_name = "eligibility"
urlpatterns = [
    path("found/", own.found, name="found"),
    path("found/look/<slug:purpose>/", own.look, name="look"),
    path("check/", checking.check, name="check"),
    path("policies/<slug:code>/", own.policy_page, name="policy_page"),
    path("policies/<slug:code>/if/", own.policy_if, name="policy_if"),
]
