"""Addresses of the terminal."""

from __future__ import annotations

from django.urls import path

from lianxin.terminal import views

app_name = "terminal"
urlpatterns = [
    path("", views.home, name="home"),
    path("me/", views.me, name="me"),
    path("help/", views.help, name="help"),
]
