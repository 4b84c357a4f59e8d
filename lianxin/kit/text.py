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


# Full-width digits, letters and the signs of numbers and addresses. Chinese punctuation keeps its
# width: a sentence with half-width commas in it looks like a machine's.
_HALF_WIDTH: dict[int, int | str] = {
    code: code - 0xFEE0 for code in range(0xFF10, 0xFF5B) if chr(code).isalnum()
}
_HALF_WIDTH |= {
    ord(wide): narrow
    for wide, narrow in zip("＋－．／＠＿＃＊％＆\u3000", "+-./@_#*%& ", strict=True)
}


def clean(typed: str) -> str:
    """Fold full-width letters and digits, drop control and bidi characters, trim, collapse blanks."""
    folded = unicodedata.normalize("NFC", typed).translate(_HALF_WIDTH)
    kept = "".join(
        c
        for c in folded
        if c in "\n\t" or unicodedata.category(c) not in {"Cc", "Cf", "Cs", "Co", "Cn"}
    )
    return "\n".join(" ".join(line.split()) for line in kept.splitlines()).strip()
