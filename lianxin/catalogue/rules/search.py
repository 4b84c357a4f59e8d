"""Finding a service by what one needs: words, synonyms, pinyin, initials, one slip of the finger. Pure.

An index holds, for each item, its phrases (title, synonyms, promise) with a weight, and of each the
pinyin and its initials, written down when the catalogue is loaded. A query is folded the same way
(width, case, blanks, signs) and every phrase says how well it answers; the best one counts.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

LONGEST_QUERY = 80
ENOUGH = 30
_SIGNS = re.compile(r"[\W_]+")
_LATIN = re.compile(r"[a-z0-9]+")
# What people say around the matter itself.
_AROUND = re.compile(
    r"我想要?|我要|我的|请问|怎么办理|怎么办|怎么|如何|哪里|可以|能不能|申请|办理|一下|有没有|吗|呢|了"
)


@dataclass(frozen=True, slots=True)
class Phrase:
    """One phrase an item is known by: folded, in pinyin, by initials, and how much it says."""

    text: str
    pinyin: str = ""
    initials: str = ""
    weight: int = 100


@dataclass(frozen=True, slots=True)
class Hit:
    code: str
    score: int


def folded(typed: str) -> str:
    """Fold width and case, drop blanks and signs: `　Ｊin Qiu，助学！` becomes `jinqiu助学`."""
    return _SIGNS.sub("", unicodedata.normalize("NFKC", typed[:LONGEST_QUERY]).casefold())


def words_of(typed: str) -> list[str]:
    """List the Latin words of what was typed, folded."""
    return _LATIN.findall(unicodedata.normalize("NFKC", typed[:LONGEST_QUERY]).casefold())


def find(typed: str, index: Iterable[tuple[str, Sequence[Phrase]]]) -> list[Hit]:
    """Rank the items that answer a query, best first; of equals the earlier in the index."""
    query = folded(typed)
    if not query:
        return []
    bare = _AROUND.sub("", query) or query
    words = [word for word in words_of(typed) if len(word) > 2]
    hits = []
    for code, phrases in index:
        best = max((_score(query, bare, words, phrase) for phrase in phrases), default=0)
        if best >= ENOUGH:
            hits.append(Hit(code, best))
    return sorted(hits, key=lambda hit: -hit.score)


def _score(query: str, bare: str, words: list[str], phrase: Phrase) -> int:
    answers = [_by_text(query, phrase.text), _by_text(bare, phrase.text)]
    if query.isascii():
        answers += [_by_pinyin(query, phrase), _by_words(words, phrase.text)]
    return max(answers) * phrase.weight // 100


def _by_text(query: str, text: str) -> int:
    if not query or not text:
        return 0
    if query == text:
        return 100
    if query.isascii() and len(query) < 3:
        return 0
    if text.startswith(query):
        return 90
    if query in text:
        return 80 if len(query) > 1 else 40
    if len(text) > 1 and text in query:
        return 75
    return _overlap(query, text) if not query.isascii() else 0


def _overlap(query: str, text: str) -> int:
    """Compare by pairs of characters (Dice), up to 70."""
    first, second = _pairs(query), _pairs(text)
    if not first or not second:
        return 0
    return 140 * len(first & second) // (len(first) + len(second))


def _pairs(text: str) -> set[str]:
    return {text[at : at + 2] for at in range(len(text) - 1)}


def _by_pinyin(query: str, phrase: Phrase) -> int:
    if phrase.initials and len(query) >= 2:
        if query == phrase.initials:
            return 85
        if len(query) >= 3 and phrase.initials.startswith(query):
            return 65
    if not phrase.pinyin or len(query) < 3:
        return 0
    if query == phrase.pinyin:
        return 95
    if phrase.pinyin.startswith(query):
        return 80
    if len(query) >= 4 and query in phrase.pinyin:
        return 65
    if len(query) >= 6 and _is_near(query, phrase.pinyin):
        return 60
    return 0


def _by_words(words: list[str], text: str) -> int:
    """Latin words each within the phrase; all of them count most."""
    if not words or not text.isascii():
        return 0
    found = sum(word in text or (len(word) >= 5 and _is_near(word, text)) for word in words)
    return 70 * found // len(words) if found else 0


def _is_near(one: str, other: str) -> bool:
    """Say whether two words differ by one slip: a letter more, less, other, or two swapped."""
    if abs(len(one) - len(other)) > 1:
        return False
    at = 0
    while at < min(len(one), len(other)) and one[at] == other[at]:
        at += 1
    rest, tail = one[at:], other[at:]
    return (
        rest[1:] == tail[1:]
        or rest[1:] == tail
        or rest == tail[1:]
        or (rest[:2] == tail[:2][::-1] and rest[2:] == tail[2:])
    )
