"""Addresses of voice."""

from __future__ import annotations

from django.urls import path

from lianxin.voice import views

app_name = "voice"
urlpatterns = [
    path("suggestions/new/", views.suggestion_new, name="suggestion_new"),
    path("suggestions/follow/", views.suggestion_follow, name="suggestion_follow"),
    path("suggestions/mine/", views.suggestion_mine, name="suggestion_mine"),
    path("desk/suggestions/", views.suggestion_list, name="suggestion_list"),
    path("desk/suggestions/<uuid:suggestion_id>/", views.suggestion_page, name="suggestion_page"),
]
