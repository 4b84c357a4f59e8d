"""Writes the parts of docs/reference that the code knows best: events, slots, permissions, pages.

    python -m tools.reference           writes them
    python -m tools.reference --check   fails when they are out of date

What an operator may set is written by hand in docs/reference/settings.md; a house test compares.
"""

from __future__ import annotations

import importlib
import inspect
import os
import sys
from collections.abc import Callable, Iterator
from dataclasses import fields
from pathlib import Path
from types import ModuleType

ROOT = Path(__file__).resolve().parents[1]
FOLDER = ROOT / "docs" / "reference"
NOTE = "<!-- Written by `make reference` from the code. Change it there. -->\n"
PREFACE = (
    "A page first wears a mark (`lianxin.kit.access`): public, signed in, officer, demo only. "
    "What of its content a person may see or do is decided by a policy of the app. Officers hold "
    "posts; a post brings a role, a role brings abilities, and its reach says whether they hold "
    "here or here and below."
)


def _modules(room: str) -> Iterator[tuple[str, ModuleType]]:
    for app in sorted(path.parent.name for path in (ROOT / "lianxin").glob("*/apps.py")):
        base = ROOT / "lianxin" / app / room
        names = [f"lianxin.{app}.{room}"] if base.with_suffix(".py").exists() else []
        if base.is_dir():
            parts = sorted(path.stem for path in base.glob("*.py"))
            names = [f"lianxin.{app}.{room}"] + [
                f"lianxin.{app}.{room}.{part}" for part in parts if part != "__init__"
            ]
        for name in names:
            yield app, importlib.import_module(name)


def _says(thing: object) -> str:
    return " ".join((inspect.getdoc(thing) or "").split("\n\n")[0].split())


def events() -> str:
    """List every event with what it carries."""
    from lianxin.kit.events import Event, handlers_of

    lines = [
        "# Events",
        "",
        NOTE,
        "What lower apps tell and higher ones hear (docs/house/architecture.md).",
    ]
    for app, module in _modules("events"):
        for name, kind in sorted(vars(module).items()):
            if not (isinstance(kind, type) and issubclass(kind, Event) and kind is not Event):
                continue
            if kind.__module__ != module.__name__:
                continue
            carried = [field.name for field in fields(kind)]
            lines += ["", f"## {app}.{name}", "", _says(kind), ""]
            lines += [f"Carries {', '.join(f'`{field}`' for field in carried) or 'nothing'}."]
            heard = sorted(handlers_of(kind.name()))
            lines += ["Heard by " + ", ".join(f"`{h}`" for h in heard) + "."] if heard else []
    return "\n".join(lines) + "\n"


def slots() -> str:
    """List every slot with its purpose and who fills it."""
    from lianxin.kit.slots import SLOTS

    lines = [
        "# Slots",
        "",
        NOTE,
        "Places on shared pages, and shared duties, that higher apps fill.",
    ]
    for name, slot in sorted(SLOTS.items()):
        lines += ["", f"## {name}", "", slot.purpose]
        keys = [f"`{key}`" for key, _ in slot.items()]
        lines += ["", f"Filled with {', '.join(keys)}."] if keys else []
    return "\n".join(lines) + "\n"


