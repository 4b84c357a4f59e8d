"""Addresses of the shell itself: switches, help, install, offline, service worker, gallery."""

from __future__ import annotations

from django.urls import path

from lianxin.ui import views

app_name = "ui"

urlpatterns = [
    path("preferences", views.preferences_save, name="preferences"),
    path("help", views.help_page, name="help"),
    path("install", views.install_page, name="install"),
    path("offline", views.offline_page, name="offline"),
    path("sw.js", views.service_worker, name="service_worker"),
    path("manifest.webmanifest", views.manifest, name="manifest"),
    path("favicon.ico", views.favicon, name="favicon"),
    path("robots.txt", views.robots, name="robots"),
    path("sitemap.xml", views.sitemap, name="sitemap"),
    path(".well-known/security.txt", views.security, name="security"),
    path("ui/gallery", views.gallery, name="gallery"),
]
