"""Names as sort keys: Chinese by pinyin without blanks, others by their letters."""

from __future__ import annotations

from lianxin.kit.pinyin import LONGEST, spelled

# Surnames that are read otherwise than the word.
_SURNAMES = {
    "单": "shan", "曾": "zeng", "解": "xie", "仇": "qiu", "任": "ren", "查": "zha", "区": "ou",
    "盖": "ge", "缪": "miao", "朴": "piao", "尉迟": "yuchi", "长孙": "zhangsun", "万俟": "moqi",
    "单于": "chanyu", "华": "hua", "纪": "ji", "召": "shao", "员": "yun", "乐": "yue", "洗": "xian",
    "冼": "xian", "种": "chong", "宓": "mi", "逄": "pang", "覃": "qin", "翟": "zhai", "尹": "yin",
}  # fmt: skip


def sort_key_of(name: str) -> str:
    """Return what a name is sorted and searched by: 林晓梅 gives linxiaomei."""
    start, rest = "", name
    for length in (2, 1):
        if name[:length] in _SURNAMES:
            start, rest = _SURNAMES[name[:length]], name[length:]
            break
    return (start + spelled(rest))[:LONGEST]
