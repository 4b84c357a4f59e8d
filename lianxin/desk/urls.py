"""Addresses of the desk."""

from __future__ import annotations

from django.urls import path

from lianxin.desk import views

app_name = "desk"
urlpatterns = [
    path("desk/", views.queue, name="queue"),
    path("desk/team/", views.team, name="team"),
]
