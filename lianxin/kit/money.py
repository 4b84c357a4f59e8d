"""Money is integer fen; here it becomes text and text becomes it."""

from __future__ import annotations

import re
import unicodedata

from django.utils.translation import gettext as _

from lianxin.kit.errors import RefusedError

_TYPED = re.compile(r"(?P<whole>\d{1,12}|\d{1,3}(?:,\d{3}){1,3})(?:\.(?P<part>\d{1,2}))?")


def yuan(fen: int) -> str:
    """Write fen as yuan with thousands and two decimals: 123450 is "1,234.50"."""
    whole, part = divmod(abs(fen), 100)
    return f"{'-' if fen < 0 else ''}{whole:,}.{part:02d}"


def parse_yuan(text: str) -> int:
    """Read a typed amount of yuan ("1,234.5", "￥300", "８００元") as fen.

    Raises:
        RefusedError: it is no amount, is negative, or has more than two decimals.
    """
    folded = unicodedata.normalize("NFKC", text)
    bare = "".join(folded.split()).removeprefix("¥").removesuffix("元")
    found = _TYPED.fullmatch(bare) if bare.isascii() else None
    if found is None:
        raise RefusedError(_("Please write the amount in yuan with digits, for example 1234.50."))
    return int(found["whole"].replace(",", "")) * 100 + int((found["part"] or "0").ljust(2, "0"))
