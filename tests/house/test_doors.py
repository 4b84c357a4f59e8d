"""What the import contracts cannot see: testing in production, rules with doors, upward keys."""

from __future__ import annotations

import ast
import configparser
import re
from collections.abc import Iterator
from functools import cache
from typing import Any

import grimp
import pytest
from django.apps import apps
from django.conf import settings
from django.db.models import Field

from tests.house import ROOT, tracked


@cache
def graph() -> grimp.ImportGraph:
    return grimp.build_graph("lianxin")


@cache
def storeys() -> dict[str, int]:
    """App to its height, read from the contract itself."""
    contract = configparser.ConfigParser()
    contract.read(ROOT / ".importlinter")
    layers = contract["importlinter:contract:storeys"]["layers"].strip().splitlines()
    return {
        app: -depth for depth, layer in enumerate(layers) for app in re.findall(r"[a-z]+", layer)
    }


def _app(module: str) -> str:
    return module.split(".")[1] if "." in module else ""


def test_every_app_has_its_storey() -> None:
    assert set(storeys()) == {path.parent.name for path in (ROOT / "lianxin").glob("*/apps.py")}


def test_only_tests_import_testing() -> None:
    wrong = [
        f"{importer} -> {imported}"
        for imported in graph().modules
        if ".testing" in imported
        for importer in graph().find_modules_that_directly_import(imported)
        if ".testing" not in importer and ".tests" not in importer
    ]
    assert not wrong


def test_outside_the_apps_only_tests_and_the_demo_import_testing() -> None:
    importing = re.compile(
        r"^\s*(from|import) lianxin\.\w+(\.testing| import .*\btesting\b)", re.MULTILINE
    )
    wrong = [
        str(path.relative_to(ROOT))
        for path in tracked("tools/*.py", "bench/*.py", "deploy/*.py")
        # The demo, the audit and the drill play people; benches and tests are tests.
        if not {"demo", "audit.py", "drill.py", "tests", "bench"}
        & set(path.relative_to(ROOT).parts[:2])
        and importing.search(path.read_text(encoding="utf-8"))
    ]
    assert not wrong


def _entered(text: str) -> Iterator[tuple[str, str]]:
    """Yield (app, room) of each import of ours; no room where an app is imported whole."""
    for node in ast.walk(ast.parse(text)):
        if isinstance(node, ast.ImportFrom) and node.module:
            names = [f"{node.module}.{one.name}" for one in node.names]
        elif isinstance(node, ast.Import):
            names = [f"{one.name}." for one in node.names]
        else:
            continue
        for name in names:
            top, app, room = [*name.split("."), "", ""][:3]
            if top == "lianxin":
                yield app, room


def test_the_demo_enters_apps_by_their_doors() -> None:
    wrong = [
        f"{path.relative_to(ROOT)}: lianxin.{app}.{room}"
        for path in tracked("tools/demo/*.py")
        for app, room in _entered(path.read_text(encoding="utf-8"))
        if app != "kit" and room not in {"api", "events", "testing"}
    ]
    assert not wrong


def test_rules_know_only_their_app_and_the_kit() -> None:
    wrong = [
        f"{importer} -> {imported}"
        for importer in graph().modules
        if ".rules" in importer and ".tests" not in importer
        for imported in graph().find_modules_directly_imported_by(importer)
        if imported.startswith("lianxin.") and _app(imported) not in {_app(importer), "kit"}
    ]
    assert not wrong


def _relations() -> list[tuple[str, Field[Any, Any]]]:
    return [
        (model._meta.app_label, field)
        for model in apps.get_models()
        if model.__module__.startswith("lianxin.")
        for field in model._meta.get_fields()
        if isinstance(field, Field) and field.remote_field and field.model is model
    ]


def test_keys_to_other_apps_point_downward_and_leave_no_trace_there() -> None:
    wrong = []
    for app, field in _relations():
        target = field.remote_field.model._meta
        if target.app_label == app or target.app_label not in storeys():
            continue
        if storeys()[target.app_label] >= storeys()[app]:
            wrong.append(f"{field} points upward to {target.label}")
        if not (field.remote_field.related_name or "").endswith("+"):
            wrong.append(f"{field} needs related_name='+'")
    assert not wrong


def test_nobody_looks_a_model_up_by_name() -> None:
    wrong = [
        str(path.relative_to(ROOT))
        for path in tracked("lianxin/*.py")
        if "migrations" not in path.parts
        and re.search(r"\bget_model\(|content_type\b.*model_class\(", path.read_text("utf-8"))
    ]
    assert not wrong


@pytest.mark.parametrize("app", [a for a in settings.INSTALLED_APPS if a.startswith("lianxin.")])
def test_apps_are_installed_from_the_ground_up(app: str) -> None:
    """Django lets the first catalogue of translations win: the lower app's words hold above."""
    ours = [a.split(".")[1] for a in settings.INSTALLED_APPS if a.startswith("lianxin.")]
    below = ours[: ours.index(app.split(".")[1])]
    assert all(storeys()[name] <= storeys()[app.split(".")[1]] for name in below)
