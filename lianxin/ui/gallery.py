"""One sample of each component, for the gallery page that shows and tests them all."""

from __future__ import annotations

from typing import Any


def samples() -> dict[str, Any]:
    return {}
