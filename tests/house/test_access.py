"""Every address says who may come, and says it in one of four words."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

import pytest
from django.urls import URLPattern, URLResolver, get_resolver

from lianxin.kit.access import access_of

MARKS = {"public", "signed_in", "officer", "demo_only"}
# Pages of libraries, each with the reason why it may stand without our mark.
FOREIGN: dict[str, str] = {}


def _patterns(
    resolver: URLResolver, prefix: str = ""
) -> Iterator[tuple[str, Callable[..., Any], str]]:
    for pattern in resolver.url_patterns:
        where = prefix + str(pattern.pattern)
        if isinstance(pattern, URLResolver):
            yield from _patterns(pattern, where)
        elif isinstance(pattern, URLPattern):
            yield where, pattern.callback, pattern.name or ""


PATTERNS = list(_patterns(get_resolver()))


@pytest.mark.parametrize(("where", "view", "name"), PATTERNS, ids=[p[0] or "/" for p in PATTERNS])
def test_an_address_says_who_may_come(where: str, view: Callable[..., Any], name: str) -> None:
    if view.__module__.startswith("lianxin."):
        assert access_of(view) in MARKS, f"mark {view.__qualname__} with one of lianxin.kit.access"
    else:
        assert where in FOREIGN, f"{view.__module__}.{view.__qualname__}: why may it stand here?"


@pytest.mark.parametrize(("where", "view", "name"), PATTERNS, ids=[p[0] or "/" for p in PATTERNS])
def test_an_address_has_a_name(where: str, view: Callable[..., Any], name: str) -> None:
    assert name


def test_no_two_views_share_an_address() -> None:
    seen = [where for where, _, _ in PATTERNS]
    assert len(seen) == len(set(seen))
