"""Nothing of the machine it was written on, and nothing secret, travels with the code."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from tests.house import ROOT, tracked

BINARY = {".png", ".jpg", ".jpeg", ".ico", ".woff2", ".xlsx", ".pdf", ".webp", ".gz", ".zip"}
TEXTS = [path for path in tracked() if path.suffix not in BINARY]
# Written in pieces, so that this file does not find itself.
HOMES = re.compile("/" + r"(work|root|home|Users)/[a-z]")
SECRETS = re.compile(r"-----BEGIN [A-Z ]*PRIVATE" + r" KEY-----|\bAKIA[0-9A-Z]{16}\b")
UNSETTLED = re.compile(r"\b(TO" + r"DO|FIX" + r"ME|XX" + r"X)\b")


def _found(path: Path, *nets: re.Pattern[str]) -> str:
    text = path.read_text(encoding="utf-8")
    for net in nets:
        if found := net.search(text):
            around = text[max(found.start() - 30, 0) : found.end() + 30]
            return f"{path.relative_to(ROOT)}: …{around}…"
    return ""


def test_no_file_names_a_place_of_one_machine_or_a_secret() -> None:
    ours = [path for path in TEXTS if "vendor" not in path.parts]
    assert not [found for path in ours if (found := _found(path, HOMES, SECRETS))]


def test_nothing_is_left_for_later_without_a_decision() -> None:
    ours = [path for path in TEXTS if path.suffix in {".py", ".html", ".css", ".js"}]
    assert not [
        found for path in ours if "vendor" not in path.parts and (found := _found(path, UNSETTLED))
    ]


@pytest.mark.parametrize("path", tracked("requirements/*"), ids=lambda p: p.name)
def test_requirements_name_no_index(path: Path) -> None:
    text = path.read_text(encoding="utf-8")
    assert not re.search(r"https?://|--(extra-)?index-url|--find-links|--trusted-host", text)


@pytest.mark.parametrize("name", [path.name for path in tracked("requirements/*.txt")])
def test_every_requirement_is_pinned_with_its_hash(name: str) -> None:
    text = (ROOT / "requirements" / name).read_text(encoding="utf-8").replace("\\\n", " ")
    lines = [
        line for line in text.splitlines() if line.strip() and not line.lstrip().startswith("#")
    ]
    assert lines
    for line in lines:
        assert re.match(r"[\w.\[\],-]+==\S+ .*--hash=sha256:", line), line


def test_the_licence_travels_along() -> None:
    assert "Apache License" in (ROOT / "LICENSE").read_text(encoding="utf-8")
