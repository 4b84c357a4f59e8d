"""Addresses of the door for other systems."""

from __future__ import annotations

from django.urls import path

from lianxin.gateway import rest, views

app_name = "gateway"
urlpatterns = [
    path("desk/systems/", views.clients, name="clients"),
    path("api/v1/", rest.door, name="docs"),
    path("api/v1/<path:rest>", rest.door, name="door"),
]
