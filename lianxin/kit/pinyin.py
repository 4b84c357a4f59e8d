"""Chinese by its sound, for sorting and finding: 林 gives lin."""

from __future__ import annotations

import json
import sys
import unicodedata
from functools import cache
from importlib.util import find_spec
from pathlib import Path

LONGEST = 96
_AS_TYPED = str.maketrans("üǖǘǚǜ", "vvvvv")


def spelled(text: str) -> str:
    """Return text in small letters without blanks: 嘉州市总工会 gives jiazhoushizonggonghui."""
    return "".join(_syllable(c) for c in text)


@cache
def _syllable(character: str) -> str:
    if character.isascii():
        return character.lower() if character.isalnum() else ""
    reading = _readings().get(character)
    if reading:
        return reading
    plain = _plain(character)
    return plain.lower() if plain.isalnum() else character.casefold() if character.isalpha() else ""


@cache
def _readings() -> dict[str, str]:
    """Read the dictionary of single characters alone: importing pypinyin brings 57 MB of phrases."""
    spec = find_spec("pypinyin")
    if spec is None or not spec.submodule_search_locations:
        return {}
    path = Path(spec.submodule_search_locations[0]) / "pinyin_dict.json"
    found: dict[str, str] = json.loads(path.read_text(encoding="utf-8"))
    return {
        chr(int(code)): sys.intern(_plain(readings.split(",")[0].translate(_AS_TYPED)))
        for code, readings in found.items()
        if int(code) <= 0x9FFF
    }


def _plain(text: str) -> str:
    return unicodedata.normalize("NFKD", text).encode("ascii", "ignore").decode()
