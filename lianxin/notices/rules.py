"""The masking engine: what a public notice may show of a person. Pure.

One value has one masked form, in every notice, whatever else the notice shows. So two notices
laid side by side never reveal a character that either hides: in reported leaks an
identity number was put together again from several notices that each hid another part. The
masked form keeps no length either: 「林晓」 and 「林晓梅」 both become 「林**」. Last digits are
never shown, since forms elsewhere ask for just these.
"""

from __future__ import annotations

import re

STARS = "**"
HIDDEN = "***"
# Two-character surnames in common use; the surname is what a notice keeps.
COMPOUND_SURNAMES = frozenset(
    [
        "欧阳",
        "太史",
        "端木",
        "上官",
        "司马",
        "东方",
        "独孤",
        "南宫",
        "万俟",
        "闻人",
        "夏侯",
        "诸葛",
        "尉迟",
        "公羊",
        "赫连",
        "澹台",
        "皇甫",
        "宗政",
        "濮阳",
        "公冶",
        "太叔",
        "申屠",
        "公孙",
        "慕容",
        "仲孙",
        "钟离",
        "长孙",
        "宇文",
        "司徒",
        "鲜于",
        "司空",
        "令狐",
        "百里",
        "呼延",
        "东郭",
        "南门",
        "西门",
        "第五",
    ]
)
_DISTRICT = re.compile(r"^.*?(?:自治县|自治旗|新区|开发区|区|县|旗|市(?!.*[区县旗]))")
# A unit smaller than this would give its people away: the notice names the union above it.
SMALLEST_UNIT = 50


def mask_name(name: str) -> str:
    """Keep the surname (Chinese) or the first letter (others); hide the rest and its length."""
    name = name.strip()
    if not name:
        return HIDDEN
    keep = 2 if name[:2] in COMPOUND_SURNAMES and len(name) > 2 else 1
    return name[:keep] + STARS


def mask_number(number: str) -> str:
    """Keep the first three characters of an identity, bank or phone number; hide the rest.

    Three digits of an identity number name a region of millions, of a phone number its carrier.
    """
    plain = re.sub(r"[\s-]", "", number)
    return plain[:3] + HIDDEN if len(plain) >= 8 else HIDDEN


def mask_address(address: str) -> str:
    """Keep an address down to its district or county; a place not recognised is hidden whole."""
    found = _DISTRICT.match(address.strip())
    return found.group(0) + HIDDEN if found and len(found.group(0)) >= 3 else HIDDEN


_NUMBERS = re.compile(r"(?<!\d)\d[\d\s-]{6,}[\dXx](?!\d)")


def mask_text(text: str) -> str:
    """Hide every number of eight or more digits that slipped into free text."""
    return _NUMBERS.sub(lambda found: mask_number(found.group(0)), text)
