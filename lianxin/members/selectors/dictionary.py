"""The dictionary of facts and the list of purposes, read once from the app's data folder."""

from __future__ import annotations

from functools import cache
from pathlib import Path

import msgspec

from lianxin.members.rules.facts import Dictionary, FactEntry, Purpose

_DATA = Path(__file__).resolve().parents[1] / "data"


@cache
def dictionary() -> Dictionary:
    """Return the dictionary of facts."""
    return msgspec.yaml.decode((_DATA / "facts.yaml").read_bytes(), type=Dictionary)


@cache
def purposes() -> dict[str, Purpose]:
    """Return what a person may be asked to agree to, by code."""
    return msgspec.yaml.decode((_DATA / "purposes.yaml").read_bytes(), type=dict[str, Purpose])


def fact_entry(name: str) -> FactEntry | None:
    """Return the entry of a fact, or None if the dictionary has none of this name."""
    return dictionary().facts.get(name)


def fact_names() -> frozenset[str]:
    """List the facts services may name."""
    return frozenset(dictionary().facts)
