"""Names as sort keys: Chinese by pinyin without blanks, others by their letters."""

from __future__ import annotations

import json
import sys
import unicodedata
from functools import cache
from importlib.util import find_spec
from pathlib import Path

# Surnames that are read otherwise than the word.
_SURNAMES = {
    "单": "shan", "曾": "zeng", "解": "xie", "仇": "qiu", "任": "ren", "查": "zha", "区": "ou",
    "盖": "ge", "缪": "miao", "朴": "piao", "尉迟": "yuchi", "长孙": "zhangsun", "万俟": "moqi",
    "单于": "chanyu", "华": "hua", "纪": "ji", "召": "shao", "员": "yun", "乐": "yue", "洗": "xian",
    "冼": "xian", "种": "chong", "宓": "mi", "逄": "pang", "覃": "qin", "翟": "zhai", "尹": "yin",
}  # fmt: skip
LONGEST = 96
_AS_TYPED = str.maketrans("üǖǘǚǜ", "vvvvv")


def sort_key_of(name: str) -> str:
    """Return what a name is sorted and searched by: 林晓梅 gives linxiaomei."""
    start, rest = "", name
    for length in (2, 1):
        if name[:length] in _SURNAMES:
            start, rest = _SURNAMES[name[:length]], name[length:]
            break
    return (start + "".join(_syllable(c) for c in rest))[:LONGEST]


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
