"""Addresses of the door for other systems."""

from __future__ import annotations

from django.urls import path, re_path

from lianxin.gateway import rest, views

app_name = "gateway"
urlpatterns = [
    path("desk/systems/", views.clients, name="clients"),
    path("desk/systems/new/", views.client_new, name="client_new"),
    path("desk/systems/<uuid:client_id>/", views.client, name="client"),
    path("desk/systems/<uuid:client_id>/secret/", views.client_rotate, name="client_rotate"),
    path("desk/systems/<uuid:client_id>/end/", views.client_end, name="client_end"),
    path(
        "desk/systems/<uuid:client_id>/<uuid:request_id>/",
        views.request_answer,
        name="request_answer",
    ),
    path("api/v1/", rest.door, name="docs"),
    # Not `<path:rest>`: that leaves an address with a line end in it to the pages.
    re_path(r"^api/v1/(?P<rest>[\s\S]+)\Z", rest.door, name="door"),
]
