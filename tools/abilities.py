"""Finds which pages and actions ask for which ability, by following the code from each of them.

A page is a view behind an address of the desk; an action is a public service. Both are followed
through the functions they call (names resolved by the imports) down to every `Ability.…` they can
meet. Nobody writes the list, so nobody forgets to.
"""

from __future__ import annotations

import ast
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parents[1]
LEFT_OUT = {"tests", "migrations", "management", "testing.py", "testing"}
Key = tuple[str, str]  # module, function


@dataclass
class Module:
    """What a module imports and defines, and what each of its functions mentions."""

    imports: dict[str, Key] = field(default_factory=dict)
    mentions: dict[str, set[tuple[str, ...]]] = field(default_factory=dict)


@cache
def modules() -> dict[str, Module]:
    """Read every module of the product once."""
    found = {}
    for path in sorted((ROOT / "lianxin").rglob("*.py")):
        parts = path.relative_to(ROOT).with_suffix("").parts
        if LEFT_OUT & {*parts, path.name}:
            continue
        name = ".".join(parts[:-1] if parts[-1] == "__init__" else parts)
        found[name] = _read(ast.parse(path.read_text("utf-8")))
    return found


def _read(tree: ast.Module) -> Module:
    module = Module()
    for node in ast.walk(tree):
        if isinstance(node, ast.ImportFrom) and node.module:
            for one in node.names:
                module.imports[one.asname or one.name] = (node.module, one.name)
    for node in tree.body:
        if isinstance(node, ast.FunctionDef | ast.ClassDef | ast.Assign | ast.AnnAssign):
            for name in _names(node):
                module.mentions[name] = set(_mentioned(node))
    return module


def _names(node: ast.stmt) -> list[str]:
    if isinstance(node, ast.FunctionDef | ast.ClassDef):
        return [node.name]
    targets = node.targets if isinstance(node, ast.Assign) else [getattr(node, "target", None)]
    return [one.id for one in targets if isinstance(one, ast.Name)]


def _mentioned(node: ast.AST) -> Iterator[tuple[str, ...]]:
    for inner in ast.walk(node):
        if isinstance(inner, ast.Attribute) and isinstance(inner.value, ast.Name):
            yield (inner.value.id, inner.attr)
        elif isinstance(inner, ast.Name):
            yield (inner.id,)


def _resolved(module: str, name: str) -> Key | None:
    """Follow a name through imports and re-exports to where it is defined."""
    for _hop in range(6):
        known = modules().get(module)
        if known is None:
            return None
        if name in known.mentions:
            return module, name
        if name not in known.imports:
            return None
        module, name = known.imports[name]
    return None


def _called(module: str, mention: tuple[str, ...]) -> Key | None:
    if len(mention) == 1:
        return _resolved(module, mention[0])
    imported = modules()[module].imports.get(mention[0])
    if imported is None:
        return None
    inside = f"{imported[0]}.{imported[1]}"
    return _resolved(inside, mention[1]) if inside in modules() else None


@cache
def asked_by(key: Key) -> frozenset[str]:
    """Name the members of `Ability` a function can meet on its way."""
    seen: set[Key] = set()
    todo, met = [key], set()
    while todo:
        here = todo.pop()
        if here in seen or here[0].startswith("lianxin.orgs.rules"):
            continue
        seen.add(here)
        for mention in modules()[here[0]].mentions.get(here[1], ()):
            if mention[0] == "Ability":
                met |= set(mention[1:])
            elif (called := _called(here[0], mention)) is not None:
                todo.append(called)
    return frozenset(met)


def desk_pages() -> dict[str, frozenset[str]]:
    """Return the pages of officers, by name (`app:page`), each with the abilities it asks for."""
    from django.urls import URLPattern, URLResolver, get_resolver

    from lianxin.kit.access import access_of

    found: dict[str, frozenset[str]] = {}

    def walk(resolver: Any, space: str, where: str) -> None:
        for pattern in resolver.url_patterns:
            here = where + str(pattern.pattern)
            if isinstance(pattern, URLResolver):
                walk(pattern, pattern.namespace or space, here)
            elif isinstance(pattern, URLPattern):
                view = pattern.callback
                is_desk = access_of(view) == "officer" or here.startswith("desk/")
                if is_desk and view.__module__.startswith("lianxin."):
                    found[f"{space}:{pattern.name}"] = asked_by((view.__module__, view.__name__))

    walk(get_resolver(), "", "")
    return found


def actions() -> dict[str, frozenset[str]]:
    """Return the public services, by name (`app.service`), each with the abilities it asks for."""
    found = {}
    for name, module in modules().items():
        parts = name.split(".")
        if len(parts) < 3 or parts[2] != "services":
            continue
        for function in module.mentions:
            asked = asked_by((name, function))
            if asked and not function.startswith("_") and function.islower():
                found[f"{parts[1]}.{function}"] = asked
    return found


def opened_by() -> tuple[dict[str, list[str]], dict[str, list[str]]]:
    """Turn it round: for each ability its pages and its actions."""
    pages: dict[str, list[str]] = defaultdict(list)
    acts: dict[str, list[str]] = defaultdict(list)
    for given, kept in ((desk_pages(), pages), (actions(), acts)):
        for name, asked in sorted(given.items()):
            for ability in asked:
                kept[ability].append(name)
    return pages, acts
