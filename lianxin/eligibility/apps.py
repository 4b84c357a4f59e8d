"""Django's handle on eligibility."""

from __future__ import annotations

from django.apps import AppConfig


class EligibilityConfig(AppConfig):
    name = "lianxin.eligibility"
    label = "eligibility"
