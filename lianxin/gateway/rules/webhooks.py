"""Word of a change: what can be told, how it is signed, when it is sent again, and never where.

Signed as Standard Webhooks says: HMAC-SHA256 over `id.timestamp.body`, base64, behind `v1,`. The id
stays the same when a message is sent again, so a receiver knows a repeat.
"""

from __future__ import annotations

import base64
import datetime as dt
import hashlib
import hmac
import ipaddress
import secrets
from enum import StrEnum
from urllib.parse import urlsplit

SECRET_MARK = "whsec_"  # noqa: S105  (the beginning of every secret, not one)
_FIRST_PAUSE = 5.0
_LONGEST_PAUSE = 6 * 3600.0
_LONGEST_URL = 500
# All IPv6 that is given out to the open net; the rest is local, embedded or reserved.
_OPEN_V6 = ipaddress.ip_network("2000::/3")


class Topic(StrEnum):
    """What a subscription can be told of."""

    JOIN_UPDATED = "join-application.updated"
    ORGANISATION_FOUNDED = "organisation.founded"
    ORGANISATION_RENAMED = "organisation.renamed"
    ORGANISATION_MOVED = "organisation.moved"
    ORGANISATION_CLOSED = "organisation.closed"


class Crossing(StrEnum):
    """What a move did to a client's reach."""

    WITHIN = "within"
    ENTERED = "entered"
    LEFT = "left"


class DeliveryState(StrEnum):
    WAITING = "waiting"
    DONE = "done"
    DROPPED = "dropped"


class Verdict(StrEnum):
    """What an answer of a receiver means."""

    TAKEN = "taken"
    REFUSED = "refused"  # this message: the next may do
    AWAY = "away"  # the receiver: all wait
    GONE = "gone"  # for good


def new_secret() -> str:
    """Make a signing secret of 256 random bits."""
    return SECRET_MARK + base64.b64encode(secrets.token_bytes(32)).decode()


def signature(secret: str, *, message_id: str, timestamp: int, body: bytes) -> str:
    """Sign a message with one secret."""
    key = base64.b64decode(secret.removeprefix(SECRET_MARK))
    signed = f"{message_id}.{timestamp}.".encode() + body
    return "v1," + base64.b64encode(hmac.new(key, signed, hashlib.sha256).digest()).decode()


def headers(held: list[str], *, message_id: str, timestamp: int, body: bytes) -> dict[str, str]:
    """Return the headers of a message, signed with every secret that holds now."""
    return {
        "content-type": "application/json; charset=utf-8",
        "user-agent": "Lianxin-Webhooks/1",
        "webhook-id": message_id,
        "webhook-timestamp": str(timestamp),
        "webhook-signature": " ".join(
            signature(secret, message_id=message_id, timestamp=timestamp, body=body)
            for secret in held
        ),
    }


def verdict_of(status: int) -> Verdict:
    """Judge the status a receiver answered with; a redirect is not followed."""
    if 200 <= status < 300:
        return Verdict.TAKEN
    if status == 410:
        return Verdict.GONE
    if 400 <= status < 500 and status not in {401, 403, 404, 408, 425, 429}:
        return Verdict.REFUSED
    return Verdict.AWAY


def pause_after(tries: int, *, chance: float = 0.5) -> dt.timedelta:
    """Return how long to wait after the nth failure in a row: 5 s, 20 s, 80 s … 6 hours, ± 20 %."""
    whole = min(_FIRST_PAUSE * 4.0 ** min(max(tries, 1) - 1, 20), _LONGEST_PAUSE)
    return dt.timedelta(seconds=whole * (0.8 + 0.4 * chance))


def url_fault(url: str, *, plain_allowed: bool) -> str:
    """Return why an address cannot be a receiver, "" if it can: a code, not a sentence."""
    if len(url) > _LONGEST_URL or not url.isascii() or any(c.isspace() for c in url):
        return "form"
    try:
        parts = urlsplit(url)
        parts.port  # noqa: B018  (reading it is the check)
    except ValueError:
        return "form"
    if parts.scheme != "https" and not (plain_allowed and parts.scheme == "http"):
        return "https"
    if not parts.hostname or parts.username is not None or parts.fragment:
        return "form"
    return ""


def is_public(address: str) -> bool:
    """Say whether an IP address lies in the open net: not private, local, shared or embedded."""
    try:
        found = ipaddress.ip_address(address)
    except ValueError:
        return False
    if isinstance(found, ipaddress.IPv6Address):
        inner = found.ipv4_mapped or _nat64(found)
        if inner is not None:
            return is_public(str(inner))
        if found.sixtofour or found.teredo or found not in _OPEN_V6:
            return False
    return found.is_global and not found.is_multicast


def _nat64(found: ipaddress.IPv6Address) -> ipaddress.IPv4Address | None:
    if found in ipaddress.ip_network("64:ff9b::/96"):
        return ipaddress.IPv4Address(int(found) & 0xFFFFFFFF)
    return None
