"""The kinds of activities and the templates, read once from the app's data folder."""

from __future__ import annotations

from functools import cache
from pathlib import Path

import msgspec

from lianxin.activities.rules.kinds import Kind, Kinds, Template

_FILE = Path(__file__).resolve().parents[1] / "data" / "kinds.yaml"


def kinds_read(text: bytes) -> Kinds:
    """Read a file of kinds.

    Raises:
        ValueError: something in it is wrong; msgspec's own error is one of these.
    """
    found = msgspec.yaml.decode(text, type=Kinds)
    if faults := found.faults():
        raise ValueError("; ".join(faults))
    return found


@cache
def _read() -> Kinds:
    return kinds_read(_FILE.read_bytes())


def kinds() -> dict[str, Kind]:
    """Return the kinds by code, in the order of the file."""
    return {kind.code: kind for kind in _read().kinds}


def kind_of(code: str) -> Kind:
    """Return a kind; one that is no longer listed is drawn like the last."""
    return kinds().get(code) or _read().kinds[-1]


def templates() -> dict[str, Template]:
    """Return the templates by code."""
    return {template.code: template for template in _read().templates}
