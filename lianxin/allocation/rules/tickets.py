"""What a ticket says, and how a gate without a network judges it. Pure.

A token of `kit.tokens`, signed by Ed25519: which claim on which pool, for how many, the seats, and
the ends of a name, so that whoever looks at ticket and face can compare, and since when the places
are held, so that a gate knows whether its list can know of them. No number of a person. The same
token each time it is shown: a printed ticket is as good as one on a phone.
"""

from __future__ import annotations

import hashlib
import uuid
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum

from lianxin.kit.tokens import id_of, opened, payload_of, short_id

VERSION = 1
KIND = "ticket"
# Crockford's alphabet: what is read aloud at a door is not mistaken.
_LETTERS = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
_LOOKALIKES = str.maketrans("OILU", "011V")
CODE_LENGTH = 8


class Fault(StrEnum):
    """Why nobody is let in with this."""

    FORM = "form"
    KEY = "unknown_key"
    SIGNATURE = "forged"
    ELSEWHERE = "elsewhere"  # good, but for another door
    GONE = "gone"  # given back or called off
    EXPIRED = "expired"  # good until a day that is over
    LATE = "late"  # scanned when the gate was shut already
    DISOWNED = "disowned"  # its gate is believed no more, whenever it says it scanned


class TicketError(ValueError):
    """A ticket that does not hold; `fault` says why."""

    def __init__(self, fault: Fault) -> None:
        super().__init__(fault.value)
        self.fault = fault


@dataclass(frozen=True, slots=True)
class Ticket:
    """All that is written on a ticket."""

    key_id: str
    claim_id: uuid.UUID
    pool_id: uuid.UUID
    name: str
    size: int
    seats: tuple[str, ...] = ()
    since: int = 0  # seconds, UTC; 0 on tickets from before there was a date


def ticket_payload(ticket: Ticket) -> bytes:
    """Return the bytes that are signed."""
    return payload_of(
        {
            "v": VERSION, "t": KIND, "k": ticket.key_id, "c": short_id(ticket.claim_id),
            "p": short_id(ticket.pool_id), "n": ticket.name, "z": ticket.size, "s": list(ticket.seats),
            "d": ticket.since,
        }
    )  # fmt: skip


def ticket_read(
    token: str, keys: Mapping[str, Callable[[bytes, bytes], bool]], *, pool_id: uuid.UUID
) -> Ticket:
    """Check a ticket for a pool with the published keys.

    Raises:
        TicketError: its form, key or signature do not hold, or it is for something else.
    """
    try:
        said, payload, signature = opened(token)
    except ValueError:
        raise TicketError(Fault.FORM) from None
    ticket = _ticket(said)
    fits = keys.get(ticket.key_id)
    if fits is None:
        raise TicketError(Fault.KEY)
    if not fits(signature, payload):
        raise TicketError(Fault.SIGNATURE)
    if ticket.pool_id != pool_id:
        raise TicketError(Fault.ELSEWHERE)
    return ticket


def _ticket(said: Mapping[str, object]) -> Ticket:
    match said:
        case {"v": 1, "t": "ticket", "k": str() as key, "c": str() as claim, "p": str() as pool,
              "n": str() as name, "z": int() as size, "s": [*seats]}:  # fmt: skip
            pass
        case _:
            raise TicketError(Fault.FORM)
    since = said.get("d", 0)
    if isinstance(size, bool) or size < 1 or not all(isinstance(seat, str) for seat in seats):
        raise TicketError(Fault.FORM)
    if isinstance(since, bool) or not isinstance(since, int) or since < 0:
        raise TicketError(Fault.FORM)
    try:
        return Ticket(key, id_of(claim), id_of(pool), name, size, tuple(map(str, seats)), since)
    except ValueError:
        raise TicketError(Fault.FORM) from None


def code_of(claim_id: uuid.UUID) -> str:
    """Return what is read aloud when a code cannot be scanned: eight letters of the claim's digest."""
    number = int.from_bytes(hashlib.sha256(b"ticket:" + claim_id.bytes).digest()[:5])
    return "".join(_LETTERS[number >> shift & 31] for shift in range(35, -5, -5))


def plain_code(typed: str) -> str:
    """Fold what was typed to the letters of a code."""
    return "".join(c for c in typed.upper().translate(_LOOKALIKES) if c in _LETTERS)


@dataclass(frozen=True, slots=True)
class Seen:
    """One scan as it arrived: made by a gate at a moment of its clock, for so many people.

    `most`: for how many the ticket was that was shown; a group that grew since may have an older one.
    """

    scan_id: uuid.UUID
    at: float
    places: int
    most: int = 0


def entries_of(size: int, scans: Sequence[Seen]) -> dict[uuid.UUID, int]:
    """Say how many places each scan of one ticket lets in, whatever order they arrived in.

    The earliest by the gates' clocks come first; once all places are used, a scan is a duplicate
    and lets in nobody. The same scans always come to the same.
    """
    inside, told = 0, {}
    for scan in sorted(scans, key=lambda one: (one.at, one.scan_id)):
        left = min(size, scan.most or size) - inside
        told[scan.scan_id] = max(min(max(scan.places, 1), left), 0)
        inside += told[scan.scan_id]
    return told
