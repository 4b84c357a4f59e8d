"""Letters are readable and borders visible in every theme, worked out from the tokens themselves."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from lianxin.ui.rules import contrast

TOKENS = (Path(__file__).parents[1] / "static" / "ui" / "tokens.css").read_text(encoding="utf-8")
GROUNDS = ("paper", "card", "sunken")
INKS = ("ink", "ink-soft", "red", "gold", "green", "blue", "amber")
WASHED = ("red", "gold", "green", "blue", "amber")


def _themes() -> dict[str, dict[str, str]]:
    blocks = re.findall(r"color-scheme: (light|dark);(.*?)}", TOKENS, re.DOTALL)
    read = [
        (name, dict(re.findall(r"--([a-z-]+): (#[0-9a-f]{6});", body))) for name, body in blocks
    ]
    dark = [colours for name, colours in read if name == "dark"]
    assert dark[0] == dark[1], "the dark of the phone and the dark one chooses must be the same"
    return {"light": next(c for n, c in read if n == "light"), "dark": dark[0]}


THEMES = _themes()


@pytest.mark.parametrize("theme", THEMES)
@pytest.mark.parametrize("ink", INKS)
@pytest.mark.parametrize("ground", GROUNDS)
def test_letters_stand_out_from_their_ground(theme, ink, ground):
    assert contrast(THEMES[theme][ink], THEMES[theme][ground]) >= 4.5


@pytest.mark.parametrize("theme", THEMES)
@pytest.mark.parametrize("ink", WASHED)
def test_letters_stand_out_from_their_wash(theme, ink):
    colours = THEMES[theme]
    assert contrast(colours[ink], colours[f"{ink}-wash"]) >= 4.5
    assert contrast(colours["ink"], colours[f"{ink}-wash"]) >= 4.5


@pytest.mark.parametrize("theme", THEMES)
def test_the_one_red_button_is_readable(theme):
    for ground in ("red", "red-deep"):
        assert contrast(THEMES[theme]["red-ink"], THEMES[theme][ground]) >= 4.5


@pytest.mark.parametrize("theme", THEMES)
@pytest.mark.parametrize("ground", GROUNDS)
def test_what_one_taps_has_a_visible_border(theme, ground):
    assert contrast(THEMES[theme]["edge"], THEMES[theme][ground]) >= 3


def test_no_stylesheet_paints_past_the_tokens():
    for sheet in (Path(__file__).parents[1] / "static" / "ui").glob("*.css"):
        if sheet.name not in {"tokens.css", "print.css"}:
            assert not re.search(r"#[0-9a-f]{3,8}\b(?=[;, ])", sheet.read_text(encoding="utf-8"))


def test_a_stylesheet_writes_letters_only_in_the_sizes_of_the_tokens():
    allowed = re.compile(r"font(-size)?: (var\(--text|inherit|400 var|650 12px|800 .75rem|11pt)")
    for sheet in (Path(__file__).parents[1] / "static" / "ui").glob("*.css"):
        for found in re.findall(r"font(?:-size)?: [^;}]+", sheet.read_text(encoding="utf-8")):
            assert allowed.match(found), f"{sheet.name}: {found}"
