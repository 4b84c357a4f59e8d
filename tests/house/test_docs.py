"""Documents that say what the code says, and links that lead somewhere."""

from __future__ import annotations

import re
import subprocess
import sys
from pathlib import Path

import pytest
from django.core.management import get_commands

from tests.house import ROOT, tracked

DOCS = tracked("*.md")
DECISIONS = tracked("docs/decisions/0*.md")
REFERENCE = ROOT / "docs" / "reference"


def _headings(name: str) -> set[str]:
    return set(re.findall(r"^## (\S+)$", (REFERENCE / name).read_text("utf-8"), re.MULTILINE))


def test_events_slots_and_permissions_are_written_down() -> None:
    done = subprocess.run(
        [sys.executable, "-m", "tools.reference", "--check"],
        cwd=ROOT, capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert done.returncode == 0, f"{done.stdout}{done.stderr}\nRun: make reference"


def test_every_setting_is_written_down_and_none_is_dead() -> None:
    used: set[str] = set()
    for path in tracked("*.py", "deploy/*", "Makefile"):
        used |= set(re.findall(r"\bLIANXIN_[A-Z_]*[A-Z]\b", path.read_text("utf-8")))
    assert used - _headings("settings.md") == set(), "add a heading in docs/reference/settings.md"
    assert _headings("settings.md") - used == set(), "nothing reads these any more"


@pytest.mark.parametrize("path", DOCS, ids=lambda p: str(p.relative_to(ROOT)))
def test_links_lead_somewhere(path: Path) -> None:
    text = re.sub(r"```.*?```|`[^`]*`", "", path.read_text(encoding="utf-8"), flags=re.DOTALL)
    for target in re.findall(r"\]\(([^)#\s]+)[^)]*\)", text):
        if not re.match(r"[a-z]+:", target):
            assert (path.parent / target).exists(), target


def test_commands_that_are_written_down_exist() -> None:
    said: set[str] = set()
    for path in [*DOCS, *tracked("deploy/*", "Makefile")]:
        said |= set(re.findall(r"manage\.py ([a-z][a-z_]+)", path.read_text(encoding="utf-8")))
    assert not said - set(get_commands())


def test_decisions_are_numbered_without_gaps() -> None:
    numbers = [int(path.name[:4]) for path in DECISIONS]
    assert numbers == list(range(1, len(numbers) + 1))


@pytest.mark.parametrize("path", DECISIONS, ids=lambda p: p.name)
def test_a_decision_fits_a_page_and_says_what_was_refused(path: Path) -> None:
    text = path.read_text(encoding="utf-8")
    assert text.startswith(f"# {path.name[:4]} ")
    for part in ("Context", "Decision", "Rejected", "Consequences"):
        assert f"\n## {part}\n" in text
    assert len(text.split()) < 600
    assert path.name in (path.parent / "README.md").read_text("utf-8")


def test_the_map_of_the_tree_names_every_app() -> None:
    text = (ROOT / "docs" / "house" / "architecture.md").read_text("utf-8")
    apps = [path.parent.name for path in (ROOT / "lianxin").glob("*/apps.py")]
    assert not [app for app in apps if f"`{app}`" not in text]
