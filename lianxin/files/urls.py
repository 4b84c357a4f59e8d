"""The address of a file: a link that expires."""

from __future__ import annotations

from django.urls import path

from lianxin.files import views

app_name = "files"
urlpatterns = [path("file/<str:token>/", views.file, name="file")]
