"""Addresses of the door for other systems."""

from __future__ import annotations

from django.urls import path, re_path

from lianxin.gateway import rest, views

app_name = "gateway"
urlpatterns = [
    path("desk/systems/", views.clients, name="clients"),
    path("api/v1/", rest.door, name="docs"),
    # Not `<path:rest>`: that leaves an address with a line end in it to the pages.
    re_path(r"^api/v1/(?P<rest>[\s\S]+)\Z", rest.door, name="door"),
]
