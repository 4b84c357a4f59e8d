"""Addresses of the union tree."""

from __future__ import annotations

from django.urls import path

from lianxin.orgs import views

app_name = "orgs"

urlpatterns = [path("unions/<str:code>/", views.organisation, name="organisation")]
