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
from functools import cached_property

LONGEST_QUERY = 80
ENOUGH = 30
LONGEST_PHRASE = 24
_SIGNS = re.compile(r"[\W_]+")
_LATIN = re.compile(r"[a-z0-9]+")
# What people say around the matter itself.
_AROUND = re.compile(
    r"我想要?|我要|我的|请问|怎么办理|怎么办|怎么|如何|哪里|可以|能不能|申请|办理|一下|有没有|吗|呢|了"
)


@dataclass(frozen=True)
class Phrase:
    """One phrase an item is known by: folded, in pinyin, by initials, and how much it says."""

    text: str
    pinyin: str = ""
    initials: str = ""
    weight: int = 100

    @cached_property
    def pairs(self) -> frozenset[str]:
        """Return the pairs of neighbouring characters; a long sentence is not compared by them."""
        return _pairs(self.text) if len(self.text) <= LONGEST_PHRASE else frozenset()


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
    answers = [_by_text(query, phrase.text)]
    if bare != query:
        answers.append(_by_text(bare, phrase.text))
    if not query.isascii():
        answers.append(_overlap(bare, phrase))
    else:
        answers += [_by_pinyin(query, phrase), _by_words(words, phrase.text)]
    return max(answers) * phrase.weight // 100


def _by_text(query: str, text: str) -> int:
    if query == text:
        return 100
    if query.isascii() and len(query) < 3:
        return 0
    if text.startswith(query):
        return 90
    if query in text:
        return 80 if len(query) > 1 else 40
    return 75 if len(text) > 1 and text in query else 0


def _overlap(query: str, phrase: Phrase) -> int:
    """Compare by pairs of characters (Dice), up to 70."""
    first, second = _pairs(query), phrase.pairs
    shared = len(first & second)
    return 140 * shared // (len(first) + len(second)) if shared else 0


def _pairs(text: str) -> frozenset[str]:
    return frozenset(text[at : at + 2] for at in range(len(text) - 1))


def _by_pinyin(query: str, phrase: Phrase) -> int:
    return max(_by_initials(query, phrase.initials), _by_spelling(query, phrase.pinyin))


def _by_initials(query: str, initials: str) -> int:
    if len(query) >= 2 and query == initials:
        return 85
    return 65 if len(query) >= 3 and initials.startswith(query) else 0


def _by_spelling(query: str, pinyin: str) -> int:
    if len(query) < 3 or not pinyin:
        return 0
    if query == pinyin:
        return 95
    if pinyin.startswith(query):
        return 80
    if len(query) >= 4 and query in pinyin:
        return 65
    return 60 if len(query) >= 6 and is_near(query, pinyin) else 0


def _by_words(words: list[str], text: str) -> int:
    """Latin words each within the phrase; all of them count most."""
    if not words or not text.isascii():
        return 0
    found = sum(word in text or (len(word) >= 5 and is_near(word, text)) for word in words)
    return 70 * found // len(words) if found else 0


def is_near(one: str, other: str) -> bool:
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
