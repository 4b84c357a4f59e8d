"""Every icon a page asks for is in the sprite, and the sprite holds what its script names."""

from __future__ import annotations

import re
from pathlib import Path

from tools.vendor import ICONS, NOTICE, SPRITE

APPS = Path(__file__).resolve().parents[2]
ASKED = re.compile(r"""{%\s*(?:icon|empty)\s+["']([a-z0-9-]+)["']|\bicon=["']([a-z0-9-]+)["']""")


def asked() -> dict[str, str]:
    found: dict[str, str] = {}
    for path in [*APPS.rglob("*.html"), *APPS.rglob("*.py"), *APPS.rglob("*.yaml")]:
        for names in ASKED.findall(path.read_text(encoding="utf-8")):
            found.setdefault("".join(names), str(path.relative_to(APPS)))
    return found


def test_every_icon_asked_for_is_there():
    there = set(re.findall(r'<symbol id="([a-z0-9-]+)"', SPRITE.read_text(encoding="utf-8")))
    assert {name: where for name, where in asked().items() if name not in there} == {}


def test_the_sprite_is_what_its_script_names():
    text = SPRITE.read_text(encoding="utf-8")
    assert set(re.findall(r'<symbol id="([a-z0-9-]+)"', text)) == set(ICONS)
    assert NOTICE in text
