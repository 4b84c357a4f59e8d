"""Text in two languages, and the cleaning of what people type."""

from __future__ import annotations

import unicodedata

import msgspec
from django.utils.translation import get_language


class Bilingual(msgspec.Struct, forbid_unknown_fields=True, frozen=True):
    """A text in the two languages of the interface; written in data files as {en, zh_Hans}."""

    en: str
    zh_Hans: str  # noqa: N815  (the language tag of BCP 47, as data files write it)

    def __str__(self) -> str:
        return self.en if (get_language() or "").startswith("en") else self.zh_Hans


def clean(typed: str) -> str:
    """Fold full-width forms (NFKC), drop control and bidi characters, trim, collapse blanks in lines."""
    folded = unicodedata.normalize("NFKC", typed)
    kept = "".join(
        c
        for c in folded
        if c in "\n\t" or unicodedata.category(c) not in {"Cc", "Cf", "Cs", "Co", "Cn"}
    )
    return "\n".join(" ".join(line.split()) for line in kept.splitlines()).strip()
