"""The public beacon of the League of Entropy, read from its relays where a machine can reach them.

What is fetched is one of two readings; a person reads the other. A relay that lies is found by that,
and by whoever verifies the signature of the round with the beacon's own tools.
"""

from __future__ import annotations

import http.client
import json
import urllib.request
from typing import Protocol

from django.conf import settings

from lianxin.allocation.rules.draws_sources import DRAND_CHAIN

_PATIENCE = 8
_MOST_BYTES = 4096


class Beacon(Protocol):
    """Reads the signature of a round."""

    def read(self, number: int) -> tuple[str, str] | None:
        """Return the signature in hexadecimal digits and who told it; None if nobody did."""


class Relays:
    """Asks the relays of an operator's setting one after the other."""

    def __init__(self, urls: tuple[str, ...]) -> None:
        self.urls = urls

    def read(self, number: int) -> tuple[str, str] | None:
        for url in self.urls:
            if signature := _asked(f"{url.rstrip('/')}/{DRAND_CHAIN}/public/{number}", number):
                return signature, url
        return None


class Nobody:
    """Where no relay is set: people read the value at its source, both times."""

    def read(self, number: int) -> tuple[str, str] | None:  # noqa: ARG002  (a protocol)
        return None


def beacon() -> Beacon:
    """Return what this installation reads the beacon with."""
    urls = tuple(getattr(settings, "DRAND_RELAYS", ()))
    return Relays(urls) if urls else Nobody()


def _asked(url: str, number: int) -> str:
    try:
        with urllib.request.urlopen(url, timeout=_PATIENCE) as answer:  # noqa: S310  (the operator's own setting)
            told = json.loads(answer.read(_MOST_BYTES))
    except (OSError, http.client.HTTPException, ValueError):
        return ""
    if not isinstance(told, dict) or told.get("round") != number:
        return ""
    return str(told.get("signature", ""))
