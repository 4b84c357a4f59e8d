"""Official codes of organisations: form and check characters. Pure."""

from __future__ import annotations

USCC_ALPHABET = "0123456789ABCDEFGHJKLMNPQRTUWXY"
_USCC_WEIGHTS = (1, 3, 9, 27, 19, 26, 16, 17, 20, 29, 25, 13, 8, 24, 10, 30, 28)


def uscc_is_valid(code: str) -> bool:
    """Check a unified social credit code (统一社会信用代码, GB 32100-2015), 18 characters."""
    if len(code) != 18 or any(c not in USCC_ALPHABET for c in code):
        return False
    return code[17] == uscc_check_character(code[:17])


def uscc_check_character(first: str) -> str:
    """Return the 18th character for the first 17; a remainder of 0 gives "0", not a 32nd letter."""
    total = sum(
        USCC_ALPHABET.index(c) * weight for c, weight in zip(first, _USCC_WEIGHTS, strict=True)
    )
    return USCC_ALPHABET[-total % 31]
