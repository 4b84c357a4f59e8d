"""Kinds of help, and how facts are called and asked for."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache

import msgspec

from lianxin.eligibility.adapters import yaml_files
from lianxin.kit.text import Bilingual


@cache
def purposes() -> Mapping[str, Bilingual]:
    """Return the kinds of help a person may say no to, by code."""
    text = (yaml_files.DATA / "purposes.yaml").read_bytes()
    return msgspec.yaml.decode(text, type=dict[str, Bilingual])
