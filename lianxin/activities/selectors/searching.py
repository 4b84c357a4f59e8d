"""How an activity is found by what people type: characters, pinyin, its initials, words of its kind."""

from __future__ import annotations

from lianxin.activities.models import Activity
from lianxin.activities.selectors.kinds import kind_of
from lianxin.kit.pinyin import spelled
from lianxin.kit.text import clean

LONGEST = 2000


def find_key_of(activity: Activity, union: str) -> str:
    """Write down what search reads of an activity."""
    kind = kind_of(activity.kind)
    said = [activity.title, activity.place, activity.address, union, kind.label.zh_Hans, kind.label.en, *kind.words]  # fmt: skip
    plain = " ".join(clean(part) for part in said if part).lower()
    sounds = " ".join(spelled(part) for part in (activity.title, activity.place) if part)
    return f"{plain} {sounds.lower()} {sounds.replace(' ', '').lower()}"[:LONGEST]


def keys_of(typed: str) -> list[str]:
    """Take what was typed apart; each part must be found."""
    return clean(typed).lower().split()[:6]
