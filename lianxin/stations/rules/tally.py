"""How much one browser has told today, and the mark that tells it apart; both live in its own cookie. Pure."""

from __future__ import annotations

import datetime as dt
import re
from dataclasses import dataclass

DAILY_PER_DEVICE = 12
_COOKIE = re.compile(r"(\d{4}-\d{2}-\d{2}):(\d{1,3}):([0-9a-f]{32})")


@dataclass(frozen=True, slots=True)
class Tally:
    """Kept as `2026-11-22:3:<mark>`: the mark is thrown away at midnight, so no two days are joined."""

    day: dt.date
    told: int
    teller: str

    @classmethod
    def read(cls, cookie: str, *, today: dt.date, fresh: str) -> Tally:
        """Read a cookie; anything else than today's own count starts at none, with a fresh mark."""
        found = _COOKIE.fullmatch(cookie)
        if found is None or found[1] != today.isoformat():
            return cls(today, 0, fresh)
        return cls(today, int(found[2]), found[3])

    def is_spent(self) -> bool:
        return self.told >= DAILY_PER_DEVICE

    def written(self, *, one_more: bool = False) -> str:
        return f"{self.day.isoformat()}:{self.told + one_more}:{self.teller}"
