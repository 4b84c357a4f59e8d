"""The kinds of activities and the templates, read once from the app's data folder."""

from __future__ import annotations

from functools import cache
from pathlib import Path

import msgspec

from lianxin.activities.rules.kinds import Kind, Kinds, Template

_FILE = Path(__file__).resolve().parents[1] / "data" / "kinds.yaml"


@cache
def _read() -> Kinds:
    return msgspec.yaml.decode(_FILE.read_bytes(), type=Kinds)


def kinds() -> dict[str, Kind]:
    """Return the kinds by code, in the order of the file."""
    return {kind.code: kind for kind in _read().kinds}


def kind_of(code: str) -> Kind:
    """Return a kind; one that is no longer listed is drawn like the last."""
    return kinds().get(code) or _read().kinds[-1]


def templates() -> dict[str, Template]:
    """Return the templates by code."""
    return {template.code: template for template in _read().templates}


def file_faults() -> list[str]:
    """List what is wrong with the file."""
    return _read().faults()
