"""What stayed English on a Chinese page."""

from __future__ import annotations

import re
from functools import cache
from html.parser import HTMLParser

from tools.messages import apps, translated_in

READ = ("aria-label", "title", "placeholder", "alt")
SILENT = {"script", "style", "template", "code", "pre", "textarea"}
# Three words of a sentence nobody translated, wherever they came from.
SENTENCE = re.compile(r"\b[A-Za-z]{2,}(?: [a-z]{2,}){2,}\b")


class Texts(HTMLParser):
    """Each text a person reads on a page, with what she hears of it."""

    def __init__(self, page: str) -> None:
        super().__init__(convert_charrefs=True)
        self.found: list[str] = []
        self._silent = 0
        self.feed(page)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self._silent += tag in SILENT
        self.found += [value for name, value in attrs if name in READ and value]

    def handle_endtag(self, tag: str) -> None:
        self._silent -= tag in SILENT

    def handle_data(self, data: str) -> None:
        text = " ".join(data.split())
        if text and not self._silent:
            self.found.append(text)


@cache
def translated() -> frozenset[str]:
    """Return every English text that has another in Chinese."""
    found: set[str] = set()
    for app in apps():
        known, _faults = translated_in(app)
        found |= {english for (_context, english), chinese in known.items() if english != chinese}
    return frozenset(found)


def english_left(page: str) -> list[str]:
    """Name what a Chinese page says in English although there is Chinese for it, or should be."""
    return [
        text
        for text in Texts(page).found
        if len(text) > 2 and (text in translated() or SENTENCE.search(text))
    ]