def permissions() -> str:
    """Show role by ability, what each ability opens, and every policy."""
    from lianxin.orgs.rules import (
        ABILITIES,
        ADMINISTRATORS,
        BESIDE,
        HIDDEN_FROM_ABOVE,
        NOT_DEPUTISED,
        SENSITIVE,
        Ability,
    )
    from tools.abilities import opened_by

    lines = ["# Permissions", "", NOTE, PREFACE, "", "# Roles", ""]
    lines += ["| role | abilities | layer and care |", "|---|---|---|"]
    for role, brought in ABILITIES.items():
        listed = " ".join(f"`{one.value}`" for one in Ability if one in brought) or "none"
        care = [
            ("an administrator (holds no other post at a desk)", role in ADMINISTRATORS),
            ("beside work: no desk, no second factor", role in BESIDE),
            ("hidden from above", role in HIDDEN_FROM_ABOVE),
            ("a second person confirms", role in SENSITIVE),
        ]
        said = "; ".join(words for words, holds in care if holds)
        lines.append(f"| `{role.value}` | {listed} | {said} |")
    lines += [
        "",
        "Any role that sees members needs a second person where it reaches below. A deputy brings "
        "what the post brings, except "
        + ", ".join(f"`{one.value}`" for one in Ability if one in NOT_DEPUTISED)
        + ".",
        "",
        "# Abilities",
    ]
    pages, acts = opened_by()
    for ability in Ability:
        roles = [f"`{role.value}`" for role, brought in ABILITIES.items() if ability in brought]
        lines += ["", f"## {ability.value}", "", f"Brought by {', '.join(roles) or 'no role'}."]
        for word, found in (("Pages", pages[ability.name]), ("Actions", acts[ability.name])):
            if found:
                lines += ["", f"{word} that ask for it: {', '.join(f'`{x}`' for x in found)}."]
    lines += ["", "# Policies"]
    for app, module in _modules("policies"):
        for name, policy in sorted(_functions(module)):
            lines += ["", f"## {app}.{name}", "", _says(policy) or "See its source."]
    return "\n".join(lines) + "\n"


def _functions(module: ModuleType) -> list[tuple[str, Callable[..., object]]]:
    return [
        (name, value)
        for name, value in vars(module).items()
        if inspect.isfunction(value)
        and not name.startswith("_")
        and value.__module__ == module.__name__
    ]


def api() -> str:
    """List the operations of the API with what they take and answer."""
    from django.utils import translation

    from lianxin.gateway.rest.api import api as built
    from lianxin.gateway.rest.document import pages_of, topics_of

    with translation.override("en"):
        groups, topics = pages_of(built()), topics_of()
    lines = ["# API", "", NOTE]
    lines += [
        "For other systems. The document for machines is `/api/v1/openapi.json`, OpenAPI 3.1."
    ]
    lines += ["How to get a client: [the operator's guide](../guide/operator.md)."]
    for group, operations in groups:
        lines += ["", f"## {group}"]
        for one in operations:
            scope = f" Scope `{one.scope}`." if one.scope else ""
            lines += ["", f"### {one.summary}", "", f"`{one.method} {one.path}`{scope} {one.about}"]
            taken = [
                (given["name"], given["about"], given["required"]) for given in one.parameters
            ] + one.fields
            lines += ["", "| takes | | |", "|---|---|---|"] if taken else []
            lines += [
                f"| `{name}` | {about} | {'needed' if must else ''} |"
                for name, about, must in taken
            ]
            lines += ["", "| gives | |", "|---|---|"] if one.gives else []
            lines += [f"| `{name}` | {about} |" for name, about, _must in one.gives]
            lines += ["", f"Answers {', '.join(code for code, _words in one.answers)}."]
    lines += ["", "## Webhooks", "", "Sent to the receivers the operator added."]
    for told in topics:
        scope = f" Scope `{told.scope}`." if told.scope else ""
        lines += ["", f"### {told.summary}", "", f"`{told.topic}`{scope} {told.about}"]
        lines += ["", "| brings | |", "|---|---|"]
        lines += [f"| `{name}` | {about} |" for name, about in told.brings]
    return "\n".join(lines) + "\n"


PAGES = {"events.md": events, "slots.md": slots, "permissions.md": permissions, "api.md": api}


def stale() -> list[str]:
    """Name the files that do not say what the code says."""
    return [
        name
        for name, write in PAGES.items()
        if not (FOLDER / name).exists() or (FOLDER / name).read_text("utf-8") != write()
    ]


def main() -> int:
    """Write or check."""
    import django

    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "lianxin.config.settings.test")
    django.setup()
    if "--check" in sys.argv:
        wrong = stale()
        print("\n".join(f"docs/reference/{name} is out of date" for name in wrong) or "Up to date.")
        return 1 if wrong else 0
    for name, write in PAGES.items():
        (FOLDER / name).write_text(write(), encoding="utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main())
