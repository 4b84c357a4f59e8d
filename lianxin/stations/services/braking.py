"""A brake on reports that close: one network cannot take a whole city off the list.

It lives in the memory of one web process and nowhere else; several processes each have their own,
so that as many times the measure may pass. Of an address a keyed digest is held, under a salt drawn
anew every hour and never written down; with the salt goes what was counted under it. Whoever is over
the measure is heard all the same: her word raises a doubt and calls the keeper, it closes nothing.
"""

from __future__ import annotations

import hashlib
import ipaddress
import secrets
import threading
import uuid
from collections.abc import Mapping

from lianxin.kit import clock

MOST_STATIONS = 8  # an hour: whoever walks past more locked doors than that is rare
MOST_ORIGINS = 50_000  # beyond it nobody new is believed alone: memory is finite
_HOUR = 3600


class Brake:
    """Counts of how many stations one network told in this hour that they are locked."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._hour = -1
        self._salt = b""
        self._told: dict[bytes, set[bytes]] = {}

    def holds(self, origin: str, station_id: uuid.UUID) -> bool:
        """Count a report, and say whether its network has told of too many other stations.

        An unknown origin (this machine itself) is never held.
        """
        network = network_of(origin)
        if not network:
            return False
        with self._lock:
            self._turn()
            mark = self._digest(network)
            told = self._told.get(mark)
            if told is None and len(self._told) >= MOST_ORIGINS:
                return True
            told = self._told.setdefault(mark, set())
            station = self._digest(f"{network} {station_id}")
            if station not in told and len(told) >= MOST_STATIONS:
                return True
            told.add(station)
            return False

    def _turn(self) -> None:
        hour = int(clock.now().timestamp() // _HOUR)
        if hour != self._hour:
            self._hour, self._salt, self._told = hour, secrets.token_bytes(32), {}

    def _digest(self, said: str) -> bytes:
        return hashlib.blake2b(said.encode(), key=self._salt, digest_size=8).digest()


def origin_of(meta: Mapping[str, object]) -> str:
    """Return the address a request came from; "" where it came from this machine itself.

    What the proxy in front set is believed, and only from a neighbour: who stands on the open
    network says nothing about herself.
    """
    peer = _address(str(meta.get("REMOTE_ADDR") or ""))
    if peer is not None and not peer.is_private:
        return str(peer)
    told = _address(str(meta.get("HTTP_X_FORWARDED_FOR") or "").rpartition(",")[2])
    found = told or peer
    return "" if found is None or found.is_loopback else str(found)


def network_of(origin: str) -> str:
    """Return what one subscriber has of the network: an address, or 64 bits of one of version six."""
    address = _address(origin)
    if isinstance(address, ipaddress.IPv6Address):
        if address.ipv4_mapped is not None:
            return str(address.ipv4_mapped)
        return str(ipaddress.ip_network((int(address) >> 64 << 64, 64)))
    return str(address) if address else ""


def _address(said: str) -> ipaddress.IPv4Address | ipaddress.IPv6Address | None:
    try:
        return ipaddress.ip_address(said.strip())
    except ValueError:
        return None
