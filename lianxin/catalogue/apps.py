"""Django's handle on catalogue."""

from __future__ import annotations

from django.apps import AppConfig


class CatalogueConfig(AppConfig):
    name = "lianxin.catalogue"
    label = "catalogue"
