"""How long an answer may take, and how a follow-up code looks. Pure."""

from __future__ import annotations

import datetime as dt
import re
from dataclasses import dataclass

ANSWER_DAYS = 5  # working days
LONGEST = 3000
DAILY_PER_DEVICE = 5
# No letters that look like digits: the code is read from paper and typed on a kiosk.
_IDS = re.compile(r"(?<=/)(?=[^/]*[0-9])[^/]{8,}")
_LETTERS = "23456789ABCDEFGHJKMNPQRSTUVWXYZ"


def code_from(digest: str) -> str:
    """Derive a follow-up code of 12 characters (59 bits) from a secret digest in hex."""
    number = int(digest.rpartition(":")[2], 16)
    letters = ""
    for _ in range(12):
        number, at = divmod(number, len(_LETTERS))
        letters += _LETTERS[at]
    return f"{letters[:4]}-{letters[4:8]}-{letters[8:]}"


def page_of_anybody(address: str) -> str:
    """Say which kind of page a suggestion is about: the id of one's own case would name the writer."""
    return _IDS.sub("…", address.partition("?")[0].partition("#")[0])[:200]


def plain_code(typed: str) -> str:
    """Fold what was typed to the letters and digits of a code."""
    return "".join(c for c in typed.upper() if c.isalnum())


@dataclass(frozen=True, slots=True)
class Tally:
    """How many suggestions one browser sent on a day; kept in its own cookie as `2026-11-22:3`."""

    day: dt.date
    sent: int

    @classmethod
    def read(cls, cookie: str, *, today: dt.date) -> Tally:
        """Read a cookie; anything else than today's own count starts at none."""
        day, _, sent = cookie.partition(":")
        return cls(today, int(sent) if day == today.isoformat() and sent.isdigit() else 0)

    def is_spent(self) -> bool:
        return self.sent >= DAILY_PER_DEVICE

    def plus_one(self) -> str:
        return f"{self.day.isoformat()}:{self.sent + 1}"
