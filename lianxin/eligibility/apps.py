"""Django's handle on eligibility."""

from __future__ import annotations

from typing import Any

from django.apps import AppConfig
from django.core import checks


class EligibilityConfig(AppConfig):
    name = "lianxin.eligibility"
    label = "eligibility"

    def ready(self) -> None:
        from lianxin.eligibility import jobs, slots, subscribers  # noqa: F401  (jobs register themselves)

        slots.fill()
        subscribers.listen()
        checks.register(_parameters)


def _parameters(**_named: Any) -> list[checks.CheckMessage]:
    """Read the numbers of the law before anybody is asked about."""
    from lianxin.eligibility.adapters import yaml_files

    try:
        yaml_files.parameters()
    except yaml_files.ParametersError as error:
        return [checks.Error(str(error), id="eligibility.E001")]
    return []
