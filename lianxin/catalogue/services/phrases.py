"""The phrases an item is found by, with their pinyin: written down once, when it is loaded."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from lianxin.catalogue.rules.item import Card
from lianxin.catalogue.rules.search import folded

TITLE, WORD, PROMISE, GUIDE = 100, 96, 60, 50


def phrases_of(card: Card) -> list[list[Any]]:
    """List what search reads of an item: text, pinyin, initials, weight."""
    told: dict[str, int] = {}
    for text, weight in _told(card):
        # Search compares Latin with Latin and Han with Han; both stand in one phrase now and then.
        if text and told.get(text, 0) < weight:
            told[text] = weight
    return [[text, *_spelled(text), weight] for text, weight in told.items()]


def _told(card: Card) -> Iterable[tuple[str, int]]:
    for text in (card.title.zh_Hans, card.title.en):
        yield folded(text), TITLE
    yield folded(card.code), TITLE
    for word in card.words:
        yield folded(word), WORD
    for text in (card.promise.zh_Hans, card.promise.en):
        yield _long(text), PROMISE
    for line in (*card.guide.who, *card.guide.gets):
        yield _long(line.zh_Hans), GUIDE
        yield _long(line.en), GUIDE


def _long(text: str) -> str:
    """Fold a whole sentence: queries are cut, phrases are not."""
    return "".join(folded(text[at : at + 40]) for at in range(0, len(text), 40))


def _spelled(text: str) -> tuple[str, str]:
    """Return pinyin and initials of a phrase of up to twelve characters; Latin spells itself."""
    if text.isascii() or len(text) > 12:
        return "", ""
    # Heavy, and needed at loading only: a web worker never imports it.
    from pypinyin import lazy_pinyin  # noqa: PLC0415

    syllables = lazy_pinyin(text)
    return "".join(syllables).lower(), "".join(one[0] for one in syllables if one).lower()
