"""The settings of members, with their defaults."""

from __future__ import annotations

from django.conf import settings

CARD_REFRESH_HOURS = 4
CARD_LIFE_HOURS = 24


def card_refresh_seconds() -> int:
    """Return how often a card is signed anew."""
    return 3600 * int(getattr(settings, "MEMBERS_CARD_REFRESH_HOURS", CARD_REFRESH_HOURS))


def card_life_seconds() -> int:
    """Return how long a card holds once it is shown; never shorter than the time to the next."""
    life = 3600 * int(getattr(settings, "MEMBERS_CARD_LIFE_HOURS", CARD_LIFE_HOURS))
    return max(life, 2 * card_refresh_seconds())


def largest() -> int:
    """Return how many bytes a roll may have that is sent to be read."""
    return 2**20 * int(getattr(settings, "MEMBERS_IMPORT_LARGEST_MB", 120))


def reader_memory() -> int:
    """Return how many bytes the reader of foreign files may take; beyond that it is ended."""
    return 2**20 * int(getattr(settings, "MEMBERS_IMPORT_MEMORY_MB", 3072))
