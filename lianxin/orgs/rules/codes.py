"""Official codes of organisations: form and check characters. Pure."""

from __future__ import annotations

import re

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


# GB/T 2260 begins with the province: 11 北京 … 65 新疆, 71 台湾, 81 香港, 82 澳门.
_PROVINCES = frozenset(
    "11 12 13 14 15 21 22 23 31 32 33 34 35 36 37 41 42 43 44 45 46 50 51 52 53 54 61 62 63 64 65"
    " 71 81 82".split()
)
# Area 99 does not exist: invented places of tests and the demo stand there.
_INVENTED = "99"


def division_is_valid(code: str) -> bool:
    """Check the form of a division code (行政区划代码): 6 digits of GB/T 2260, 9 to the street, 12 to the village."""
    is_form = len(code) in {6, 9, 12} and code.isascii() and code.isdecimal()
    return is_form and (code[:2] in _PROVINCES or code[:2] == _INVENTED)


# GB/T 4754-2017: twenty sections A to T, each with its divisions of two digits.
_SECTIONS = {
    "A": (1, 5), "B": (6, 12), "C": (13, 43), "D": (44, 46), "E": (47, 50), "F": (51, 52),
    "G": (53, 60), "H": (61, 62), "I": (63, 65), "J": (66, 69), "K": (70, 70), "L": (71, 72),
    "M": (73, 75), "N": (76, 79), "O": (80, 82), "P": (83, 83), "Q": (84, 85), "R": (86, 90),
    "S": (91, 96), "T": (97, 97),
}  # fmt: skip
_INDUSTRY = re.compile(r"([A-T])([0-9]{2})[0-9]{0,2}")


def industry_is_valid(code: str) -> bool:
    """Check an industry code (国民经济行业分类, GB/T 4754): a section and 2 to 4 digits that lie in it."""
    found = _INDUSTRY.fullmatch(code)
    if found is None:
        return False
    first, last = _SECTIONS[found[1]]
    return first <= int(found[2]) <= last


def next_in_series(parent: str, number: int) -> str:
    """Return the code of the nth organisation in its parent's series: JZ-JL-BC-014."""
    return f"{parent}-{number:03d}"


def number_in_series(parent: str, code: str) -> int:
    """Return which number of its parent's series a code is, or 0 if it is none."""
    tail = code.removeprefix(f"{parent}-")
    return int(tail) if tail != code and tail.isascii() and tail.isdecimal() else 0
