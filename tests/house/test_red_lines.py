"""The red lines: nothing in the system counts what a person does here, or what she thinks.

The rules of 2026 on government mobile applications forbid points, rankings and times of use; ours
forbid as well any score of opinion, belief, mood or conduct. A word of this kind in a table, an
address or a text stops the build; an exception needs a reason here and a decision record.
"""

from __future__ import annotations

import re

import pytest
from django.apps import apps
from django.urls import URLPattern, URLResolver, get_resolver

from tests.house import ROOT, tracked

COUNTED = re.compile(
    r"""(^|_)(
        likes? | liked | votes? | upvotes? | streaks? | points? | leaderboards? | rankings? | karma
        | (log_?ins?|sign_?ins?|visits?|views?|clicks?|shares?|stud(y|ies)|online|active|usage)
          _(count|counts|total|number|days|minutes|seconds|hours|time|duration)
        | (count|number|total)_of_(log_?ins?|sign_?ins?|visits|views|likes|votes)
        | time_(spent|online|watched) | dwell(_time)? | watch_time | minutes_studied
        | (mood|belief|opinion|conduct|loyalty|attitude|credit|risk|sentiment)_(score|rating|level|rank)
        | last_login | last_seen(_at)? | last_active(_at)?
    )($|_)""",
    re.VERBOSE,
)
SAID = re.compile(
    r"积分|排行榜|(?<!不给谁)排名(?!额)|点赞|学习时长|在线时长|登录次数|登录天数|连续签到|打卡|思想评分|信用分"
    r"|leaderboard|\bstreak\b|\b(your|earn\w*|\d+|bonus) points\b|time spent|\blikes\b",
    re.IGNORECASE,
)
# name: why it is none of what the red line means
FIELDS_EXCEPTED: dict[str, str] = {}
WORDS_EXCEPTED: dict[str, str] = {"points": "the points of a text, one below the other"}


def _fields() -> list[str]:
    return [
        f"{model._meta.label}.{field.name}"
        for model in apps.get_models()
        if model.__module__.startswith("lianxin.")
        for field in model._meta.get_fields()
    ]


def test_no_table_counts_what_a_person_does_here() -> None:
    wrong = [
        name
        for name in _fields()
        if COUNTED.search(name.split(".")[-1]) and name not in FIELDS_EXCEPTED
    ]
    assert not wrong


def _addresses(resolver: URLResolver, prefix: str = "") -> list[str]:
    found: list[str] = []
    for pattern in resolver.url_patterns:
        where = prefix + str(pattern.pattern)
        if isinstance(pattern, URLResolver):
            found += _addresses(pattern, where)
        elif isinstance(pattern, URLPattern):
            found += [where, pattern.name or ""]
    return found


def test_no_address_leads_to_a_ranking() -> None:
    wrong = [
        where for where in _addresses(get_resolver()) if COUNTED.search(re.sub(r"\W+", "_", where))
    ]
    assert not wrong


def test_no_page_speaks_of_points_or_rankings() -> None:
    assert not [
        f"{path.relative_to(ROOT)}:{number}: {line.strip()}"
        for path in tracked("lianxin/*.po", "lianxin/*.html", "lianxin/*.yaml")
        for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), 1)
        if (found := SAID.search(line)) and found[0] not in WORDS_EXCEPTED
    ]


def test_no_column_of_an_export_counts_people() -> None:
    """Exports name their columns as strings: none may be one of the forbidden counts."""
    assert not [
        f"{path.relative_to(ROOT)}: {word}"
        for path in tracked("lianxin/*.py")
        if not {"tests", "migrations"} & set(path.parts)
        for word in re.findall(r"[\"']([a-z_]{4,40})[\"']", path.read_text(encoding="utf-8"))
        if COUNTED.search(word) and word not in WORDS_EXCEPTED
    ]


@pytest.mark.parametrize(
    "word",
    ["likes", "like_count", "login_count", "study_minutes", "time_spent", "total_points", "streak",
     "mood_score", "last_seen_at", "views_total", "active_days"],
)  # fmt: skip
def test_the_net_catches_what_it_is_for(word: str) -> None:
    assert COUNTED.search(word)


@pytest.mark.parametrize(
    "word", ["unlike", "checkpoint", "due_at", "level", "opinion", "signed_in", "rating", "viewer"]
)
def test_the_net_lets_honest_words_through(word: str) -> None:
    assert not COUNTED.search(word)
