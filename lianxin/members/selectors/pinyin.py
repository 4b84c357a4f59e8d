"""Names as sort keys: Chinese by pinyin without blanks, others by their letters."""

from __future__ import annotations

import unicodedata
from functools import cache

# Surnames that are read otherwise than the word.
_SURNAMES = {
    "单": "shan", "曾": "zeng", "解": "xie", "仇": "qiu", "任": "ren", "查": "zha", "区": "ou",
    "盖": "ge", "缪": "miao", "朴": "piao", "尉迟": "yuchi", "长孙": "zhangsun", "万俟": "moqi",
    "单于": "chanyu", "华": "hua", "纪": "ji", "召": "shao", "员": "yun", "乐": "yue", "洗": "xian",
    "冼": "xian", "种": "chong", "宓": "mi", "逄": "pang", "覃": "qin", "翟": "zhai", "尹": "yin",
}  # fmt: skip
LONGEST = 96


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
    if "\u3400" <= character <= "\u9fff" or ord(character) >= 0x20000:
        from pypinyin import lazy_pinyin  # noqa: PLC0415  (its dictionary stays out until asked for)

        return str(lazy_pinyin(character)[0])
    plain = unicodedata.normalize("NFKD", character).encode("ascii", "ignore").decode()
    return plain.lower() if plain.isalnum() else character.casefold() if character.isalpha() else ""
